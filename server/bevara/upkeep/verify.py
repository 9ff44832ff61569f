"""Read everything again and check it: hashes, ledger, receipts, schemas."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bevara.capture import save_capture
from bevara.errors import BevaraError
from bevara.kernel import blobs, ledger, merkle, signed_note
from bevara.kernel.store import Store
from bevara.kernel.tables import blobs as blob_table
from bevara.kernel.tables import documents, ledger_entries


@dataclass(frozen=True)
class Report:
    """What was read, and every finding in a Swedish sentence. No finding means all is well."""

    documents: int
    blobs: int
    entries: int
    findings: list[str]

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.findings


def verify(store: Store) -> Report:
    """Check the whole store; change nothing."""
    with store.read() as connection:
        connection.exec_driver_sql("SELECT 1")
        counts = [
            len(connection.execute(select(column)).all())
            for column in (documents.c.id, blob_table.c.sha256, ledger_entries.c.idx)
        ]
        findings = [
            *_database(connection), *_documents(store, connection), *_blobs(store, connection),
            *_ledger(connection),
        ]
    return Report(counts[0], counts[1], counts[2], findings)


def _database(connection: Connection) -> Iterator[str]:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield f"Databasen: {line}"


def _documents(store: Store, connection: Connection) -> Iterator[str]:
    entries = {
        row.idx: json.loads(row.entry) for row in connection.execute(select(ledger_entries))
    }
    for row in connection.execute(select(documents)):
        name = f"{row.kind} {row.id}"
        if hashlib.sha256(row.body).hexdigest() != row.sha256:
            yield f"{name}: innehållet är ändrat."
        entry = entries.get(row.ledger_index, {})
        if (entry.get("id"), entry.get("sha256")) != (row.id, row.sha256):
            yield f"{name}: loggen säger något annat."
        if row.kind == "capture":
            yield from _capture(store, connection, row.id, row.body, row.receipt)


def _capture(
    store: Store, connection: Connection, id_: str, body: bytes, receipt_text: str
) -> Iterator[str]:
    try:
        capture = save_capture.read(body, id_)
    except BevaraError as error:
        yield f"capture {id_}: {error.field} {error.detail}"
        return
    for name in save_capture.blob_names(capture):
        known = select(blob_table.c.size).where(blob_table.c.sha256 == name)
        if not connection.execute(known).first():
            yield f"capture {id_}: bilden {name} saknas."
    receipt = json.loads(receipt_text)
    try:
        size, root = signed_note.read(receipt["checkpoint"], store.origin, store.keys.public)
    except ValueError:
        yield f"capture {id_}: kvittots underskrift stämmer inte."
        return
    if size > ledger.size(connection) or ledger.root(connection, size) != root:
        yield f"capture {id_}: kvittot stämmer inte med loggen."
    if base64.b64encode(root).decode() != receipt["root"]:
        yield f"capture {id_}: kvittots rot stämmer inte."


def _blobs(store: Store, connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(blob_table.c.sha256)):
        try:
            data = blobs.get(connection, store.folder, row.sha256)
        except OSError as error:
            yield f"{row.sha256}: går inte att läsa ({error.strerror})."
            continue
        if blobs.name_of(data) != row.sha256:
            yield f"{row.sha256}: bilden är ändrad."


def _ledger(connection: Connection) -> Iterator[str]:
    leaves: list[bytes] = []
    for row in connection.execute(select(ledger_entries).order_by(ledger_entries.c.idx)):
        if row.idx != len(leaves):
            yield f"Loggen: post {len(leaves)} saknas."
            return
        if ledger.commitment(row.salt, row.entry) != row.commitment:
            yield f"Loggen: post {row.idx} är ändrad."
        leaves.append(merkle.leaf_hash(row.commitment))

    def fresh(level: int, pos: int) -> bytes:
        if level == 0:
            return leaves[pos]
        return merkle.node_hash(fresh(level - 1, 2 * pos), fresh(level - 1, 2 * pos + 1))

    if leaves and merkle.root(fresh, len(leaves)) != ledger.root(connection, len(leaves)):
        yield "Loggen: trädet stämmer inte med posterna."
