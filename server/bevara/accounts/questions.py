"""What moderators answered to *Är detta ett av kommunens konton?*, until someone decides."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bevara.accounts import address, register
from bevara.errors import Invalid, NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, identifiers

QUESTION, DECISION, DESK = "account_question", "account_decision", "desk"
ADDED, NOT_OURS = "added", "not_ours"


@dataclass(frozen=True)
class Question:
    """A page that someone says is the body's own; `id` is the latest answer's, `at` its time.

    `address` is what the page is found under, empty when nobody saw it.
    """

    id: str
    platform: str
    name: str
    address: str
    at: str


def waiting(store: Store) -> list[Question]:
    """Return the pages that someone says are ours, not registered and not decided on; oldest first.

    Several answers about one page are one question.
    """
    with store.read() as connection:
        pages = _pages(connection)
        registered = {(row.kind, row.value) for row in connection.execute(select(identifiers))}
    found = [_question(*answers[-1]) for answers in pages.values()]
    return [one for one in found if not _names(one) & registered]


def decide(store: Store, question_id: str, decision: str) -> None:
    """Keep what was decided of the page, for every answer about it. Raises `NotFound`."""

    def job(tx: Connection) -> None:
        answers = next((found for found in _pages(tx).values()
                        if question_id in (id_ for id_, _ in found)), None)
        if answers is None:
            raise NotFound("Frågan finns inte, eller så är den redan besvarad.")
        now = store.clock.now()
        for id_, _ in answers:
            body = json.dumps({"question_id": id_, "decision": decision, "at": now})
            kept.put(tx, DECISION, id_, body.encode(), DESK, now)

    store.write(job)


def add(store: Store, question_id: str, text: str, name: str) -> str:
    """Register the page that a question is about; return its id. Raises as `register.add`."""
    account_id = register.add(store, text, name)
    decide(store, question_id, ADDED)
    return account_id


Answers = list[tuple[str, dict[str, Any]]]


def _pages(connection: Connection) -> dict[tuple[str, str], Answers]:
    """Return the answers *ours* that nothing is decided on, by page, in the order they came."""
    decided = select(documents.c.id).where(documents.c.kind == DECISION)
    rows = connection.execute(
        select(documents.c.id, documents.c.body).order_by(documents.c.ledger_index)
        .where(documents.c.kind == QUESTION, documents.c.id.not_in(decided)))
    pages: dict[tuple[str, str], Answers] = {}
    for id_, body in rows:
        said = json.loads(body)
        owner = said["owner"]
        page = owner.get("id") or owner.get("url") or owner.get("name")
        if said["answer"] == "ours" and page:
            pages.setdefault((said["platform"], page), []).append((id_, said))
    return pages


def _question(id_: str, said: dict[str, Any]) -> Question:
    owner = said["owner"]
    number = owner.get("id") or ""
    by_number = f"https://www.facebook.com/{number}" if number.isdecimal() else ""
    where = owner.get("url") or (by_number if said["platform"] == "facebook" else "")
    return Question(id_, said["platform"], owner.get("name") or where or number, where, said["at"])


def _names(question: Question) -> set[tuple[str, str]]:
    try:
        found = address.describe(question.address)
    except Invalid:
        return set()
    return {(found.kind, found.value)}
