"""What is learned about a capture afterwards: what happened, and why."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bevara import contract
from bevara.capture import record_ids
from bevara.errors import NotFound
from bevara.kernel import documents, tables
from bevara.kernel.store import Store
from bevara.records import project, withheld
from bevara.web.bodies import parse


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
            project.set_later(tx, record, "outcome", data)
        return stored.created

    return store.write(job)


def put_comment_outcome(store: Store, outcome_id: str, body: bytes, device_id: str) -> bool:
    """Keep what was seen of a comment, on its record; return whether anything was kept.

    A comment of which nothing is saved has no record, and is not given one for this.
    """
    data = parse(body)
    contract.validate("comment-outcome-1", data)

    def job(tx: Connection) -> bool:
        record = record_ids.of(data["platform"], data["account_id"], data["comment_id"], outcome_id)
        capture_id = _latest(tx, record)
        if capture_id is None:
            return False
        name = f"{capture_id}/{outcome_id}"
        stored = documents.put(tx, "outcome", name, body, device_id, store.clock.now())
        if stored.created:
            project.set_later(tx, record, "outcome", data)
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
            project.set_later(tx, record, "reason", data)
        return stored.created

    return store.write(job)


def _latest(tx: Connection, record: str) -> str | None:
    captures = tables.captures
    return tx.execute(
        select(captures.c.id).where(captures.c.record_id == record)
        .order_by(captures.c.received_at.desc()).limit(1)
    ).scalar()


def record_of(connection: Connection, capture_id: str) -> str:
    """Return the record that a capture belongs to; raise `NotFound` or `Erased`."""
    found = connection.execute(
        select(tables.captures.c.record_id).where(tables.captures.c.id == capture_id)
    ).scalar()
    if found is None:
        withheld.refuse_erased_capture(connection, capture_id)
        raise NotFound("Kommentaren är inte sparad.")
    return str(found)
