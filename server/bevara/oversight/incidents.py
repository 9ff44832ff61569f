"""Keep and list incidents."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from bevara import contract
from bevara.capture.save_capture import parse
from bevara.errors import Invalid
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.kernel.tables import documents as table

CLOSED_PATH_EMPTY = ("reason", "note")


def put(store: Store, incident_id: str, body: bytes, device_id: str) -> bool:
    """Keep an incident; return whether it was new. A closed path may carry no content."""
    data = parse(body)
    contract.validate("incident-1", data)
    if data["id"] != incident_id:
        raise Invalid("/id", "Numret i dokumentet är ett annat än i adressen.")
    if data["kind"] == "closed_path":
        for field in CLOSED_PATH_EMPTY:
            if data.get(field):
                raise Invalid(f"/{field}", "Den stängda vägen får inte bära innehåll.")

    def job(tx: Connection) -> bool:
        now = store.clock.now()
        return documents.put(tx, "incident", incident_id, body, device_id, now).created

    return store.write(job)


def newest(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """Return incidents, newest first."""
    query = select(table.c.body).where(table.c.kind == "incident")
    with store.read() as connection:
        rows = connection.execute(query.order_by(table.c.ledger_index.desc()).limit(limit)).all()
    return [json.loads(row.body) for row in rows]
