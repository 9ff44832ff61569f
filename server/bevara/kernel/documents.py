"""Documents: exact bytes under a kind and an id, written once, each with a ledger entry."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select

from bevara.errors import Conflict
from bevara.kernel import ledger
from bevara.kernel.statements import Statement
from bevara.kernel.tables import documents


@dataclass(frozen=True)
class Stored:
    """What became of a document: `created` is False when the same bytes were there before."""

    created: bool
    sha256: str
    receipt: str | None


Receipt = Callable[[str, ledger.Leaf], str]
"""Returns what is kept beside a new document, from its SHA-256 and its place in the ledger."""
_KNOWN = Statement(select(documents.c.sha256, documents.c.receipt).where(
    documents.c.kind == bindparam("kind"), documents.c.id == bindparam("id")))
_ADD = Statement(insert(documents))


def put(
    tx: Connection, kind: str, id_: str, body: bytes, device_id: str, at: str,
    receipt: Receipt | None = None,
) -> Stored:
    """Keep `body`; repeat is harmless; raise `Conflict` when other bytes have the same id."""
    digest = hashlib.sha256(body).hexdigest()
    known = _KNOWN.first(tx, kind=kind, id=id_)
    if known and known[0] == digest:
        return Stored(False, digest, known[1])
    if known:
        raise Conflict(f"{kind} {id_} är redan sparad med annat innehåll.", field="/id")
    entry = {"kind": kind, "id": id_, "sha256": digest, "device_id": device_id, "at": at}
    leaf = ledger.append(tx, dict(entry))
    text = receipt(digest, leaf) if receipt else None
    _ADD.rows(tx, kind=kind, id=id_, body=body, sha256=digest, device_id=device_id,
              received_at=at, ledger_index=leaf.index, receipt=text)
    return Stored(True, digest, text)
