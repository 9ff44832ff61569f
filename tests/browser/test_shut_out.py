"""What the closed path or an erasure shuts out is withheld at once, and nothing of it stays here."""

import re
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest
from extension_only import Browser, capture, saving
from running import Running

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Comment:
    """A comment that no other test has: the ids of it and of another, and the word in its text."""

    id: str
    other: str
    word: str

    def saved(self, comment_id: str | None = "") -> dict[str, Any]:
        """A capture of it, or of a comment with another id."""
        document = capture(self.word)
        return document | {"comment": document["comment"] | {"id": self.id if comment_id == "" else comment_id}}

    def closed(self, captures: list[str] | None = None, comment_id: str | None = "") -> dict[str, Any]:
        """The message of the closed path."""
        return {"type": "incident.put", "practice": False, "incident": {
            "schema": "incident/1", "id": str(uuid.uuid4()), "kind": "closed_path",
            "at": "2026-11-24T10:00:00Z", "platform": "facebook", "account_id": None,
            "moderator": "Moa", "permalink": None, "comment_id": self.id if comment_id == "" else comment_id,
            "author_url": None, "reason": None, "note": None, "counters": {}, "captures": captures or []}}

    def answered(self, comment_id: str = "") -> dict[str, Any]:
        """A capture of a reply, which quotes the comment that it answers."""
        answers = comment_id or self.id
        document = self.saved(str(uuid.uuid4()))
        quoted = {"id": answers, "author": {"name": "Tobias Rehn", "url": None, "id": None},
                  "text": f"Citat {self.word}", "time_shown": None}
        comment = document["comment"] | {"parent_id": answers, "text": "Svaret"}
        return document | {"comment": comment, "context": {"post": None, "answers": [quoted]}}

    def stored(self, bevara: Running, *documents: dict[str, Any]) -> list[dict[str, Any]]:
        """Which of these captures the helper has, as it has them."""
        mine = {one["capture_id"] for one in documents}
        return [one for one in bevara.documents("capture") if one["capture_id"] in mine]


@pytest.fixture
def comment() -> Comment:
    return Comment(*(str(uuid.uuid4().int)[:16] for _ in range(2)), word=f"Planterad{uuid.uuid4().hex}")


def readable(bevara: Running) -> str:
    """What the list says of every comment."""
    path = bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return str(database.execute("select * from records").fetchall())


def test_what_is_saved_is_withheld_at_once(bevara: Running, browser: Browser, comment: Comment) -> None:
    document = comment.saved()
    assert browser.ask(saving(document))["ok"]
    assert comment.word in readable(bevara)
    message = comment.closed([document["capture_id"]])
    assert browser.ask(message) == {"ok": True, "spooled": True}
    assert browser.ask({"type": "incident.state", "id": message["incident"]["id"]}) == {"spooled": False}
    assert comment.word not in readable(bevara)


@pytest.mark.parametrize("known", [True, False])
def test_what_waits_in_the_browser_goes_at_once_and_is_never_sent(
    bevara: Running, browser: Browser, comment: Comment, known: bool
) -> None:
    comment_id = comment.id if known else None
    bevara.stop()
    first, second, other = comment.saved(comment_id), comment.saved(comment_id), comment.saved(comment.other)
    for one in (first, second, other):
        assert browser.ask(saving(one))["spooled"]
    browser.ask({"type": "capture.reason", "capture_id": first["capture_id"],
                 "category": "profanity", "possible_secrecy": False,
                 "id": str(uuid.uuid4()), "at": "2026-11-24T10:00:00Z"})
    named = [first["capture_id"]] if known else [first["capture_id"], second["capture_id"]]
    message = comment.closed(named, comment_id)
    assert browser.ask(message) == {"ok": True, "spooled": True}
    assert [(one["type"], one["id"] == other["capture_id"]) for one in browser.spool()] == [
        ("capture", True), ("note", False)]
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    assert comment.stored(bevara, first, second, other) == [other]
    [incident] = [one for one in bevara.documents("incident") if one["id"] == message["incident"]["id"]]
    assert set(incident["captures"]) == {first["capture_id"], second["capture_id"]}


def test_what_is_on_its_way_is_refused_and_thrown_away(bevara: Running, browser: Browser, comment: Comment) -> None:
    from_elsewhere(browser, comment)
    answer = browser.ask(saving(comment.saved()))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "erased", False)
    assert browser.spool() == [] and comment.word not in readable(bevara)


def test_this_browser_never_takes_it_up_again_also_when_bevara_is_off(
    bevara: Running, browser: Browser, comment: Comment
) -> None:
    assert browser.ask(comment.closed())["ok"] and browser.wait_spool(0) == []
    bevara.stop()
    browser.stop()
    browser.start()
    answer = browser.ask(saving(comment.saved()))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "shut", False)
    assert browser.spool() == []
    assert {"platform": "facebook", "comment_id": comment.id} in browser.ask({"type": "page.hello"})["shut"]
    bevara.__enter__()


def test_a_waiting_reply_is_sent_without_what_it_answers(
    bevara: Running, browser: Browser, comment: Comment
) -> None:
    bevara.stop()
    before, other = comment.answered(), comment.answered(comment.other)
    for one in (before, other):
        assert browser.ask(saving(one))["spooled"]
    assert browser.ask(comment.closed())["ok"]
    after = comment.answered()
    assert browser.ask(saving(after))["spooled"]
    assert browser.ask(saving(before))["spooled"], "tried again with what the page still has"
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    kept = {one["capture_id"]: one for one in comment.stored(bevara, before, other, after)}
    assert kept.pop(other["capture_id"]) == other
    assert set(kept) == {before["capture_id"], after["capture_id"]}
    for one in kept.values():
        assert one["comment"]["text"] == "Svaret" and one["context"]["answers"] == []
        assert one["completeness"] == {"state": "partial", "missing": ["context.answers"]}


def test_what_another_browser_shut_is_quoted_no_more(bevara: Running, browser: Browser, comment: Comment) -> None:
    from_elsewhere(browser, comment)
    document = comment.answered()
    assert browser.ask(saving(document))["ok"]
    [kept] = comment.stored(bevara, document)
    assert kept["comment"]["text"] == "Svaret" and comment.word not in str(kept)


def test_another_browser_throws_away_what_it_has(bevara: Running, browser: Browser, comment: Comment) -> None:
    document = comment.saved()
    bevara.stop()
    assert browser.ask(saving(document))["spooled"]
    browser.page.evaluate("""async (id) => {
      const spool = await import("/background/spool.js");
      await spool.keep({ ...(await spool.find(id)), refused: "invalid" });
    }""", document["capture_id"])
    bevara.__enter__()
    from_elsewhere(browser, comment)
    assert browser.wait_spool(0) == [], "a parcel that the helper refused, and never sends again"


def from_elsewhere(browser: Browser, comment: Comment) -> None:
    """Note the closed path without this browser's own purging, then let it read the setup."""
    browser.page.evaluate("""async (incident) => {
      const captures = await import("/background/captures.js");
      await captures.note(`incidents/${incident.id}`, incident, false);
      await captures.noteState(`incidents/${incident.id}`);
    }""", comment.closed()["incident"])
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
