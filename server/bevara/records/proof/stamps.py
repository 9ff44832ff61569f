"""Time stamps (RFC 3161) of checkpoints, each a document of the kind `stamp`."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Connection, select

from bevara.kernel.store import Store
from bevara.kernel.tables import documents

KIND = "stamp"


@dataclass(frozen=True)
class Stamp:
    """An authority's answer (DER) about a checkpoint's text.

    `size` is the checkpoint's tree size, `stamped_at` the authority's time (RFC 3339), and
    `checked` tells whether its signature led to a root certificate when it arrived.
    """

    checkpoint: str
    size: int
    authority: str
    answer: bytes
    stamped_at: str | None
    checked: bool


def encode(stamp: Stamp) -> bytes:
    """Return the stamp's document."""
    return json.dumps({
        "schema": "stamp/1", "checkpoint": stamp.checkpoint, "size": stamp.size,
        "authority": stamp.authority, "answer": base64.b64encode(stamp.answer).decode(),
        "stamped_at": stamp.stamped_at, "checked": stamp.checked,
    }, ensure_ascii=False, sort_keys=True).encode()


def decode(body: bytes) -> Stamp:
    """Return the stamp in a document; raise `ValueError`, `KeyError` or `TypeError`."""
    said = json.loads(body)
    return Stamp(str(said["checkpoint"]), int(said["size"]), str(said["authority"]),
                 base64.b64decode(said["answer"], validate=True), said["stamped_at"],
                 bool(said["checked"]))


def all_stamps(connection: Connection) -> list[Stamp]:
    """Return every stamp that can be read, oldest first; verify names the others."""
    bodies = connection.execute(
        select(documents.c.body).where(documents.c.kind == KIND).order_by(documents.c.ledger_index)
    ).scalars()
    found = []
    for body in bodies:
        with suppress(ValueError, KeyError, TypeError):
            found.append(decode(body))
    return found


def earliest_after(connection: Connection, index: int) -> list[Stamp]:
    """Return each authority's first stamp of a log that holds the entry `index`."""
    first: dict[str, Stamp] = {}
    for stamp in all_stamps(connection):
        if stamp.size > index:
            first.setdefault(stamp.authority, stamp)
    return list(first.values())


def of_entry(store: Store, index: int) -> list[Stamp]:
    """Return each authority's first stamp of a log that holds the entry, for a page to show."""
    with store.read() as connection:
        return earliest_after(connection, index)
