"""Documents: exact bytes under a kind and an id, written once, each with a ledger entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from bevara.errors import Conflict
from bevara.kernel import ledger
from bevara.kernel.tables import documents


@dataclass(frozen=True)
class Stored:
    """What became of a document: `created` is False when the same bytes were there before."""

    created: bool
    sha256: str
    leaf: ledger.Leaf | None


def put(tx: Connection, kind: str, id_: str, body: bytes, device_id: str, at: str) -> Stored:
    """Keep `body`; repeat is harmless; raise `Conflict` when other bytes have the same id."""
    digest = hashlib.sha256(body).hexdigest()
    known = tx.execute(
        select(documents.c.sha256).where(documents.c.kind == kind, documents.c.id == id_)
    ).scalar()
    if known == digest:
        return Stored(False, digest, None)
    if known is not None:
        raise Conflict(f"{kind} {id_} är redan sparad med annat innehåll.", field="/id")
    entry = {"kind": kind, "id": id_, "sha256": digest, "device_id": device_id, "at": at}
    leaf = ledger.append(tx, dict(entry))
    tx.execute(insert(documents).values(
        kind=kind, id=id_, body=body, sha256=digest, device_id=device_id,
        received_at=at, ledger_index=leaf.index,
    ))
    return Stored(True, digest, leaf)
