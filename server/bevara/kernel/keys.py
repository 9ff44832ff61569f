"""The helper's own signing key, kept in a file that only its owner reads."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from bevara.kernel.lock import waiting

UNFINISHED = ".new"
FORGOTTEN = 600
"""Seconds after which nobody is still writing an unfinished file."""


def keyid(public: bytes) -> str:
    """Return the lower-hex SHA-256 of a raw public key (32 bytes)."""
    return hashlib.sha256(public).hexdigest()


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether `signature` is by the Ed25519 key `public` (32 raw bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class Keys:
    """The Ed25519 key of this installation; made once, at first start."""

    def __init__(self, folder: Path) -> None:
        path = folder / "helper.key"
        if not path.exists():
            _make(path)
        self._key = Ed25519PrivateKey.from_private_bytes(path.read_bytes())
        self.public = self._key.public_key().public_bytes_raw()
        self.keyid = keyid(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""
        return self._key.sign(message)


def _make(path: Path) -> None:
    """Write a new key unless another thread or process was first."""
    with waiting(path.parent):
        if not path.exists():
            write_private(path, Ed25519PrivateKey.generate().private_bytes_raw())


def write_private(path: Path, data: bytes) -> None:
    """Write a file with mode 0600, whole or not at all, and durable on return.

    Many may write the same file at once: one of them is the last. Raises `OSError`; the file is
    then as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with open(temporary, "xb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sweep_private(folder: Path) -> None:
    """Remove what a kill left of private files that were being written."""
    for path in folder.glob(f".*{UNFINISHED}"):
        if time.time() - path.stat().st_mtime > FORGOTTEN:
            path.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
