"""Check that the list shows what the documents say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from bevara.capture import save_capture
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, records
from bevara.records import project

LATER = {"outcome": project.of_outcome, "reason": project.of_reason}


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield the records that the list leaves out, invents or shows otherwise."""
    wanted, owners = _wanted(connection)
    shown = {row.id: row._mapping for row in connection.execute(select(records))}
    for id_ in sorted(wanted.keys() | shown.keys()):
        values = wanted.get(id_)
        if values is None or id_ not in shown:
            yield f"Kommentar {id_}: listan och dokumenten har inte samma kommentarer."
        elif any(shown[id_][key] != value for key, value in values.items()):
            yield f"Kommentar {id_}: listan visar något annat än dokumenten."
    if {row.id: row.record_id for row in connection.execute(select(captures))} != owners:
        yield "Listan: kommentarerna har inte sina egna dokument."


def _wanted(connection: Connection) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    wanted: dict[str, dict[str, Any]] = {}
    owners: dict[str, str] = {}
    for row in connection.execute(select(documents).order_by(documents.c.ledger_index)):
        try:
            document = json.loads(row.body)
            if row.kind == "capture":
                id_ = owners[row.id] = save_capture.record_id(document)
                first = {"created_at": row.received_at, **project.of_capture(document)}
                wanted[id_] = wanted.get(id_, first) | project.of_action(document)
            elif row.kind in LATER:
                id_ = owners[row.id.partition("/")[0]]
                wanted[id_] |= LATER[row.kind](document)
        except (ValueError, TypeError, KeyError):
            continue
    return wanted, owners
