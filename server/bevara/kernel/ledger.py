"""The ledger: an append-only Merkle tree over salted commitments to what happened.

The tree can be shown to anyone: a commitment says nothing without its salt, so removing an entry
(gallring) later removes its meaning and leaves the tree whole.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select, update

from bevara.kernel import merkle, signed_note
from bevara.kernel.keys import Keys
from bevara.kernel.statements import Statement
from bevara.kernel.tables import ledger_entries, ledger_nodes
from bevara.kernel.text import storable

_LAST = Statement(select(ledger_entries.c.idx, ledger_entries.c.commitment)
                  .order_by(ledger_entries.c.idx.desc()).limit(1))
_NODE = Statement(select(ledger_nodes.c.hash).where(
    ledger_nodes.c.level == bindparam("level"), ledger_nodes.c.pos == bindparam("pos")))
_ADD_ENTRY, _ADD_NODE = Statement(insert(ledger_entries)), Statement(insert(ledger_nodes))
_TAIL = "bevara.ledger"


@dataclass(frozen=True)
class Leaf:
    """Where an entry stands: its index, and the tree right after it."""

    index: int
    tree_size: int
    root: bytes


@dataclass(frozen=True)
class _Tail:
    """The right edge of the tree after its last leaf: the whole subtrees, the largest first.

    A connection remembers it. It is good for exactly the tree that ends in `commitment`, which
    a random salt makes unlike every other, so that a rolled-back append is noticed.
    """

    size: int
    commitment: bytes
    peaks: tuple[bytes, ...]


def size(connection: Connection) -> int:
    """Return the number of entries."""
    last = _LAST.first(connection)
    return last[0] + 1 if last else 0


def append(tx: Connection, entry: dict[str, object]) -> Leaf:
    """Add `entry` (JSON) as the next leaf; return its place and the new root."""
    text = storable(json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    salt = secrets.token_bytes(32)
    return bring(tx, text, salt, commitment(salt, text))


def bring(tx: Connection, text: str, salt: bytes, sealed: bytes) -> Leaf:
    """Add a leaf as another ledger had it, with its own salt and commitment."""
    tail = _tail(tx)
    grown, peaks = _grow(tail, merkle.leaf_hash(sealed))
    _ADD_ENTRY.rows(tx, idx=tail.size, entry=text, salt=salt, commitment=sealed)
    _ADD_NODE.many(tx, grown)
    tx.info[_TAIL] = _Tail(tail.size + 1, sealed, peaks)
    return Leaf(tail.size, tail.size + 1, merkle.bag(peaks))


def _tail(tx: Connection) -> _Tail:
    last = _LAST.first(tx)
    if last is None:
        return _Tail(0, b"", ())
    count, sealed = last[0] + 1, bytes(last[1])
    known: _Tail | None = tx.info.get(_TAIL)
    if known and (known.size, known.commitment) == (count, sealed):
        return known
    return _Tail(count, sealed,
                 tuple(node(tx, *place) for place in merkle.peaks(count)))


def _grow(tail: _Tail, value: bytes) -> tuple[list[dict[str, object]], tuple[bytes, ...]]:
    peaks, level, pos = list(tail.peaks), 0, tail.size
    grown: list[dict[str, object]] = [{"level": 0, "pos": pos, "hash": value}]
    while pos & 1:
        value = merkle.node_hash(peaks.pop(), value)
        level, pos = level + 1, pos >> 1
        grown.append({"level": level, "pos": pos, "hash": value})
    return grown, (*peaks, value)


def empty(tx: Connection, indexes: Iterable[int]) -> None:
    """Take away what the entries say and their salts: the commitments, and so the tree, stay."""
    for index in indexes:
        tx.execute(update(ledger_entries).where(ledger_entries.c.idx == index)
                   .values(entry="", salt=b""))


def commitment(salt: bytes, entry: str) -> bytes:
    """Return SHA-256(salt || entry), 32 bytes."""
    return hashlib.sha256(salt + entry.encode()).digest()


def root(connection: Connection, tree_size: int) -> bytes:
    """Return the root of the first `tree_size` entries."""
    return merkle.root(lambda level, pos: node(connection, level, pos), tree_size)


def checkpoint(connection: Connection, keys: Keys, origin: str) -> str:
    """Return the signed checkpoint of the tree now."""
    count = size(connection)
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
    ((found,),) = _NODE.rows(connection, level=level, pos=pos)
    return bytes(found)
