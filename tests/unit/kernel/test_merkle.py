"""The tree is RFC 6962's, checked against a plain reading of its text and published vectors."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from bevara.kernel import merkle

# The eight leaves and their roots that certificate-transparency-go publishes with RFC 6962.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def plain_root(leaves: list[bytes]) -> bytes:
    """Return MTH as section 2.1 writes it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + plain_root(leaves[:half]) + plain_root(leaves[half:])).digest()


def nodes_of(leaves: list[bytes]) -> merkle.Nodes:
    def node(level: int, pos: int) -> bytes:
        return plain_root(leaves[pos << level:(pos + 1) << level])

    return node


def test_the_published_roots() -> None:
    for size, root in enumerate(ROOTS, 1):
        assert merkle.root(nodes_of(LEAVES), size).hex() == root
    assert merkle.root(nodes_of([]), 0) == merkle.EMPTY


sizes = st.integers(1, 70)


@given(sizes, st.data())
def test_every_leaf_can_be_proven_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = [bytes([number]) for number in range(size)]
    nodes, head = nodes_of(leaves), plain_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, leaf = merkle.inclusion(nodes, index, size), merkle.leaf_hash(leaves[index])
    assert merkle.check_inclusion(leaf, index, size, path, head)
    assert not merkle.check_inclusion(merkle.leaf_hash(b"other"), index, size, path, head)
    assert not merkle.check_inclusion(leaf, size, size, path, head)
    assert not merkle.check_inclusion(leaf, index, size, [*path, bytes(32)], head)
    if path:
        assert not merkle.check_inclusion(leaf, index, size, path[:-1], head)
        other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
        assert not merkle.check_inclusion(leaf, other, size, path, head)


@given(sizes, st.data())
def test_growth_can_be_proven_and_a_change_cannot(size: int, data: st.DataObject) -> None:
    leaves = [bytes([number]) for number in range(size)]
    old = data.draw(st.integers(1, size))
    proof = merkle.consistency(nodes_of(leaves), old, size)
    old_head, head = plain_root(leaves[:old]), plain_root(leaves)
    assert merkle.check_consistency(old, size, proof, old_head, head)
    assert not merkle.check_consistency(old, size, proof, bytes(32), head)
    if old < size:
        assert not merkle.check_consistency(old, size, proof, old_head, bytes(32))
        assert not merkle.check_consistency(old, size, proof[:-1], old_head, head)
        changed = [b"changed", *leaves[1:]]
        assert not merkle.check_consistency(
            old, size, merkle.consistency(nodes_of(changed), old, size), old_head,
            plain_root(changed))


def test_the_examples_of_rfc_6962() -> None:
    """Section 2.1.3: the tree of seven leaves d0 to d6, its nodes named a to l."""
    leaves = [bytes([number]) for number in range(7)]
    nodes = nodes_of(leaves)
    a, b, c, d, e, f, j = (merkle.leaf_hash(leaf) for leaf in leaves)
    g, h, i = merkle.node_hash(a, b), merkle.node_hash(c, d), merkle.node_hash(e, f)
    k, left = merkle.node_hash(g, h), merkle.node_hash(i, j)
    assert merkle.root(nodes, 7) == merkle.node_hash(k, left)
    assert merkle.inclusion(nodes, 0, 7) == [b, h, left]
    assert merkle.inclusion(nodes, 3, 7) == [c, g, left]
    assert merkle.inclusion(nodes, 4, 7) == [f, j, k]
    assert merkle.inclusion(nodes, 6, 7) == [i, k]
    assert merkle.consistency(nodes, 3, 7) == [c, d, g, left]
    assert merkle.consistency(nodes, 4, 7) == [left]
    assert merkle.consistency(nodes, 6, 7) == [i, j, k]


# Proofs that certificate-transparency-go publishes over the leaves above: index, size and path.
PATHS = [
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
]


def test_the_published_paths() -> None:
    for index, size, path in PATHS:
        assert [step.hex() for step in merkle.inclusion(nodes_of(LEAVES), index, size)] == path
    found = merkle.consistency(nodes_of(LEAVES), 6, 8)
    assert [step.hex() for step in found] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]
