"""Passwords: argon2id (RFC 9106), and how often somebody may guess.

Long rather than odd, as NIST SP 800-63B 5.1.1.2 has it: no kinds of characters are asked for, and
none changes by itself. Nothing here keeps or logs a password.
"""

from __future__ import annotations

import threading
import time
import unicodedata
from collections import deque
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bevara.errors import Invalid, Quota
from bevara.web.translations import N_

SHORTEST, LONGEST = 12, 200
SECONDS = 900
GUESSES, GUESSES_FROM_ONE_ADDRESS = 8, 40
AT_ONCE = 2
"""How many are tried at once: each takes 64 MB, and anyone may send them."""


class TooMany(Quota):
    title = "För många försök"
    wait = SECONDS


class Passwords:
    """Makes and tries hashes; counts guesses per name and per address, in memory."""

    def __init__(self, memory: int) -> None:
        """`memory` is KiB per hash."""
        self._hasher = PasswordHasher(memory_cost=memory)
        self._turn = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._guesses: dict[str, deque[float]] = {}

    def hashed(self, text: str) -> str:
        """Return the hash to keep."""
        with self._turn:
            return self._hasher.hash(_normal(text))

    def fits(self, kept: str | None, text: str) -> bool:
        """Tell whether `text` is the password of a kept hash; as slow when there is none."""
        with self._turn:
            try:
                found = self._hasher.verify(kept or self._nobodys, _normal(text))
            except (VerificationError, InvalidHashError):
                return False
        return found and kept is not None

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("ingen")

    def guess(self, name: str, address: str) -> None:
        """Count a try before it is made; raise `TooMany` when the last quarter has had enough."""
        with self._lock:
            self._forget_old()
            for key, most in ((f"name {name}", GUESSES),
                              (f"from {address}", GUESSES_FROM_ONE_ADDRESS)):
                if len(self._guesses.get(key, ())) >= most:
                    raise TooMany(N_("Vänta en kvart och försök igen."))
            for key in (f"name {name}", f"from {address}"):
                self._guesses.setdefault(key, deque()).append(time.monotonic())

    def right(self, name: str, address: str) -> None:
        """Forget the tries of a name that turned out to be who they said."""
        with self._lock:
            self._guesses.pop(f"name {name}", None)
            if (same := self._guesses.get(f"from {address}")) and same:
                same.pop()

    def _forget_old(self) -> None:
        since = time.monotonic() - SECONDS
        for key, times in list(self._guesses.items()):
            while times and times[0] < since:
                times.popleft()
            if not times:
                del self._guesses[key]


def check_chosen(text: str, again: str, name: str) -> None:
    """Raise `Invalid` for a password that is too short, too long, the name or not typed twice."""
    normal = _normal(text)
    if len(normal) < SHORTEST:
        raise Invalid("password", N_("Lösenordet är för kort."),
                      N_("Skriv minst tolv tecken. Tre eller fyra ord går bra."))
    if len(normal) > LONGEST:
        raise Invalid("password", N_("Lösenordet är för långt."), N_("Skriv högst 200 tecken."))
    if name.casefold() in normal.casefold() or len(set(normal)) < 5:
        raise Invalid("password", N_("Lösenordet är för lätt att gissa."),
                      N_("Använd inte ditt namn, och inte samma tecken om och om igen."))
    if normal != _normal(again):
        raise Invalid("again", N_("Lösenorden är inte lika."), N_("Skriv samma lösenord igen."))


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
