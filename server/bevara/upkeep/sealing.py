"""How a file of a copy is written: as it is, or sealed with a passphrase.

A sealed file is `BEVARA1\\n`, a salt of 16 bytes, then the content in chunks of 1 MiB, each
followed by its 16-byte AES-256-GCM tag. The file's key is HKDF-SHA256 of the copy's key with the
salt and the file's name as info, so that no file passes for another. A chunk's nonce is its number
in 11 bytes and then 1 for the last chunk, else 0, so that none can be left out. The salt is an
HMAC of name and content: a picture that must be written again becomes the same file, as the
manifests of earlier copies say, and no key ever meets two contents. The copy's key is the first
half of 64 bytes of scrypt, the key of names and salts the second; n, r, p and salt stand in the
manifest.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from bevara.errors import Invalid
from bevara.upkeep.settings import PASSPHRASE

MAGIC, SALT, CHUNK, TAG = b"BEVARA1\n", 16, 1 << 20, 16
COST = {"n": 1 << 16, "r": 8, "p": 1}


class Envelope(Protocol):
    """How one copy names its pictures, and writes and reads its files."""

    parameters: dict[str, Any] | None

    def name(self, blob: str) -> str:
        """Return the name of the file that holds the blob."""

    def write(self, source: BinaryIO, target: BinaryIO, name: str) -> None:
        """Write what `source`, which can be read twice, holds."""

    def read(self, source: BinaryIO, target: BinaryIO, name: str) -> None:
        """Write to `target` what was once written; raise `ValueError` when it is changed."""


class Plain:
    """Files as they are."""

    parameters: dict[str, Any] | None = None

    def name(self, blob: str) -> str:
        """Return the blob's hash."""
        return blob.removeprefix("sha256:")

    def write(self, source: BinaryIO, target: BinaryIO, name: str) -> None:
        """Write the same bytes."""
        shutil.copyfileobj(source, target, CHUNK)

    read = write


class Sealed:
    """Files that only the passphrase opens; their names say nothing of what they hold."""

    def __init__(self, passphrase: bytes, parameters: dict[str, Any] | None = None) -> None:
        """Derive new keys, or those of `parameters`; raise `Invalid` for another passphrase."""
        salt = bytes.fromhex(parameters["salt"]) if parameters else os.urandom(SALT)
        secret = Scrypt(salt, 64, **COST).derive(passphrase)
        self._key, self._naming = secret[:32], secret[32:]
        check = self.name("check")
        self.parameters: dict[str, Any] | None = {
            "kdf": "scrypt", **COST, "salt": salt.hex(), "check": check}
        if parameters and parameters != self.parameters:
            raise Invalid(PASSPHRASE, "Lösenfrasen är inte den som kopian krypterades med.",
                          "Leta fram lösenfrasen som gällde när kopian gjordes.")

    def name(self, blob: str) -> str:
        """Return HMAC-SHA256 of the blob's name."""
        return hmac.digest(self._naming, blob.encode(), hashlib.sha256).hex()

    def write(self, source: BinaryIO, target: BinaryIO, name: str) -> None:
        """Seal what `source` holds."""
        salt = self._salt(source, name)
        target.write(MAGIC + salt)
        cipher = self._cipher(salt, name)
        for nonce, chunk in _chunks(source, CHUNK):
            target.write(cipher.encrypt(nonce, chunk, None))

    def read(self, source: BinaryIO, target: BinaryIO, name: str) -> None:
        """Open what was sealed under `name`."""
        head = source.read(len(MAGIC) + SALT)
        if head[:len(MAGIC)] != MAGIC:
            raise ValueError("not a sealed file")
        cipher = self._cipher(head[len(MAGIC):], name)
        try:
            for nonce, chunk in _chunks(source, CHUNK + TAG):
                target.write(cipher.decrypt(nonce, chunk, None))
        except InvalidTag:
            raise ValueError("a sealed file is changed") from None

    def _salt(self, source: BinaryIO, name: str) -> bytes:
        made = hmac.new(self._naming, name.encode() + b"\0", hashlib.sha256)
        while chunk := source.read(CHUNK):
            made.update(chunk)
        source.seek(0)
        return made.digest()[:SALT]

    def _cipher(self, salt: bytes, name: str) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, salt, name.encode()).derive(self._key))


def phrases(text: bytes) -> list[bytes]:
    """Return the passphrases of a file: the one of today, then those that sealed earlier copies."""
    return [line for line in (one.strip() for one in text.splitlines()) if line]


def opened(text: bytes, parameters: dict[str, Any]) -> Sealed:
    """Return what reads files with these parameters; raise `Invalid` when no passphrase does."""
    for phrase in phrases(text):
        with suppress(Invalid):
            return Sealed(phrase, parameters)
    raise Invalid(PASSPHRASE, "Lösenfrasen är inte den som kopian krypterades med.",
                  "Leta fram lösenfrasen som gällde när kopian gjordes.")


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    number, chunk = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number.to_bytes(11, "big") + bytes([not following]), chunk
        if not following:
            return
        number, chunk = number + 1, following
