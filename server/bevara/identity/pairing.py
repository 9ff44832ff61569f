"""Pair a browser: a short code that a person reads on one page and types on another.

The code proves the helper to the browser (its last group) and the browser to the helper (an HMAC
over both keys), so that a program in between learns nothing it can use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time

from bevara.errors import BadPairing, PairingClosed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECONDS, TRIES = 120, 5


class Pairing:
    """At most one code at a time; good for two minutes, five tries and one browser."""

    def __init__(self, helper_key: bytes) -> None:
        self._helper_key = helper_key
        self._lock = threading.Lock()
        self._code: str | None = None
        self._until, self._tries = 0.0, 0
        self._user: str | None = None

    def open(self, user: str | None = None) -> str:
        """Start a new code, for a user, and return it as it is shown, `XXXX-XXXX-KKKK`."""
        with self._lock:
            self._user = user
            self._code = "".join(secrets.choice(ALPHABET) for _ in range(8))
            self._until, self._tries = time.monotonic() + SECONDS, TRIES
            return shown(self._code, self._helper_key)

    def close(self) -> None:
        """Let no browser use the code."""
        with self._lock:
            self._code = None

    def check(self, device_key: bytes, nonce: str, given: bytes) -> str | None:
        """Accept a browser's proof once and return whose code it was; raise `PairingClosed` or
        `BadPairing`.
        """
        with self._lock:
            if self._code is None or time.monotonic() > self._until or self._tries == 0:
                self._code = None
                raise PairingClosed("Koden har gått ut.")
            self._tries -= 1
            wanted = proof(self._code, self._helper_key, device_key, nonce)
            if not hmac.compare_digest(wanted, given):
                raise BadPairing("Koden stämmer inte.")
            self._code = None
            return self._user


def shown(code: str, helper_key: bytes) -> str:
    """Return the code with the group that proves the helper's key (20 bits)."""
    digest = hmac.digest(code.encode(), helper_key, hashlib.sha256)
    bits = int.from_bytes(digest[:3], "big") >> 4
    check = "".join(ALPHABET[bits >> shift & 31] for shift in (15, 10, 5, 0))
    return f"{code[:4]}-{code[4:]}-{check}"


def proof(code: str, helper_key: bytes, device_key: bytes, nonce: str) -> bytes:
    """Return HMAC-SHA256 over both raw keys and the browser's nonce."""
    return hmac.digest(code.encode(), helper_key + device_key + nonce.encode(), hashlib.sha256)


def decode_key(text: str) -> bytes:
    """Return a raw 32-byte key from base64; raise `BadPairing`."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadPairing("Webbläsarens nyckel går inte att läsa.", field="/device_key")
    return key
