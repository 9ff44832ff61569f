"""Erase a comment from the store: rows, pictures, memory, and what the disk file still held."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from bevara.errors import Conflict
from bevara.kernel import blobs, documents
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.store import Store
from bevara.records import withheld
from bevara.upkeep.erasure import rows

Approval = dict[str, str]
"""Who approved, and when: `name` and `at`."""


def erase(store: Store, ephemeral: Ephemeral, record_id: str, by: list[Approval]) -> dict[str, Any]:
    """Erase a withheld comment and return its tombstone, once nothing of it is left in the store.

    Raises `Conflict` when it is not withheld. After a crash the next start finishes the work.
    """
    tombstone, pictures, files = store.write(lambda tx: _erase(tx, store, record_id, by))
    for name in pictures:
        ephemeral.drop(name)
    store.write(lambda tx: blobs.withdraw(tx, store.folder, sorted(files)))
    store.scrub()
    return tombstone


def _erase(
    tx: Connection, store: Store, record_id: str, by: list[Approval]
) -> tuple[dict[str, Any], set[str], set[str]]:
    row = withheld.find(tx, record_id)
    if row is None:
        raise Conflict("Kommentaren är inte spärrad.", next_step="Spärra den först.")
    why = {"at": row.at, "by": row.by, "reason": row.reason, "source": row.source}
    tombstone = {**rows.tombstone_of(tx, record_id), "at": store.clock.now(), "by": by,
                 "withheld": why}
    pictures, unneeded = rows.take_out(tx, tombstone)
    bury(tx, tombstone)
    rows.must_scrub(tx)
    return tombstone, pictures, unneeded


def again(store: Store, tombstones: list[dict[str, Any]], tree_size: int) -> int:
    """Erase from a restored copy what was erased after it was made; return how many there were.

    Only the copy's own `tree_size` entries are the ones that the tombstones mean.
    """

    def job(tx: Connection) -> list[set[str]]:
        pending = [{**one, "entries": [index for index in one["entries"] if index < tree_size]}
                   for one in tombstones if not withheld.tombstone(tx, one["record_id"])]
        files = [rows.take_out(tx, one)[1] for one in pending]
        for one in pending:
            bury(tx, one)
        if pending:
            rows.must_scrub(tx)
        return files

    done = store.write(job)
    files = set().union(*done)
    store.write(lambda tx: blobs.withdraw(tx, store.folder, sorted(files)))
    if done:
        store.scrub()
    return len(done)


def bury(tx: Connection, tombstone: dict[str, Any]) -> None:
    """Keep the tombstone; repeat is harmless."""
    body = json.dumps(tombstone, ensure_ascii=False, sort_keys=True).encode()
    documents.put(tx, withheld.TOMBSTONE, tombstone["record_id"], body, "desk",
                  str(tombstone["at"]))
