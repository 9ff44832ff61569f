"""Store a capture with its pictures, put it on its record, and answer with a receipt."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, select, update

from bevara import contract
from bevara.errors import Conflict, Invalid, MissingBlobs, UnsupportedContract
from bevara.kernel import blobs, documents, ledger, tables
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.store import Store
from bevara.records import project

NAMESPACE = UUID("6e0d1f3e-3f7d-5b5c-9a54-0c6b3f2f9b10")
SCHEMAS = {"capture/1": "capture-1"}


def save(
    store: Store, ephemeral: Ephemeral, capture_id: str, body: bytes, device_id: str
) -> tuple[bool, dict[str, Any]]:
    """Return (created, receipt) once the capture and every blob it names are durable.

    The same bytes again give the same receipt. Raises `Invalid`, `Conflict`, `MissingBlobs`
    (nothing is kept then), `UnsupportedContract`, `DiskFull`, `ReadOnly`, `StoreFailed`.
    """
    capture = read(body, capture_id)
    waiting = {name: ephemeral.get(name) for name in blob_names(capture)}
    created, receipt = store.write(
        lambda tx: _save(tx, store, capture, body, device_id, waiting)
    )
    for name in waiting:
        ephemeral.drop(name)
    return created, receipt


def read(body: bytes, capture_id: str) -> dict[str, Any]:
    """Return the capture in `body`, checked against the schema version that it names."""
    capture = parse(body)
    schema = SCHEMAS.get(str(capture.get("schema")))
    if schema is None:
        raise UnsupportedContract("Bevara känner inte till den här sortens dokument.")
    contract.validate(schema, capture)
    if capture["capture_id"] != capture_id:
        raise Invalid("/capture_id", "Numret i dokumentet är ett annat än i adressen.")
    return capture


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raise `Invalid` for anything else."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("/", f"Dokumentet är inte JSON: {error}") from None
    if not isinstance(data, dict):
        raise Invalid("/", "Dokumentet är inte ett JSON-objekt.")
    return data


def blob_names(capture: dict[str, Any]) -> set[str]:
    """Return the names of the blobs that a capture needs."""
    names = {item["blob"] for item in capture["comment"]["attachments"] if item["blob"]}
    if capture["picture"]:
        names.add(capture["picture"]["blob"])
    return names


def record_id(capture: dict[str, Any]) -> str:
    """Return the record's id: one per comment of an account, or per capture when unknown."""
    comment = capture["comment"]["id"]
    if comment is None:
        return str(uuid5(NAMESPACE, capture["capture_id"]))
    name = "\0".join([capture["platform"], capture["account_id"] or "", comment])
    return str(uuid5(NAMESPACE, name))


def _save(
    tx: Connection, store: Store, capture: dict[str, Any], body: bytes, device_id: str,
    waiting: dict[str, bytes | None],
) -> tuple[bool, dict[str, Any]]:
    known = _known(tx, capture["capture_id"], body)
    if known:
        return False, known
    _keep_blobs(tx, store, waiting)
    now = store.clock.now()
    stored = documents.put(tx, "capture", capture["capture_id"], body, device_id, now)
    assert stored.leaf is not None
    record = record_id(capture)
    project.add_capture(tx, record, capture, now)
    receipt = _receipt(tx, store, capture["capture_id"], record, stored.sha256, stored.leaf, now)
    tx.execute(
        update(tables.documents)
        .where(tables.documents.c.kind == "capture",
               tables.documents.c.id == capture["capture_id"])
        .values(receipt=json.dumps(receipt, ensure_ascii=False))
    )
    return True, receipt


def _known(tx: Connection, capture_id: str, body: bytes) -> dict[str, Any] | None:
    row = tx.execute(
        select(tables.documents.c.body, tables.documents.c.receipt)
        .where(tables.documents.c.kind == "capture", tables.documents.c.id == capture_id)
    ).first()
    if row is None:
        return None
    if bytes(row.body) != body:
        raise Conflict("En annan kommentar är redan sparad under samma nummer.",
                       field="/capture_id")
    receipt: dict[str, Any] = json.loads(row.receipt)
    return receipt


def _keep_blobs(tx: Connection, store: Store, waiting: dict[str, bytes | None]) -> None:
    missing = []
    for name, data in waiting.items():
        if data is not None:
            blobs.put(tx, store.folder, data)
        elif not tx.execute(
            select(tables.blobs.c.size).where(tables.blobs.c.sha256 == name)
        ).first():
            missing.append(name)
    if missing:
        raise MissingBlobs("Bilder saknas.", missing=sorted(missing))


def _receipt(
    tx: Connection, store: Store, capture_id: str, record: str, sha256: str, leaf: ledger.Leaf,
    now: str,
) -> dict[str, Any]:
    return {
        "capture_id": capture_id,
        "record_id": record,
        "sha256": sha256,
        "ledger_index": leaf.index,
        "tree_size": leaf.tree_size,
        "root": base64.b64encode(leaf.root).decode(),
        "received_at": now,
        "durable": True,
        "checkpoint": ledger.checkpoint(tx, store.keys, store.origin, leaf.tree_size),
    }
