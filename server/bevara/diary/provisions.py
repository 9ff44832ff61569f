"""The provisions to choose from in a marking: dated data, unchecked until a person has said so.

The list starts as `shared/provisions.json`; each change is a document with the whole list.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara import contract
from bevara.diary import proposal
from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.web import dates
from bevara.web.translations import N_

KIND, DESK, MOST = "provisions", "desk", 200
Form = proposal.Form


@dataclass(frozen=True)
class Provision:
    """`provision` is how a marking names it; `checked_on` is a Swedish day, empty until checked."""

    provision: str
    about: str
    source: str
    noted_on: str
    checked_by: str = ""
    checked_on: str = ""


def everything(store: Store) -> list[Provision]:
    """Return the provisions, sorted as they are named."""
    with store.read() as connection:
        return read(connection)


def read(connection: Connection) -> list[Provision]:
    """Return them as one transaction sees them."""
    body = connection.execute(select(documents.c.body).where(documents.c.kind == KIND)
                              .order_by(documents.c.ledger_index.desc()).limit(1)).scalar()
    return [Provision(**one) for one in json.loads(body)["provisions"]] if body else _first()


def add(store: Store, form: Form) -> None:
    """Add a provision; raise `Invalid` naming a field, `Conflict` when it is there."""
    made = Provision(
        proposal.line(form, "lagrum", 200), proposal.line(form, "om", 200, needed=False),
        proposal.line(form, "kalla", 300), dates.local_day(store.clock.now()).isoformat())

    def change(known: list[Provision]) -> list[Provision]:
        if any(one.provision == made.provision for one in known):
            raise Conflict(N_("Lagrummet finns redan."), field="lagrum")
        if len(known) >= MOST:
            raise Invalid("lagrum", N_("Listan är full."), N_("Ta bort ett lagrum först."))
        return [*known, made]

    _change(store, change)


def check(store: Store, name: str, form: Form) -> None:
    """Keep that a person has compared a provision with the law in force; raise `NotFound`."""
    by = proposal.line(form, "av", 200)
    day = dates.local_day(store.clock.now()).isoformat()
    _change(store, lambda known: [
        replace(one, checked_by=by, checked_on=day) if one.provision == name else one
        for one in _having(known, name)])


def remove(store: Store, name: str) -> None:
    """Take a provision from the list; markings that name it keep it. Raises `NotFound`."""
    _change(store, lambda known: [one for one in _having(known, name) if one.provision != name])


def _having(known: list[Provision], name: str) -> list[Provision]:
    if all(one.provision != name for one in known):
        raise NotFound(N_("Lagrummet finns inte."))
    return known


def _first() -> list[Provision]:
    seed: dict[str, Any] = contract.load("provisions.json")
    source = f"{seed['law']}. {seed['source']}"
    return [Provision(one["provision"], one["about"], source, seed["noted"])
            for one in seed["provisions"]]


def _change(store: Store, change: Any) -> None:
    def job(tx: Connection) -> None:
        now = store.clock.now()
        said = [asdict(one) for one in sorted(change(read(tx)), key=lambda one: _key(one))]
        body = json.dumps({"provisions": said, "at": now}, ensure_ascii=False)
        kept.put(tx, KIND, str(uuid4()), body.encode(), DESK, now)

    store.write(job)


def _key(one: Provision) -> list[tuple[int, str]]:
    """Sort chapters by number."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in one.provision.split()]
