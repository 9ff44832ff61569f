"""One record with everything that is kept about it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from bevara.errors import NotFound
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, records


@dataclass(frozen=True)
class Version:
    """One capture of the comment, with its receipt."""

    capture: dict[str, Any]
    receipt: dict[str, Any]


@dataclass(frozen=True)
class Record:
    """A saved comment: what the list shows, and its captures, newest last."""

    row: Row[Any]
    versions: list[Version]
    events: list[dict[str, Any]]

    @property
    def latest(self) -> dict[str, Any]:
        """Return the newest capture."""
        return self.versions[-1].capture


def record(store: Store, record_id: str) -> Record:
    """Return the record; raise `NotFound`."""
    with store.read() as connection:
        row = connection.execute(select(records).where(records.c.id == record_id)).first()
        if row is None:
            raise NotFound("Kommentaren finns inte.")
        kept = connection.execute(
            select(documents).join(captures, captures.c.id == documents.c.id)
            .where(captures.c.record_id == record_id, documents.c.kind == "capture")
            .order_by(documents.c.ledger_index)
        ).all()
        ids = [item.id for item in kept]
        later = connection.execute(
            select(documents).where(documents.c.kind.in_(["outcome", "reason"]))
            .order_by(documents.c.ledger_index)
        ).all() if ids else []
    events = [
        {"kind": item.kind, **json.loads(item.body)}
        for item in later if item.id.split("/")[0] in ids
    ]
    versions = [Version(json.loads(item.body), json.loads(item.receipt)) for item in kept]
    return Record(row, versions, events)
