"""What the closed path or an erasure shuts out is withheld at once, and nothing of it stays here."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from extension_only import Browser, capture, saving
from running import Running

WORD = "Planterad7f3a91"
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


def closed(captures: list[str], comment_id: str | None = "7001") -> dict[str, Any]:
    """The message of the closed path."""
    return {"type": "incident.put", "practice": False, "incident": {
        "schema": "incident/1", "id": str(uuid.uuid4()), "kind": "closed_path",
        "at": "2026-11-24T10:00:00Z", "platform": "facebook", "account_id": None,
        "moderator": "Moa", "permalink": None, "comment_id": comment_id, "author_url": None,
        "reason": None, "note": None, "counters": {}, "captures": captures}}


def about(comment_id: str | None = "7001") -> dict[str, Any]:
    document = capture(WORD)
    return document | {"comment": document["comment"] | {"id": comment_id}}


def readable(bevara: Running) -> list[str]:
    """What the list says of every comment."""
    import sqlite3
    from contextlib import closing

    path = bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [str(row) for row in database.execute("select * from records")]


def test_what_is_saved_is_withheld_at_once(bevara: Running, browser: Browser) -> None:
    document = about()
    assert browser.ask(saving(document))["ok"]
    assert WORD in readable(bevara)[0]
    message = closed([document["capture_id"]])
    assert browser.ask(message) == {"ok": True, "spooled": True}
    assert browser.ask({"type": "incident.state", "id": message["incident"]["id"]}) == {"spooled": False}
    assert WORD not in readable(bevara)[0]


@pytest.mark.parametrize("comment_id", ["7001", None])
def test_what_waits_in_the_browser_goes_at_once_and_is_never_sent(
    bevara: Running, browser: Browser, comment_id: str | None
) -> None:
    bevara.stop()
    first, second, other = about(comment_id), about(comment_id), about("8000")
    for one in (first, second, other):
        assert browser.ask(saving(one))["spooled"]
    browser.ask({"type": "capture.reason", "capture_id": first["capture_id"],
                 "category": "profanity", "possible_secrecy": False,
                 "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:00Z"})
    named = [first["capture_id"]] if comment_id else [first["capture_id"], second["capture_id"]]
    assert browser.ask(closed(named, comment_id)) == {"ok": True, "spooled": True}
    assert [(one["type"], one["id"] == other["capture_id"]) for one in browser.spool()] == [
        ("capture", True), ("note", False)]
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    assert bevara.documents("capture") == [other]
    incident = bevara.documents("incident")[0]
    assert set(incident["captures"]) == {first["capture_id"], second["capture_id"]}


def test_what_is_on_its_way_is_refused_and_thrown_away(bevara: Running, browser: Browser) -> None:
    from_elsewhere(bevara, browser)
    answer = browser.ask(saving(about()))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "erased", False)
    assert browser.spool() == [] and readable(bevara) == []


def test_this_browser_never_takes_it_up_again_also_when_bevara_is_off(bevara: Running, browser: Browser) -> None:
    assert browser.ask(closed([]))["ok"] and browser.wait_spool(0) == []
    bevara.stop()
    browser.stop()
    browser.start()
    answer = browser.ask(saving(about()))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "shut", False)
    assert browser.spool() == []
    assert browser.ask({"type": "page.hello"})["shut"] == [{"platform": "facebook", "comment_id": "7001"}]


def answering(comment_id: str = "7001") -> dict[str, Any]:
    """A capture of a reply, which quotes the comment that it answers."""
    document = about("9000")
    quoted = {"id": comment_id, "author": {"name": "Tobias Rehn", "url": None, "id": None}, "text": f"Citat {WORD}", "time_shown": None}
    comment = document["comment"] | {"parent_id": comment_id, "text": "Svaret"}
    return document | {"comment": comment, "context": {"post": None, "answers": [quoted]}}


def test_a_waiting_reply_is_sent_without_what_it_answers(bevara: Running, browser: Browser) -> None:
    bevara.stop()
    before, other = answering(), answering("8000")
    for one in (before, other):
        assert browser.ask(saving(one))["spooled"]
    assert browser.ask(closed([]))["ok"]
    after = answering()
    assert browser.ask(saving(after))["spooled"]
    assert browser.ask(saving(before))["spooled"], "tried again with what the page still has"
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    kept = {one["capture_id"]: one for one in bevara.documents("capture")}
    assert kept.pop(other["capture_id"]) == other
    assert set(kept) == {before["capture_id"], after["capture_id"]}
    for one in kept.values():
        assert one["comment"]["text"] == "Svaret" and one["context"]["answers"] == []
        assert one["completeness"] == {"state": "partial", "missing": ["context.answers"]}


def test_what_another_browser_shut_is_quoted_no_more(bevara: Running, browser: Browser) -> None:
    from_elsewhere(bevara, browser)
    document = answering()
    assert browser.ask(saving(document))["ok"]
    assert WORD not in str(bevara.documents("capture"))


def test_another_browser_throws_away_what_it_has(bevara: Running, browser: Browser) -> None:
    document = about()
    bevara.stop()
    assert browser.ask(saving(document))["spooled"]
    browser.page.evaluate("""async (id) => {
      const spool = await import("/background/spool.js");
      await spool.keep({ ...(await spool.find(id)), refused: "invalid" });
    }""", document["capture_id"])
    bevara.__enter__()
    from_elsewhere(bevara, browser)
    assert browser.wait_spool(0) == [], "a parcel that the helper refused, and never sends again"


def from_elsewhere(bevara: Running, browser: Browser) -> None:
    """Note the closed path without this browser's own purging, then let it read the setup."""
    browser.page.evaluate("""async (incident) => {
      const captures = await import("/background/captures.js");
      await captures.note(`incidents/${incident.id}`, incident, false);
      await captures.noteState(`incidents/${incident.id}`);
    }""", closed([])["incident"])
    browser.page.evaluate("""async () => {
      const setup = await import("/background/setup.js");
      const shut = await import("/background/shut_out.js");
      await setup.refresh();
      await shut.byRecords((await setup.known()).erased);
    }""")


def test_record_ids_are_the_helpers(browser: Browser) -> None:
    from bevara.capture.save_capture import record_id

    for comment, account in (("7001", None), (None, None), ("å\u0000ä", "konto"), ("", "x")):
        document = capture() | {"account_id": account}
        document["comment"]["id"] = comment
        made = browser.page.evaluate(
            "async (one) => (await import('/background/shut_out.js')).recordId(one)", document)
        assert made == record_id(document) and re.fullmatch(r"[0-9a-f-]{36}", made)
