"""The Merkle tree of RFC 6962 (section 2.1), its proofs, and how to check them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

EMPTY = hashlib.sha256(b"").digest()

Nodes = Callable[[int, int], bytes]
"""Return the hash of the complete subtree of 2**level leaves at position `pos`."""


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def subtree(nodes: Nodes, start: int, size: int) -> bytes:
    """Return the hash of `size` leaves from `start`, which is a multiple of the size's power."""
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    left = _split(size)
    return node_hash(subtree(nodes, start, left), subtree(nodes, start + left, size - left))


def peaks(size: int) -> list[tuple[int, int]]:
    """Return (level, pos) of the whole subtrees that make up `size` leaves, the largest first."""
    return [(level, (size >> level) - 1)
            for level in reversed(range(size.bit_length())) if size >> level & 1]


def bag(hashes: Sequence[bytes]) -> bytes:
    """Return the tree head over whole subtrees, the largest first; not for an empty tree."""
    *rest, value = hashes
    for left in reversed(rest):
        value = node_hash(left, value)
    return value


def root(nodes: Nodes, size: int) -> bytes:
    """Return the tree head of the first `size` leaves."""
    return subtree(nodes, 0, size)


def inclusion(nodes: Nodes, index: int, size: int, start: int = 0) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of `size` leaves (RFC 6962, 2.1.1)."""
    if size == 1:
        return []
    left = _split(size)
    if index < left:
        return [*inclusion(nodes, index, left, start), subtree(nodes, start + left, size - left)]
    path = inclusion(nodes, index - left, size - left, start + left)
    return [*path, subtree(nodes, start, left)]


def consistency(nodes: Nodes, old: int, size: int) -> list[bytes]:
    """Return the proof that the first `old` leaves are unchanged (RFC 6962, 2.1.2)."""
    if old in (0, size):
        return []
    return _consistency(nodes, old, 0, size, True)


def _consistency(nodes: Nodes, old: int, start: int, size: int, whole: bool) -> list[bytes]:
    if old == size:
        return [] if whole else [subtree(nodes, start, size)]
    left = _split(size)
    if old <= left:
        proof = _consistency(nodes, old, start, left, whole)
        return [*proof, subtree(nodes, start + left, size - left)]
    proof = _consistency(nodes, old - left, start + left, size - left, False)
    return [*proof, subtree(nodes, start, left)]


def check_inclusion(leaf: bytes, index: int, size: int, path: list[bytes], head: bytes) -> bool:
    """Tell whether `path` leads from `leaf` to `head` (RFC 9162, 2.1.3.2)."""
    if index >= size:
        return False
    here, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node_hash(step, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, step)
        here, last = here >> 1, last >> 1
    return last == 0 and value == head


def check_consistency(
    old: int, size: int, proof: list[bytes], old_head: bytes, head: bytes
) -> bool:
    """Tell whether `proof` shows that `head` continues `old_head` (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not proof and old_head == head
    if old == 0:
        return not proof
    if old > size or not proof:
        return False
    steps = [old_head, *proof] if old & (old - 1) == 0 else proof
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_head and second == head
