"""Check every document against its hash, the log, its schema, and a capture's receipt."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import NoResultFound

from bevara.capture import save_capture
from bevara.errors import BevaraError
from bevara.kernel import ledger, signed_note
from bevara.kernel.store import Store
from bevara.kernel.tables import blobs, documents, ledger_entries
from bevara.upkeep import check_withheld, earlier_logs
from bevara.upkeep.earlier_logs import Log, log_at

LOOSE = ("incident", "check")
"""What is said beside a comment and does not bear its number."""


def check(store: Store, connection: Connection) -> Iterator[str]:
    """Yield what is wrong with documents and receipts."""
    entries = dict(_entries(connection))
    logs = earlier_logs.all_logs(store, connection)
    left_out = check_withheld.left_out(connection)
    found = set()
    for row in connection.execute(select(documents)):
        name = f"{row.kind} {row.id}"
        found.add((row.kind, row.id))
        if row.body == b"" and left_out and (row.id[:36] in left_out or row.kind in LOOSE):
            continue
        if not isinstance(row.body, bytes):
            yield f"{name}: innehållet är inte läsbart."
            continue
        if hashlib.sha256(row.body).hexdigest() != row.sha256:
            yield f"{name}: innehållet är ändrat."
        entry = entries.get(row.ledger_index, {})
        if [entry.get(key) for key in ("kind", "id", "sha256", "device_id", "at")] != [
            row.kind, row.id, row.sha256, row.device_id, row.received_at
        ]:
            yield f"{name}: loggen säger något annat."
        if row.kind == "capture":
            yield from _capture(logs, connection, row)
        elif row.receipt is not None:
            yield f"{name}: har ett kvitto men är ingen kopia."
    for entry in entries.values():
        if "sha256" in entry and (entry.get("kind"), entry.get("id")) not in found:
            yield f"{entry.get('kind')} {entry.get('id')}: dokumentet saknas."


def _entries(connection: Connection) -> Iterator[tuple[int, dict[str, Any]]]:
    for row in connection.execute(select(ledger_entries.c.idx, ledger_entries.c.entry)):
        try:
            entry = json.loads(row.entry)
        except (ValueError, TypeError):
            continue
        if isinstance(entry, dict):
            yield row.idx, entry


def _capture(logs: list[Log], connection: Connection, row: Row[Any]) -> Iterator[str]:
    name = f"capture {row.id}"
    try:
        capture = save_capture.read(row.body, row.id)
    except BevaraError as error:
        yield f"{name}: {error.field} {error.detail}"
        return
    screen = save_capture.screen_name(capture)
    needed = {screen} if screen and _has_screen(row.receipt) else set()
    for blob in sorted(save_capture.blob_names(capture) | needed):
        if not connection.execute(select(blobs.c.size).where(blobs.c.sha256 == blob)).first():
            yield f"{name}: bilden {blob} saknas."
    if row.receipt is None:
        yield f"{name}: kvittot saknas."
        return
    try:
        log = log_at(logs, row.ledger_index)
        yield from _receipt(log, connection, row, json.loads(row.receipt), capture)
    except (ValueError, TypeError, KeyError):
        yield f"{name}: kvittot går inte att läsa."


def _has_screen(receipt: str | None) -> bool:
    """Tell whether the receipt says that the picture of the screen came."""
    try:
        return bool(json.loads(receipt or "{}").get("screen"))
    except (ValueError, TypeError, AttributeError):
        return True


def _receipt(
    log: Log, connection: Connection, row: Row[Any], receipt: dict[str, Any],
    capture: dict[str, Any],
) -> Iterator[str]:
    said = [receipt[key] for key in ("capture_id", "sha256", "ledger_index", "record_id",
                                     "received_at", "durable")]
    if said != [row.id, row.sha256, row.ledger_index, save_capture.record_id(capture),
                row.received_at, True]:
        yield f"capture {row.id}: kvittot säger något annat."
    try:
        size, root = signed_note.read(receipt["checkpoint"], log.origin, log.public)
    except ValueError:
        yield f"capture {row.id}: kvittots underskrift stämmer inte."
        return
    if not _in_log(connection, size, root):
        yield f"capture {row.id}: kvittot stämmer inte med loggen."
    if [size, base64.b64encode(root).decode()] != [receipt["tree_size"], receipt["root"]]:
        yield f"capture {row.id}: kvittots rot stämmer inte."


def _in_log(connection: Connection, size: int, root: bytes) -> bool:
    try:
        return size <= ledger.size(connection) and ledger.root(connection, size) == root
    except NoResultFound:
        return False
