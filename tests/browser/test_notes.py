"""What is said beside a capture is kept before it is answered for, wherever this browser can still write."""

import time
import uuid
from typing import Any

import pytest
from extension_only import Browser, capture, saving
from running import Running

pytestmark = pytest.mark.browser
BREAK = """() => { self.whole ??= IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = () => { throw new Error("planned"); }; }"""
MEND = "() => { IDBDatabase.prototype.transaction = self.whole; }"
SPARE = "async () => Object.keys(await chrome.storage.local.get(null)).filter((key) => key.startsWith('note:'))"


def overriding() -> dict[str, Any]:
    """The message that notes an override."""
    return {"type": "incident.put", "incident": {
        "schema": "incident/1", "id": str(uuid.uuid4()), "kind": "override", "at": "2026-11-24T10:00:00Z", "platform": "facebook",
        "account_id": None, "moderator": "Moa", "permalink": None, "comment_id": None, "author_url": None, "reason": "danger",
        "note": None, "counters": {}}}


def kept(bevara: Running, message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in bevara.documents("incident") if one["id"] == message["incident"]["id"]]


def test_it_is_answered_for_without_waiting_for_bevara(bevara: Running, browser: Browser) -> None:
    bevara.pause()
    message = overriding()
    begun = time.monotonic()
    assert browser.ask(message) == {"ok": True, "spooled": True}
    assert time.monotonic() - begun < 2 and len(browser.spool()) == 1
    assert browser.ask(message)["ok"] and len(browser.spool()) == 1, "said again it is said once"
    bevara.go_on()
    assert browser.wait_spool(0) == [] and len(kept(bevara, message)) == 1
    assert browser.ask(message)["ok"] and browser.wait_spool(0) == [] and len(kept(bevara, message)) == 1


def test_without_the_database_it_lies_beside_it_and_is_sent_later(bevara: Running, browser: Browser) -> None:
    message = overriding()
    browser.worker.evaluate(BREAK)
    try:
        assert browser.ask(message)["ok"]
        assert browser.worker.evaluate(SPARE) == [f"note:incidents/{message['incident']['id']}"]
        assert kept(bevara, message) == []
    finally:
        browser.worker.evaluate(MEND)
    browser.ask({"type": "incident.state", "id": message["incident"]["id"]})
    assert len(kept(bevara, message)) == 1 and browser.worker.evaluate(SPARE) == [] and browser.spool() == []


def test_when_nothing_can_be_written_it_says_so(bevara: Running, browser: Browser) -> None:
    message = overriding()
    browser.worker.evaluate(BREAK)
    browser.worker.evaluate("() => { self.set = chrome.storage.local.set; chrome.storage.local.set = async () => { throw new Error('planned'); }; }")
    try:
        assert browser.ask(message)["ok"] is False
    finally:
        browser.worker.evaluate(MEND)
        browser.worker.evaluate("() => { chrome.storage.local.set = self.set; }")
    assert browser.ask(message)["ok"] and browser.wait_spool(0) == []
    assert len(kept(bevara, message)) == 1


def test_an_override_is_on_the_record_of_what_arrives_later(bevara: Running, browser: Browser) -> None:
    import sqlite3
    from contextlib import closing

    bevara.stop()
    document = capture("Togs bort först")
    assert browser.ask(saving(document))["spooled"]
    told = {"type": "capture.outcome", "capture_id": document["capture_id"], "observed": "overridden",
            "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:01Z"}
    assert browser.ask(told) == {"ok": True, "spooled": True}
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    path = bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute("select r.outcome from records r join captures c on c.record_id = r.id where c.id = ?",
                                (document["capture_id"],)).fetchall()
    assert rows == [("overridden",)]
