"""Check that the log is unbroken and that the tree is the one that its entries make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, select

from bevara.kernel import ledger, merkle
from bevara.kernel.store import Store
from bevara.kernel.tables import ledger_entries, ledger_nodes


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield what is wrong with entries and tree."""
    level: list[bytes] = []
    for row in connection.execute(select(ledger_entries).order_by(ledger_entries.c.idx)):
        if row.idx != len(level):
            yield f"Loggen: post {len(level)} saknas."
            return
        if not _sealed(row):
            yield f"Loggen: post {row.idx} är ändrad."
        level.append(merkle.leaf_hash(bytes_of(row.commitment)))
    yield from _tree(connection, level)


def bytes_of(value: Any) -> bytes:
    """Return a binary column's value even when someone made text of it."""
    return value.encode(errors="replace") if isinstance(value, str) else bytes(value or b"")


def _sealed(row: Row[Any]) -> bool:
    return ledger.commitment(bytes_of(row.salt), str(row.entry)) == bytes_of(row.commitment)


def _tree(connection: Connection, leaves: list[bytes]) -> Iterator[str]:
    stored = {
        (row.level, row.pos): bytes_of(row.hash) for row in connection.execute(select(ledger_nodes))
    }
    made = {}
    height, nodes = 0, leaves
    while nodes:
        made.update({(height, pos): value for pos, value in enumerate(nodes)})
        nodes = [merkle.node_hash(*nodes[at:at + 2]) for at in range(0, len(nodes) - 1, 2)]
        height += 1
    if stored != made:
        yield "Loggen: trädet stämmer inte med posterna."
