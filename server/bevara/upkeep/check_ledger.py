"""Check that the log is unbroken and that the tree is the one that its entries make.

The database joins what is stored to long strings that are compared whole; only a part that differs
is read row by row. So the check costs little more than the hashing (tests/bench).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.upkeep import check_withheld

PART = 1 << 14
"""Rows that are compared at a time: some megabytes of memory."""

BOUNDS = "select count(*), min(idx), max(idx) from ledger_entries"
SEALED = """select cast(salt || entry as blob), commitment from ledger_entries
    where idx >= ? and idx < ? order by idx"""
ENTRIES = """select idx, entry, salt, commitment from ledger_entries
    where idx >= ? and idx < ? order by idx"""
JOINED = """select cast(group_concat(hash, '') as blob), count(*),
    sum(typeof(hash) <> 'blob' or length(hash) <> 32 or typeof(pos) <> 'integer')
    from ledger_nodes where level = ? and pos >= ? and pos < ?"""
NODES = "select pos, hash from ledger_nodes where level = ? and pos >= ? and pos < ? order by pos"
NODE_COUNT = "select count(*) from ledger_nodes"


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield what is wrong with entries and tree."""
    count, first, last = _one(connection, BOUNDS)
    if count and (first, last) != (0, count - 1):
        yield f"Loggen: post {_gap(connection, count)} saknas."
        return
    erased = check_withheld.erased_entries(connection)
    yield from _left(connection, erased)
    leaves: list[bytes] = []
    for start in range(0, count, PART):
        rows = _part(connection, SEALED, start)
        seals = [row[1] for row in rows]
        if [hashlib.sha256(row[0] or b"").digest() for row in rows] != seals:
            yield from _changed(connection, start, erased)
            seals = [bytes_of(seal) for seal in seals]
        leaves += [hashlib.sha256(b"\x00" + seal).digest() for seal in seals]
    if not _is_tree(connection, leaves):
        yield "Loggen: trädet stämmer inte med posterna."


def bytes_of(value: Any) -> bytes:
    """Return a binary column's value even when someone made something else of it."""
    return value if isinstance(value, bytes) else str(value or "").encode(errors="replace")


def _part(connection: Connection, query: str, start: int) -> list[Any]:
    """Return the rows of a part, in the bare form that costs least."""
    found: Any = connection.exec_driver_sql(query, (start, start + PART)).cursor
    return list(found)


def _one(connection: Connection, query: str, *values: int) -> Any:
    return connection.exec_driver_sql(query, values).one()


def _gap(connection: Connection, count: int) -> int:
    """Return the first index that has no entry."""
    found = connection.exec_driver_sql("select idx from ledger_entries order by idx").scalars()
    return next((at for at, idx in enumerate(found) if at != idx), count)


def _left(connection: Connection, erased: set[int]) -> Iterator[str]:
    """Yield the erased entries that still say something or have a salt."""
    for idx in sorted(erased):
        found = connection.exec_driver_sql(
            "select entry, salt from ledger_entries where idx = ?", (idx,)).first()
        if found is None or tuple(found) != ("", b""):
            yield f"Loggen: post {idx} är raderad men finns kvar."


def _changed(connection: Connection, start: int, erased: set[int]) -> Iterator[str]:
    for idx, entry, salt, stored in _part(connection, ENTRIES, start):
        if idx in erased:
            continue
        if not isinstance(stored, bytes) or ledger.commitment(bytes_of(salt), str(entry)) != stored:
            yield f"Loggen: post {idx} är ändrad."


def _is_tree(connection: Connection, nodes: list[bytes]) -> bool:
    """Tell whether the stored nodes are those over these leaves, and no more."""
    level, count = 0, 0
    while nodes:
        count += len(nodes)
        if not all(_is_stored(connection, level, start, nodes[start:start + PART])
                   for start in range(0, len(nodes), PART)):
            return False
        pairs = iter(nodes)
        nodes = [hashlib.sha256(b"\x01" + left + right).digest()
                 for left, right in zip(pairs, pairs, strict=False)]
        level += 1
    return bool(_one(connection, NODE_COUNT)[0] == count)


def _is_stored(connection: Connection, level: int, start: int, made: list[bytes]) -> bool:
    """Compare in one string; no promise of SQLite's says that it joins in order or joins blobs."""
    end = start + len(made)
    joined, count, odd = _one(connection, JOINED, level, start, end)
    if (count, odd) == (len(made), 0) and joined == b"".join(made):
        return True
    found = connection.exec_driver_sql(NODES, (level, start, end))
    return [tuple(row) for row in found] == list(enumerate(made, start))
