"""The ledger: an append-only Merkle tree over salted commitments to what happened.

The tree can be shown to anyone: a commitment says nothing without its salt, so removing an entry
(gallring) later removes its meaning and leaves the tree whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from bevara.kernel import merkle, signed_note
from bevara.kernel.keys import Keys
from bevara.kernel.tables import ledger_entries, ledger_nodes
from bevara.kernel.text import storable


@dataclass(frozen=True)
class Leaf:
    """Where an entry stands: its index, and the tree right after it."""

    index: int
    tree_size: int
    root: bytes


def size(connection: Connection) -> int:
    """Return the number of entries."""
    return int(connection.execute(select(func.count()).select_from(ledger_entries)).scalar_one())


def append(tx: Connection, entry: dict[str, object]) -> Leaf:
    """Add `entry` (JSON) as the next leaf; return its place and the new root."""
    text = storable(json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    salt = secrets.token_bytes(32)
    sealed = commitment(salt, text)
    index = size(tx)
    tx.execute(insert(ledger_entries).values(idx=index, entry=text, salt=salt, commitment=sealed))
    _grow(tx, index, merkle.leaf_hash(sealed))
    return Leaf(index, index + 1, root(tx, index + 1))


def commitment(salt: bytes, entry: str) -> bytes:
    """Return SHA-256(salt || entry), 32 bytes."""
    return hashlib.sha256(salt + entry.encode()).digest()


def root(connection: Connection, tree_size: int) -> bytes:
    """Return the root of the first `tree_size` entries."""
    return merkle.root(lambda level, pos: node(connection, level, pos), tree_size)


def checkpoint(
    connection: Connection, keys: Keys, origin: str, tree_size: int | None = None
) -> str:
    """Return the signed checkpoint of the tree now, or at `tree_size`."""
    count = size(connection) if tree_size is None else tree_size
    return signed_note.sign(keys, origin, count, root(connection, count))


def consistency(connection: Connection, old: int, new: int) -> list[str]:
    """Return the proof, in base64, that the tree of `new` entries continues the one of `old`."""
    proof = merkle.consistency(lambda level, pos: node(connection, level, pos), old, new)
    return [base64.b64encode(step).decode() for step in proof]


def inclusion(connection: Connection, index: int, tree_size: int) -> list[str]:
    """Return the audit path, in base64, of the entry `index` in the tree of `tree_size`."""
    path = merkle.inclusion(lambda level, pos: node(connection, level, pos), index, tree_size)
    return [base64.b64encode(step).decode() for step in path]


def node(connection: Connection, level: int, pos: int) -> bytes:
    """Return a stored node's hash."""
    query = select(ledger_nodes.c.hash).where(
        ledger_nodes.c.level == level, ledger_nodes.c.pos == pos
    )
    return bytes(connection.execute(query).scalar_one())


def _grow(tx: Connection, index: int, value: bytes) -> None:
    level, pos = 0, index
    while True:
        tx.execute(insert(ledger_nodes).values(level=level, pos=pos, hash=value))
        if pos % 2 == 0:
            return
        value = merkle.node_hash(node(tx, level, pos - 1), value)
        level, pos = level + 1, pos // 2
