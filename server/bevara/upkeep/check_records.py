"""Check that the list shows what the documents say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from bevara.capture import save_capture
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, records
from bevara.kernel.tables import withheld as table
from bevara.records import project, secrecy, withheld


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield the records that the list leaves out, invents or shows otherwise."""
    wanted, owners = _wanted(connection)
    held = {row.record_id: row for row in connection.execute(select(table))}
    shown = {row.id: row._mapping for row in connection.execute(select(records))}
    for id_ in sorted(wanted.keys() | shown.keys()):
        values = _visible(wanted.get(id_), held.get(id_))
        if values is None or id_ not in shown:
            yield f"Kommentar {id_}: listan och dokumenten har inte samma kommentarer."
        elif any(shown[id_][key] != value for key, value in values.items()):
            yield f"Kommentar {id_}: listan visar något annat än dokumenten."
    rows = connection.execute(select(captures)).all()
    kept = {row.id: row.record_id for row in rows
            if row.id in owners or not (row.record_id in held and held[row.record_id].left_out)}
    if kept != owners:
        yield "Listan: kommentarerna har inte sina egna dokument."


def _visible(values: dict[str, Any] | None, held: Row[Any] | None) -> dict[str, Any] | None:
    """Return what the list should show: nothing of a comment that is withheld or closed."""
    if held is None:
        return values and secrecy.visible(values) | {"withheld_at": None}
    if values is None and not held.left_out:
        return None
    return withheld.emptied(values or {}) | {"withheld_at": held.at, **withheld.nothing_shown()}


def _wanted(connection: Connection) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    wanted: dict[str, dict[str, Any]] = {}
    owners: dict[str, str] = {}
    for row in connection.execute(select(documents).order_by(documents.c.ledger_index)):
        try:
            document = json.loads(row.body)
            if row.kind == "capture":
                id_ = owners[row.id] = save_capture.record_id(document)
                first = {"created_at": row.received_at, **project.BEFORE_LATER,
                         **project.of_capture(document)}
                wanted[id_] = wanted.get(id_, first) | project.of_action(document)
            elif row.kind in project.OF_LATER:
                id_ = owners[row.id.partition("/")[0]]
                wanted[id_] |= project.OF_LATER[row.kind](document)
        except (ValueError, TypeError, KeyError):
            continue
    return wanted, owners
