"""What is learned about a capture afterwards: what happened, and why."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bevara import contract
from bevara.capture.save_capture import parse
from bevara.errors import NotFound
from bevara.kernel import documents, tables
from bevara.kernel.store import Store
from bevara.records import project


def put_outcome(
    store: Store, capture_id: str, outcome_id: str, body: bytes, device_id: str
) -> bool:
    """Keep what was seen after the click; return whether it was new. Raises `NotFound`."""
    data = parse(body)
    contract.validate("outcome-1", data)

    def job(tx: Connection) -> bool:
        record = record_of(tx, capture_id)
        stored = documents.put(
            tx, "outcome", f"{capture_id}/{outcome_id}", body, device_id, store.clock.now()
        )
        if stored.created:
            project.set_outcome(tx, record, data)
        return stored.created

    return store.write(job)


def put_reason(store: Store, capture_id: str, body: bytes, device_id: str) -> bool:
    """Keep the moderator's reason; a later one replaces what is shown, and both are kept."""
    data = parse(body)
    contract.validate("reason-1", data)

    def job(tx: Connection) -> bool:
        record = record_of(tx, capture_id)
        name = f"{capture_id}/{data['at']}"
        stored = documents.put(tx, "reason", name, body, device_id, store.clock.now())
        if stored.created:
            project.set_reason(tx, record, data)
        return stored.created

    return store.write(job)


def record_of(connection: Connection, capture_id: str) -> str:
    """Return the record that a capture belongs to; raise `NotFound`."""
    found = connection.execute(
        select(tables.captures.c.record_id).where(tables.captures.c.id == capture_id)
    ).scalar()
    if found is None:
        raise NotFound("Kommentaren är inte sparad.")
    return str(found)
