"""Applications for a new account: the plan, and what the manager and the information officer said.

The municipality's guideline asks for an activity plan, handed to the nearest manager and to the
information officer; the account may be made when both have approved it. The plan and each answer
are documents of their own; an application is refused when one of them says no.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara.accounts import people
from bevara.errors import Conflict, Invalid, NotAllowed, NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.kernel.text import storable
from bevara.web.translations import N_

PLAN, ANSWER = "account_application", "account_application_answer"
PARTS = ("activity", "purpose", "audience", "upkeep")
"""What the guideline's activity plan says, besides who applies and who stands in."""
ASKED = ("manager", "information_officer")
"""Who must approve it, in the guideline's order."""
LONGEST = 4000
"""Characters of one part of the plan, and of the reason for a no."""


@dataclass(frozen=True)
class Application:
    """A plan and its answers by who was asked, each {yes, by, note, at}; `at` is when it came."""

    id: str
    plan: dict[str, str]
    at: str
    answers: dict[str, dict[str, Any]]

    @property
    def state(self) -> str:
        """Tell how it stands: `refused`, `approved`, or who is asked next."""
        if not all(one["yes"] for one in self.answers.values()):
            return "refused"
        return next((who for who in ASKED if who not in self.answers), "approved")


def apply(store: Store, said: dict[str, str]) -> str:
    """Keep an application; return its id. Raises `Invalid` naming the part that lacks."""
    plan = {name: _name(said.get(name, ""), name) for name in ("applicant", "stand_in")}
    plan |= {name: _text(said.get(name, ""), name) for name in PARTS}

    def job(tx: Connection) -> str:
        id_, now = str(uuid4()), store.clock.now()
        kept.put(tx, PLAN, id_, json.dumps({"plan": plan, "at": now}).encode(), people.DESK, now)
        return id_

    return store.write(job)


def answer(
    store: Store, id_: str, yes: bool, answering: frozenset[str], by: str, note: str
) -> None:
    """Keep what the next of those who are asked said; `answering` are those it may be.

    Raises `NotFound`, `NotAllowed` when another is asked, `Conflict` when nobody is any more, and
    `Invalid` without a name, or without a reason for a no.
    """
    name, reason = _name(by, "by"), _note(note, yes)

    def job(tx: Connection) -> None:
        found = next((one for one in _all(tx) if one.id == id_), None)
        if found is None:
            raise NotFound("Ansökan finns inte.")
        if found.state not in ASKED:
            raise Conflict("Ansökan är redan besvarad.", field="by")
        if found.state not in answering:
            raise NotAllowed()
        now = store.clock.now()
        body = {"application_id": id_, "who": found.state, "yes": yes, "by": name, "note": reason,
                "at": now}
        kept.put(tx, ANSWER, f"{id_}/{found.state}", json.dumps(body).encode(), people.DESK, now)

    store.write(job)


def listed(store: Store) -> list[Application]:
    """Return every application, those that wait for an answer first, then the newest."""
    with store.read() as connection:
        found = _all(connection)
    return sorted(reversed(found), key=lambda one: one.state not in ASKED)


def _all(connection: Connection) -> list[Application]:
    rows = connection.execute(
        select(documents.c.kind, documents.c.id, documents.c.body)
        .where(documents.c.kind.in_((PLAN, ANSWER))).order_by(documents.c.ledger_index)).all()
    answers: dict[str, dict[str, dict[str, Any]]] = {}
    for body in (json.loads(row.body) for row in rows if row.kind == ANSWER):
        answers.setdefault(body["application_id"], {})[body["who"]] = body
    return [Application(row.id, **json.loads(row.body), answers=answers.get(row.id, {}))
            for row in rows if row.kind == PLAN]


def _name(text: str, field: str) -> str:
    name = people.name_of(text, field)
    if not name:
        raise Invalid(field, N_("Namnet saknas."), N_("Skriv för- och efternamn."))
    return name


def _text(text: str, field: str) -> str:
    words = storable(text.strip())
    if not words:
        raise Invalid(field, N_("Den här delen av aktivitetsplanen saknas."),
                      N_("Riktlinjen vill att planen säger det."))
    return _short(words, field)


def _note(text: str, yes: bool) -> str:
    words = storable(text.strip())
    if not yes and not words:
        raise Invalid("note", N_("Skälet saknas."), N_("Skriv varför ansökan avslås."))
    return _short(words, "note")


def _short(words: str, field: str) -> str:
    if len(words) > LONGEST:
        raise Invalid(field, N_("Texten är för lång."), N_("Skriv högst 4000 tecken."))
    return words
