"""What the moderator saved stays in the browser until Bevara has signed for it, and no longer."""

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from extension_only import Browser, capture, saving
from running import Running
from tests.factories import PNG

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def emptied(browser: Browser) -> Iterator[None]:
    """One browser for all, with nothing left in it from the test before."""
    yield
    for _ in range(20):
        # What is on its way just now cannot be taken back, and is refused again.
        for one in browser.spool():
            browser.ask({"type": "capture.cancel", "capture_id": one["id"]})
        if not browser.spool():
            return
        time.sleep(0.1)
    raise AssertionError(browser.spool())


def stored(bevara: Running, document: dict[str, Any]) -> list[dict[str, Any]]:
    """What Bevara keeps under the document's number."""
    return [one for one in bevara.documents("capture") if one["capture_id"] == document["capture_id"]]


def test_a_saved_capture_gets_a_receipt_and_leaves_the_spool(
    bevara: Running, browser: Browser
) -> None:
    document = capture("Ärtsoppa 🍲 \u202e bakvänt")
    answer = browser.ask(saving(document))
    assert answer["ok"], answer
    receipt = answer["receipt"]
    assert receipt["capture_id"] == document["capture_id"] and receipt["durable"] is True
    assert stored(bevara, document) == [document]
    assert browser.spool() == []


def test_a_picture_travels_with_its_capture(bevara: Running, browser: Browser) -> None:
    picture = PNG
    name = "sha256:" + hashlib.sha256(picture).hexdigest()
    shown = {"blob": name, "media_type": "image/png", "width": 1, "height": 1, "scale": 1,
             "covered": 0, "taken_at": "2026-11-24T10:00:00Z", "marks": []}
    text = base64.b64encode(picture).decode()
    answer = browser.ask(saving(capture(picture=shown, no_picture_reason=None),
                                {"sha256": name, "media_type": "image/png", "base64": text}))
    assert answer["ok"], answer


def test_a_missing_picture_is_said_and_what_came_is_kept(browser: Browser) -> None:
    shown = {"blob": "sha256:" + "0" * 64, "media_type": "image/png", "width": 1, "height": 1,
             "scale": 1, "covered": 0, "taken_at": "2026-11-24T10:00:00Z", "marks": []}
    answer = browser.ask(saving(capture(picture=shown, no_picture_reason=None)))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "missing_blobs", True)
    assert len(browser.spool()) == 1
    assert browser.ask(saving(capture("Nästa")))["ok"]


def test_a_stopped_bevara_gets_everything_when_it_comes_back(
    bevara: Running, browser: Browser
) -> None:
    bevara.stop()
    document = capture("Medan Bevara var av")
    answer = browser.ask(saving(document))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "helper_down", True)
    reason = {"type": "capture.reason", "capture_id": document["capture_id"],
              "category": "profanity", "possible_secrecy": False, "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:00Z"}
    assert browser.ask(reason) == {"ok": True, "spooled": True}
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    assert stored(bevara, document) == [document]
    assert [one["category"] for one in bevara.documents("reason")] == ["profanity"]


def test_a_killed_browser_delivers_when_it_starts_again(bevara: Running, browser: Browser) -> None:
    bevara.stop()
    document = capture("Strax före kraschen")
    assert browser.ask(saving(document))["spooled"]
    browser.kill()
    bevara.__enter__()
    browser.start()
    assert browser.wait_spool(0) == []
    assert stored(bevara, document) == [document]


def test_the_same_capture_twice_is_stored_once(bevara: Running, browser: Browser) -> None:
    document = capture()
    first, second = browser.ask(saving(document)), browser.ask(saving(document))
    assert first["receipt"] == second["receipt"]
    assert len(stored(bevara, document)) == 1


def test_other_words_under_the_same_number_are_refused(bevara: Running, browser: Browser) -> None:
    document = capture("Ett")
    assert browser.ask(saving(document))["ok"]
    answer = browser.ask(saving({**document, "possible_secrecy": True}))
    assert (answer["ok"], answer["code"]) == (False, "conflict")
    assert stored(bevara, document) == [document]


