"""What the moderator saved stays in the browser until Bevara has signed for it, and no longer."""

import base64
import hashlib
import uuid
from collections.abc import Iterator

import pytest
from extension_only import Browser, capture, saving
from running import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def bevara() -> Iterator[Running]:
    with Running() as running:
        yield running


@pytest.fixture
def browser(bevara: Running) -> Iterator[Browser]:
    with Browser(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        yield browser


def test_a_saved_capture_gets_a_receipt_and_leaves_the_spool(
    bevara: Running, browser: Browser
) -> None:
    document = capture("Ärtsoppa 🍲 \u202e bakvänt")
    answer = browser.ask(saving(document))
    assert answer["ok"], answer
    receipt = answer["receipt"]
    assert receipt["capture_id"] == document["capture_id"] and receipt["durable"] is True
    assert bevara.documents("capture") == [document]
    assert browser.spool() == []


def test_a_picture_travels_with_its_capture(bevara: Running, browser: Browser) -> None:
    picture = b"\x89PNG not really"
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
              "category": "profanity", "possible_secrecy": False}
    assert browser.ask(reason) == {"ok": True, "spooled": True}
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    assert bevara.documents("capture") == [document]
    assert [one["category"] for one in bevara.documents("reason")] == ["profanity"]


def test_a_killed_browser_delivers_when_it_starts_again(bevara: Running, browser: Browser) -> None:
    bevara.stop()
    document = capture("Strax före kraschen")
    assert browser.ask(saving(document))["spooled"]
    browser.kill()
    bevara.__enter__()
    browser.start()
    assert browser.wait_spool(0) == []
    assert bevara.documents("capture") == [document]


def test_the_same_capture_twice_is_stored_once(bevara: Running, browser: Browser) -> None:
    document = capture()
    first, second = browser.ask(saving(document)), browser.ask(saving(document))
    assert first["receipt"] == second["receipt"]
    assert len(bevara.documents("capture")) == 1


def test_other_words_under_the_same_number_are_refused(bevara: Running, browser: Browser) -> None:
    document = capture("Ett")
    assert browser.ask(saving(document))["ok"]
    answer = browser.ask(saving({**document, "possible_secrecy": True}))
    assert (answer["ok"], answer["code"]) == (False, "conflict")
    assert bevara.documents("capture") == [document]


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
    assert bevara.documents("capture") == [] and browser.spool() == []


def test_after_the_receipt_nothing_is_taken_back(bevara: Running, browser: Browser) -> None:
    document = capture()
    assert browser.ask(saving(document))["ok"]
    browser.ask({"type": "capture.cancel", "capture_id": document["capture_id"]})
    assert len(bevara.documents("capture")) == 1


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
    outcome = {"type": "capture.outcome", "capture_id": document["capture_id"], "observed": "removed"}
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


def test_nothing_is_saved_by_a_browser_that_is_not_paired(bevara: Running) -> None:
    with Browser(bevara.port) as browser:
        answer = browser.ask(saving(capture()))
        assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "not_paired", False)
        assert browser.spool() == []
