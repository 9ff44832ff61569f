"""Check deliveries to the archive against the documents that say what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from bevara.kernel.store import Store
from bevara.kernel.tables import archive_deliveries as deliveries
from bevara.kernel.tables import documents

KIND = "archive"
SAID = {"sent", "received", "refused", "withdrawn"}
"""The states that a document tells of by the same word; before them there is only a package."""
Said = dict[str, Any]


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield the deliveries whose state, package or receipt no document knows like this."""
    told: dict[str, list[Said]] = {}
    for row in connection.execute(select(documents.c.body).where(documents.c.kind == KIND)
                                  .order_by(documents.c.ledger_index)):
        said = _read(row.body)
        told.setdefault(str(said.get("delivery_id")), []).append(said)
    for delivery in connection.execute(select(deliveries)):
        if not _agrees(delivery, told.get(str(delivery.id), [])):
            yield f"Leveransen {delivery.id}: loggen säger något annat."


def _agrees(row: Row[Any], told: list[Said]) -> bool:
    last = str(told[-1].get("what")) if told else ""
    if (last in SAID or row.state in SAID) and row.state != last:
        return False
    packed = [one for one in told if one.get("what") == "packed"]
    if row.sha256 is not None and (not packed or _package(row) != _said_package(packed[-1])):
        return False
    return row.state != "received" or (row.archive_id, row.received_on) == (
        told[-1].get("archive_id"), told[-1].get("received_on"))


def _package(row: Row[Any]) -> tuple[object, ...]:
    return row.sha256, row.size, row.status, row.creator, row.form, row.replaces, row.by


def _said_package(said: Said) -> tuple[object, ...]:
    return tuple(said.get(name) for name in (
        "sha256", "size", "status", "creator", "form", "replaces", "by"))


def _read(body: object) -> Said:
    """Return what a document says; what is not readable is found by `check_documents`."""
    try:
        found = json.loads(body) if isinstance(body, bytes) else None
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}