def test_cancelled_before_it_leaves_there_is_no_trace(bevara: Running, browser: Browser) -> None:
    document = capture("Ångrad")
    bevara.pause()
    browser.send(saving(document))
    browser.wait_spool(1)
    cancelled = browser.ask({"type": "capture.cancel", "capture_id": document["capture_id"]})
    assert cancelled == {"cancelled": True}
    assert browser.spool() == []
    bevara.go_on()
    assert browser.answer()["code"] in ("cancelled", "helper_down")
    browser.page.wait_for_timeout(1500)
    assert stored(bevara, document) == [] and browser.spool() == []


def test_after_the_receipt_nothing_is_taken_back(bevara: Running, browser: Browser) -> None:
    document = capture()
    assert browser.ask(saving(document))["ok"]
    browser.ask({"type": "capture.cancel", "capture_id": document["capture_id"]})
    assert len(stored(bevara, document)) == 1


def test_one_refused_capture_does_not_hold_the_others(bevara: Running, browser: Browser) -> None:
    broken = capture(mode="nonsense")
    answer = browser.ask(saving(broken))
    assert (answer["code"], answer["spooled"]) == ("invalid", True)
    assert browser.ask(saving(capture("Frisk")))["ok"]
    browser.page.wait_for_timeout(1500)
    assert [(one["id"], one["refused"]) for one in browser.spool()] == [
        (broken["capture_id"], "invalid")
    ]
    assert browser.ask({"type": "status.get"})["refused"] == 1


def test_what_is_observed_and_reported_waits_too(bevara: Running, browser: Browser) -> None:
    document = capture()
    assert browser.ask(saving(document))["ok"]
    bevara.stop()
    outcome = {"type": "capture.outcome", "capture_id": document["capture_id"], "observed": "removed",
               "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:00Z"}
    assert browser.ask(outcome) == {"ok": True, "spooled": True}
    incident = {
        "schema": "incident/1", "id": str(uuid.uuid4()), "kind": "override",
        "at": "2026-11-24T10:00:00Z", "platform": "facebook", "account_id": None, "moderator": None,
        "permalink": None, "comment_id": None, "author_url": None, "reason": "danger", "note": None,
        "counters": {},
    }
    assert browser.ask({"type": "incident.put", "incident": incident})["ok"]
    assert [one["type"] for one in browser.spool()] == ["note", "note"]
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    assert [one["observed"] for one in bevara.documents("outcome")] == ["removed"]
    assert [one["kind"] for one in bevara.documents("incident")] == ["override"]


def test_a_parcel_on_its_way_twice_is_taken_back_by_neither(browser: Browser) -> None:
    """The one that ends first says nothing of the other."""
    answers = browser.page.evaluate("""async () => {
      const { deliver, stop } = await import("/background/deliver.js");
      const fetched = window.fetch, ends = [];
      window.fetch = () => new Promise((_, fail) => ends.push(fail));
      const parcel = { id: "a", path: "captures/a", type: "capture", practice: false, body: new Uint8Array(), blobs: [], at: 0 };
      const begun = [1, 2].map(() => deliver(parcel, Promise.resolve()).catch(() => undefined));
      while (ends.length < 2) await new Promise((done) => setTimeout(done, 20));
      const answers = [stop("a")];
      ends[0](new Error("planned"));
      await begun[0];
      answers.push(stop("a"));
      ends[1](new Error("planned"));
      await begun[1];
      window.fetch = fetched;
      return [...answers, stop("a")];
    }""")
    assert answers == [False, False, True]


def test_a_message_that_the_browser_repeats_is_said_once(bevara: Running, browser: Browser) -> None:
    document = capture()
    assert browser.ask(saving(document))["ok"]
    told = {"type": "capture.outcome", "capture_id": document["capture_id"], "observed": "removed", "id": str(uuid.uuid4()),
            "at": "2026-11-24T10:00:01Z"}
    reason = {"type": "capture.reason", "capture_id": document["capture_id"], "category": "profanity", "possible_secrecy": False,
              "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:02Z"}
    before = len(bevara.documents("outcome")), len(bevara.documents("reason"))
    for message in (told, told, reason, reason):
        assert browser.ask(message)["ok"]
    assert browser.wait_spool(0) == []
    assert (len(bevara.documents("outcome")), len(bevara.documents("reason"))) == (before[0] + 1, before[1] + 1)
