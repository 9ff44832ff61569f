"""Withhold a comment at once, and let it be read again."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, insert, update

from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.kernel.tables import withheld as table
from bevara.records import project, withheld

LONGEST = 2000


def from_desk(store: Store, record_id: str, by: str, reason: str) -> None:
    """Withhold a saved comment; raise `Invalid` naming a missing field, `NotFound`, `Conflict`."""
    name, why = written("by", by), written("reason", reason)

    def job(tx: Connection) -> None:
        if not tx.execute(records.select().where(records.c.id == record_id)).first():
            raise NotFound("Kommentaren finns inte.")
        if withheld.find(tx, record_id):
            raise Conflict("Kommentaren är redan spärrad.")
        add(tx, record_id, store.clock.now(), name, why, withheld.DESK)

    store.write(job)


def written(field: str, text: str) -> str:
    """Return what a person wrote, on one line; raise `Invalid` when it is empty or too long."""
    found = " ".join(text.split())
    if not found:
        raise Invalid(field, {"by": "Ditt namn saknas.", "reason": "Skälet saknas."}[field],
                      "Fyll i fältet.")
    if len(found) > LONGEST:
        raise Invalid(field, f"Texten är längre än {LONGEST} tecken.", "Skriv kortare.")
    return found


def add(tx: Connection, record_id: str, at: str, by: str, reason: str, source: str) -> None:
    """Withhold a comment, saved or not; harmless when it is withheld by the closed path."""
    before = withheld.find(tx, record_id)
    if (before and before.source == withheld.CLOSED_PATH) or withheld.tombstone(tx, record_id):
        return
    said = {"record_id": record_id, "at": at, "by": by, "reason": reason, "source": source}
    _document(tx, withheld.WITHHOLDING, said)
    tx.execute(delete(table).where(table.c.record_id == record_id))
    tx.execute(insert(table).values(**said, left_out=bool(before and before.left_out)))
    tx.execute(update(records).where(records.c.id == record_id)
               .values(withheld_at=at, **withheld.nothing_shown()))


def lift(tx: Connection, record_id: str, at: str, by: list[str]) -> None:
    """Let a comment be read again; raise `Conflict` when it may not or cannot be."""
    row = withheld.find(tx, record_id)
    if row is None:
        raise Conflict("Kommentaren är inte spärrad.")
    if row.source == withheld.CLOSED_PATH:
        raise Conflict("Spärren kom från Misstänkt övergrepp mot barn och kan inte hävas.",
                       next_step="Radera kommentaren.")
    if row.left_out:
        raise Conflict("Innehållet fanns inte i kopian som återställdes.",
                       next_step="Återställ en äldre kopia om det behövs.")
    _document(tx, withheld.LIFTING, {"record_id": record_id, "at": at, "by": by})
    tx.execute(delete(table).where(table.c.record_id == record_id))
    tx.execute(update(records).where(records.c.id == record_id)
               .values(withheld_at=None, **project.folded(tx, record_id)))


def _document(tx: Connection, kind: str, said: dict[str, Any]) -> None:
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    documents.put(tx, kind, f"{said['record_id']}/{uuid4()}", body, "desk", str(said["at"]))
