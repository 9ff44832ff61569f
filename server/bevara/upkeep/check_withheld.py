"""Check who is withheld and who is erased against what the ledger says of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, ledger_entries
from bevara.kernel.tables import withheld as table
from bevara.records import withheld
from bevara.upkeep import earlier_logs

FIELDS = ("at", "by", "reason", "source")
KINDS = (withheld.WITHHOLDING, withheld.LIFTING, withheld.TOMBSTONE)


def check(store: Store, connection: Connection) -> Iterator[str]:
    """Yield comments that are withheld or readable without a document that says so."""
    wanted = dict(_wanted(connection))
    rows = {row.record_id: row for row in connection.execute(select(table))}
    for id_ in sorted(wanted.keys() | rows.keys()):
        said = wanted.get(id_)
        if id_ not in rows or said != tuple(getattr(rows[id_], name) for name in FIELDS):
            yield f"Kommentar {id_}: spärren stämmer inte med dokumenten."
    if any(row.left_out for row in rows.values()) and not _restored(connection):
        yield "Spärrade kommentarer saknar innehåll utan att en kopia är återställd."
    yield from _left(connection)


def erased_entries(connection: Connection) -> set[int]:
    """Return the indexes that tombstones name. A tombstone counts when its bytes are unchanged."""
    return {index for one in _tombstones(connection) for index in one.get("entries", [])}


def left_out(connection: Connection) -> set[str]:
    """Return the captures whose content a copy did not carry because they were withheld."""
    query = select(captures.c.id).join(table, table.c.record_id == captures.c.record_id)
    return set(connection.execute(query.where(table.c.left_out)).scalars())


def _wanted(connection: Connection) -> dict[str, tuple[str, ...]]:
    held: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(select(documents).where(documents.c.kind.in_(KINDS))
                                  .order_by(documents.c.ledger_index)):
        said = _read(row.body)
        if row.kind == withheld.WITHHOLDING:
            held[str(said.get("record_id"))] = tuple(said.get(name, "") for name in FIELDS)
        else:
            held.pop(str(said.get("record_id")), None)
    return held


def _left(connection: Connection) -> Iterator[str]:
    for one in _tombstones(connection):
        if connection.execute(select(func.count()).select_from(captures).where(
                captures.c.id.in_(one.get("captures", [])))).scalar():
            yield f"Kommentar {one.get('record_id')}: den är raderad men finns kvar."


def _tombstones(connection: Connection) -> Iterator[dict[str, Any]]:
    for row in connection.execute(
            select(documents).where(documents.c.kind == withheld.TOMBSTONE)).all():
        if isinstance(row.body, bytes) and hashlib.sha256(row.body).hexdigest() == row.sha256:
            yield _read(row.body)


def _restored(connection: Connection) -> bool:
    return connection.execute(select(ledger_entries.c.idx).where(
        ledger_entries.c.entry.like(f'%"kind":"{earlier_logs.KIND}"%'))).first() is not None


def _read(body: Any) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}
