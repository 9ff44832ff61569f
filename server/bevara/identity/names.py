"""The names that a moderator may choose from in the extension."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, insert, select

from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import meta
from bevara.kernel.text import storable

KEY = "moderators"
LONGEST, MOST = 200, 200


def all_names(store: Store) -> list[str]:
    """Return the names, sorted as they are shown."""
    with store.read() as connection:
        return _read(connection)


def add(store: Store, text: str) -> None:
    """Add a name; raise `Invalid` when it is empty or too long, `Conflict` when it is there."""
    name = storable(" ".join(text.split()))
    if not name:
        raise Invalid("name", "Namnet saknas.", "Skriv moderatorns för- och efternamn.")
    if len(name) > LONGEST:
        raise Invalid("name", "Namnet är för långt.", "Skriv högst 200 tecken.")

    def job(tx: Connection) -> None:
        known = _read(tx)
        if name in known:
            raise Conflict("Namnet finns redan.", field="name")
        if len(known) >= MOST:
            raise Invalid("name", "Listan är full.", "Ta bort ett namn först.")
        _write(tx, sorted([*known, name], key=str.casefold), store.clock.now())

    store.write(job)


def remove(store: Store, name: str) -> None:
    """Take a name away; what was saved under it keeps it. Raises `NotFound`."""

    def job(tx: Connection) -> None:
        known = _read(tx)
        if name not in known:
            raise NotFound("Namnet finns inte.")
        _write(tx, [other for other in known if other != name], store.clock.now())

    store.write(job)


def _read(connection: Connection) -> list[str]:
    row = connection.execute(select(meta.c.value).where(meta.c.key == KEY)).scalar()
    found: list[str] = json.loads(row) if row else []
    return found


def _write(tx: Connection, names: list[str], now: str) -> None:
    tx.execute(delete(meta).where(meta.c.key == KEY))
    tx.execute(insert(meta).values(key=KEY, value=json.dumps(names, ensure_ascii=False)))
    ledger.append(tx, {"kind": "names", "names": names, "at": now})
