"""The person at this computer: a one-time address, then a cookie, all in memory."""

from __future__ import annotations

import hmac
import secrets
import threading
import time

SECONDS = 300


class Sessions:
    """One-time keys (five minutes) and the cookies that they are exchanged for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._once: dict[str, float] = {}
        self._sessions: dict[str, str] = {}

    def invite(self) -> str:
        """Return a key that signs one person in once."""
        key = secrets.token_urlsafe(24)
        with self._lock:
            self._once[key] = time.monotonic() + SECONDS
        return key

    def enter(self, key: str) -> str | None:
        """Return a new session's cookie for a fresh key, or None."""
        with self._lock:
            until = self._once.pop(key, 0.0)
            if until < time.monotonic():
                return None
            cookie = secrets.token_urlsafe(32)
            self._sessions[cookie] = secrets.token_urlsafe(16)
            return cookie

    def csrf(self, cookie: str) -> str | None:
        """Return the form token of a session, or None when there is no such session."""
        with self._lock:
            return self._sessions.get(cookie)

    def valid_csrf(self, cookie: str, token: str) -> bool:
        """Tell whether a form came from this session's own page."""
        known = self.csrf(cookie)
        return known is not None and hmac.compare_digest(known, token)
