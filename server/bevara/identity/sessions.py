"""Who is signed in: a one-time address, then a cookie, all in memory.

On one computer the address makes its reader the owner. *Gemensam* it lets a user choose a password,
and the cookie belongs to the user who gave it.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from dataclasses import dataclass, field

SECONDS, A_DAY = 300, 24 * 3600
IDLE, LONGEST = 2 * 3600, 12 * 3600
"""Seconds that a user's session lives unused, and at most. The owner's lives with Bevara."""


@dataclass
class Session:
    """`user` is a user's id, or None for the owner of *en dator*; `at` is when it began."""

    user: str | None
    at: str
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    begun: float = field(default_factory=lambda: time.monotonic())
    used: float = field(default_factory=lambda: time.monotonic())

    def over(self, now: float) -> bool:
        """Tell whether it has lived too long."""
        return self.user is not None and (now - self.used > IDLE or now - self.begun > LONGEST)


class Sessions:
    """One-time keys and the sessions that they, or passwords, are exchanged for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._once: dict[str, tuple[float, str | None]] = {}
        self._sessions: dict[str, Session] = {}

    def invite(self, user: str | None = None) -> str:
        """Return a key that works once: five minutes for the owner, a day for a user."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._withdraw(user)
            self._once[key] = time.monotonic() + (A_DAY if user else SECONDS), user
        return key

    def invited(self, key: str) -> str | None:
        """Return the user whom a fresh key is for."""
        with self._lock:
            until, user = self._once.get(key, (0.0, None))
            return user if until >= time.monotonic() else None

    def use(self, key: str) -> str | None:
        """Return the user whom a fresh key is for; it works no more."""
        user = self.invited(key)
        with self._lock:
            return user if self._once.pop(key, None) else None

    def enter(self, key: str) -> str | None:
        """Return a new session's cookie for the owner's fresh key, or None."""
        with self._lock:
            until, user = self._once.get(key, (0.0, None))
            if user is not None or until < time.monotonic():
                return None
            del self._once[key]
        return self.begin(None, "")

    def begin(self, user: str | None, at: str) -> str:
        """Return a new session's cookie."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[cookie] = Session(user, at)
        return cookie

    def find(self, cookie: str) -> Session | None:
        """Return the session of a cookie, which is used by that, or None."""
        now = time.monotonic()
        with self._lock:
            found = self._sessions.get(cookie)
            if found is None:
                return None
            if found.over(now):
                del self._sessions[cookie]
                return None
            found.used = now
            return found

    def end(self, cookie: str) -> None:
        """Sign out."""
        with self._lock:
            self._sessions.pop(cookie, None)

    def end_one(self, id_: str) -> str | None:
        """End a session by its id; return whose it was, or None when there is none."""
        with self._lock:
            for cookie, one in self._sessions.items():
                if one.id == id_:
                    del self._sessions[cookie]
                    return one.user
        return None

    def end_all_of(self, user: str, but: str = "") -> None:
        """End a user's sessions, except that of the cookie `but`, and take back their keys."""
        with self._lock:
            self._withdraw(user)
            self._sessions = {cookie: one for cookie, one in self._sessions.items()
                              if one.user != user or cookie == but}

    def ongoing(self) -> list[Session]:
        """Return the users' sessions, newest first."""
        now = time.monotonic()
        with self._lock:
            found = [one for one in self._sessions.values() if one.user and not one.over(now)]
        return sorted(found, key=lambda one: one.begun, reverse=True)

    def _withdraw(self, user: str | None) -> None:
        if user is not None:
            self._once = {key: one for key, one in self._once.items() if one[1] != user}


def valid_csrf(session: Session | None, token: str) -> bool:
    """Tell whether a form came from this session's own page."""
    return session is not None and hmac.compare_digest(session.csrf.encode(), token.encode())
