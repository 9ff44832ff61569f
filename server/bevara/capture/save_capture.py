"""Store a capture with its pictures, put it on its record, and answer with a receipt."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from bevara import contract
from bevara.capture import record_ids
from bevara.errors import Conflict, Erased, Invalid, MissingBlobs, UnsupportedContract
from bevara.kernel import blobs, documents, ledger, signed_note
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.store import Store
from bevara.records import project, withheld
from bevara.web.bodies import parse

SCHEMAS = {"capture/1": "capture-1"}


def save(
    store: Store, ephemeral: Ephemeral, capture_id: str, body: bytes, device_id: str
) -> tuple[bool, dict[str, Any]]:
    """Return (created, receipt) once the capture and every blob it names are durable.

    The same bytes again give the same receipt. Raises `Invalid`, `Conflict`, `MissingBlobs`
    (nothing is kept then), `Erased`, `UnsupportedContract`, `DiskFull`, `ReadOnly`, `StoreFailed`.
    """
    capture = read(body, capture_id)
    if int(capture["schema"].rpartition("/")[2]) not in contract.ACCEPTS:
        raise UnsupportedContract("Tillägget talar ett äldre språk än Bevara tar emot.")
    return keep(store, ephemeral, capture, body, device_id)


def keep(
    store: Store, ephemeral: Ephemeral, capture: dict[str, Any], body: bytes, device_id: str
) -> tuple[bool, dict[str, Any]]:
    """Store a capture that is already checked; `body` is its bytes. Else as `save`."""
    waiting = {name: ephemeral.get(name) for name in all_names(capture)}
    pictures = {name: data for name, data in waiting.items() if data is not None}
    try:
        if pictures:
            _refuse_erased_early(store, capture)
        created, receipt = store.write(
            lambda tx: _save(tx, store, capture, body, device_id, waiting), pictures
        )
    except Erased:
        _forget(ephemeral, waiting)
        raise
    _forget(ephemeral, waiting)
    return created, json.loads(receipt)


def _forget(ephemeral: Ephemeral, names: Iterable[str]) -> None:
    for name in names:
        ephemeral.drop(name)


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


def blob_names(capture: dict[str, Any]) -> set[str]:
    """Return the names of the blobs that a capture needs."""
    names = {item["blob"] for item in capture["comment"]["attachments"] if item["blob"]}
    if capture["picture"]:
        names.add(capture["picture"]["blob"])
    return names


def screen_name(capture: dict[str, Any]) -> str | None:
    """Return the name of the picture of the screen, which a record can do without."""
    return (capture.get("screen") or {}).get("blob")


def all_names(capture: dict[str, Any]) -> set[str]:
    """Return the names of every blob that a capture may have."""
    screen = screen_name(capture)
    return blob_names(capture) | ({screen} if screen else set())


def record_id(capture: dict[str, Any]) -> str:
    """Return the record's id: one per comment of an account, or per capture when unknown."""
    return record_ids.of(capture["platform"], capture["account_id"], capture["comment"]["id"],
                         capture["capture_id"])


def _save(
    tx: Connection, store: Store, capture: dict[str, Any], body: bytes, device_id: str,
    waiting: dict[str, bytes | None],
) -> tuple[bool, str]:
    now, record = store.clock.now(), record_id(capture)
    _refuse_erased(tx, capture)

    def receipt(sha256: str, leaf: ledger.Leaf) -> str:
        made = _receipt(store, capture["capture_id"], record, sha256, leaf, now)
        return json.dumps(made | _of_screen(tx, capture, waiting), ensure_ascii=False)

    try:
        stored = documents.put(
            tx, "capture", capture["capture_id"], body, device_id, now, receipt)
    except Conflict:
        raise Conflict("En annan kommentar är redan sparad under samma nummer.",
                       field="/capture_id") from None
    assert stored.receipt is not None
    if stored.created:
        _keep_blobs(tx, store, waiting, screen_name(capture))
        project.add_capture(tx, record, capture, now)
    return stored.created, stored.receipt


def _refuse_erased_early(store: Store, capture: dict[str, Any]) -> None:
    """Raise `Erased` before there is a transaction, and before a file is written."""
    if withheld.is_any_early(store):
        with store.read() as connection:
            _refuse(connection, capture)


def _refuse_erased(connection: Connection, capture: dict[str, Any]) -> None:
    if withheld.is_any(connection):
        _refuse(connection, capture)


def _refuse(connection: Connection, capture: dict[str, Any]) -> None:
    """Raise `Erased` when the comment is, under this account, another's or nobody's."""
    withheld.refuse_erased(connection, record_id(capture))
    for record in record_ids.same_comment(
            connection, capture["platform"], capture["account_id"], capture["comment"]["id"]):
        withheld.refuse_erased(connection, record)


def _of_screen(
    tx: Connection, capture: dict[str, Any], waiting: dict[str, bytes | None]
) -> dict[str, bool]:
    name = screen_name(capture)
    if name is None:
        return {}
    return {"screen": waiting[name] is not None or blobs.known(tx, name)}


def _keep_blobs(
    tx: Connection, store: Store, waiting: dict[str, bytes | None], optional: str | None
) -> None:
    missing = []
    for name, data in waiting.items():
        if data is not None:
            blobs.put(tx, store.folder, name, data)
        elif name != optional and not blobs.known(tx, name):
            missing.append(name)
    if missing:
        raise MissingBlobs("Bilder saknas.", missing=sorted(missing))


def _receipt(
    store: Store, capture_id: str, record: str, sha256: str, leaf: ledger.Leaf, now: str
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
        "checkpoint": signed_note.sign(store.keys, store.origin, leaf.tree_size, leaf.root),
    }
