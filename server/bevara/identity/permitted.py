"""The persons who may see closed content, by name and role: the information officer's list.

Each change is a document with the whole list, so that who could see what, and when, is in the log.
On one computer nobody signs in with a name: whoever looks says who they are, and that is logged.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.kernel.text import storable
from bevara.web.translations import N_

KIND, DESK = "permitted", "desk"
LONGEST, MOST = 200, 100
ROLES = {
    "registrar": N_("Registrator"), "information_officer": N_("Informatör"),
    "archivist": N_("Arkivarie"), "data_protection_officer": N_("Dataskyddsombud"),
    "manager": N_("Närmaste chef"), "moderator": N_("Moderator"),
}


@dataclass(frozen=True)
class Person:
    """A name as it was typed, and one of `ROLES`."""

    name: str
    role: str


def everyone(store: Store) -> list[Person]:
    """Return the persons, sorted by name."""
    with store.read() as connection:
        return _read(connection)


def find(connection: Connection, name: str) -> Person | None:
    """Return the person of that name, or None when nobody of that name may see."""
    return next((one for one in _read(connection) if one.name == name), None)


def add(store: Store, text: str, role: str) -> None:
    """Let a person see; raise `Invalid` naming the field, `Conflict` when the name is there."""
    name = storable(" ".join(text.split()))
    if not name:
        raise Invalid("name", N_("Namnet saknas."), N_("Skriv för- och efternamn."))
    if len(name) > LONGEST:
        raise Invalid("name", N_("Namnet är för långt."), N_("Skriv högst 200 tecken."))
    if role not in ROLES:
        raise Invalid("role", N_("Ingen roll är vald."), N_("Välj en roll i listan."))

    def job(tx: Connection) -> None:
        known = _read(tx)
        if any(one.name == name for one in known):
            raise Conflict(N_("Namnet finns redan."), field="name")
        if len(known) >= MOST:
            raise Invalid("name", N_("Listan är full."), N_("Ta bort ett namn först."))
        _write(tx, [*known, Person(name, role)], store.clock.now())

    store.write(job)


def remove(store: Store, name: str) -> None:
    """Let a person see no more; what was logged stays. Raises `NotFound`."""

    def job(tx: Connection) -> None:
        known = _read(tx)
        if all(one.name != name for one in known):
            raise NotFound(N_("Namnet finns inte."))
        _write(tx, [one for one in known if one.name != name], store.clock.now())

    store.write(job)


def _read(connection: Connection) -> list[Person]:
    body = connection.execute(select(documents.c.body).where(documents.c.kind == KIND)
                              .order_by(documents.c.ledger_index.desc()).limit(1)).scalar()
    return [Person(**one) for one in json.loads(body)["persons"]] if body else []


def _write(tx: Connection, persons: list[Person], now: str) -> None:
    order = sorted(persons, key=lambda one: one.name.casefold())
    body = json.dumps({"persons": [asdict(one) for one in order], "at": now}, ensure_ascii=False)
    kept.put(tx, KIND, str(uuid4()), body.encode(), DESK, now)
