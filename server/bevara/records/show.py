"""One record with everything that is kept about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, false, or_, select

from bevara.errors import Erased, NotFound, Withheld
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, records
from bevara.kernel.text import shown
from bevara.records import secrecy, withheld
from bevara.records.project import OF_LATER
from bevara.records.secrecy import Viewing


@dataclass(frozen=True)
class Version:
    """One capture of the comment, with its receipt."""

    capture: dict[str, Any]
    receipt: dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A saved comment: what the list shows, and its captures, newest last.

    `shut` tells that the content is closed for whoever asked: the captures are blank then.
    """

    row: Row[Any]
    versions: list[Version]
    events: list[dict[str, Any]]
    shut: bool = False

    @property
    def latest(self) -> dict[str, Any]:
        """Return the newest capture."""
        return self.versions[-1].capture


def record(store: Store, record_id: str, viewing: Viewing | None = None) -> Record:
    """Return the record; raise `NotFound`, `Withheld` or `Erased`."""
    with store.read() as connection:
        return read(connection, record_id, viewing)


def read(connection: Connection, record_id: str, viewing: Viewing | None = None) -> Record:
    """Return the record as whoever asks may see it; raise `NotFound`, `Withheld` or `Erased`."""
    found = kept(connection, record_id)
    if secrecy.may_see(found.row, viewing):
        return found
    versions = [Version(secrecy.capture_shown(one.capture), one.receipt) for one in found.versions]
    return Record(found.row, versions, [secrecy.event_shown(one) for one in found.events], True)


def kept(connection: Connection, record_id: str) -> Record:
    """Return the record with all that is kept, closed or not: to compare and to store with.

    Nothing of it may be shown or sent; for that there is `read`. Raises as it does.
    """
    row = connection.execute(select(records).where(records.c.id == record_id)).first()
    if row is None:
        if withheld.tombstone(connection, record_id):
            raise Erased("Kommentaren är raderad.")
        raise NotFound("Kommentaren finns inte.")
    if row.withheld_at is not None:
        raise Withheld("Ingen kan läsa eller skicka den.")
    kept = connection.execute(
        select(documents).join(captures, captures.c.id == documents.c.id)
        .where(captures.c.record_id == record_id, documents.c.kind == "capture")
        .order_by(documents.c.ledger_index)
    ).all()
    mine = [documents.c.id.between(f"{item.id}/", f"{item.id}0") for item in kept]
    later = connection.execute(
        select(documents).where(documents.c.kind.in_(tuple(OF_LATER)), or_(false(), *mine))
        .order_by(documents.c.ledger_index)
    ).all()
    events = [{"kind": item.kind, **json.loads(item.body)} for item in later]
    versions = [Version(shown(json.loads(item.body)), json.loads(item.receipt)) for item in kept]
    return Record(row, versions, events)
