"""Checkpoints as C2SP signed notes (tlog-checkpoint, signed-note with Ed25519)."""

from __future__ import annotations

import base64
import hashlib

from bevara.kernel.keys import Keys, verify


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Return an Ed25519 key as C2SP's signed-note writes it: name, key hash and key."""
    key = base64.b64encode(b"\x01" + public).decode()
    return f"{name}+{_key_hash(name, public).hex()}+{key}"


def sign(keys: Keys, origin: str, size: int, head: bytes) -> str:
    """Return the checkpoint text of a tree of `size` leaves with the root `head`."""
    body = f"{origin}\n{size}\n{base64.b64encode(head).decode()}\n"
    blob = _key_hash(origin, keys.public) + keys.sign(body.encode())
    return f"{body}\n— {origin} {base64.b64encode(blob).decode()}\n"


def read(text: str, origin: str, public: bytes) -> tuple[int, bytes]:
    """Return (size, root) of a checkpoint; raise `ValueError` unless `public` signed it."""
    body, _, tail = text.partition("\n\n")
    lines = body.split("\n")
    parts = tail.removesuffix("\n").split(" ")
    if len(lines) != 3 or lines[0] != origin or len(parts) != 3 or parts[:2] != ["—", origin]:
        raise ValueError("not a checkpoint of this ledger")
    blob = base64.b64decode(parts[2], validate=True)
    if blob[:4] != _key_hash(origin, public) or not verify(
        public, blob[4:], (body + "\n").encode()
    ):
        raise ValueError("the checkpoint is signed by another key")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)
