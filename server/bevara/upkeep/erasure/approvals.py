"""Two people, each with an address of their own that is good once, for half an hour.

Kept in memory: a restart forgets what waits, and it is begun anew. Bevara cannot know that two
people typed the two names; what it can do is ask for two different ones, give each an address and
log both.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field

from bevara.errors import Invalid, NotFound

SECONDS = 1800
ERASE, LIFT = "erase", "lift"


@dataclass
class Request:
    """What waits for two people: `purpose` erase or lift, and who has approved, with the time."""

    practice: bool
    record_id: str
    purpose: str
    until: float
    by: list[dict[str, str]] = field(default_factory=list)


class Approvals:
    """The requests of one running Bevara; the newest for a comment replaces the one before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, Request] = {}

    def open(self, practice: bool, record_id: str, purpose: str) -> tuple[str, str]:
        """Begin, and return the keys of the two addresses."""
        keys = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        request = Request(practice, record_id, purpose, time.monotonic() + SECONDS)
        with self._lock:
            self._waiting = {key: one for key, one in self._waiting.items()
                             if (one.practice, one.record_id) != (practice, record_id)}
            self._waiting |= dict.fromkeys(keys, request)
        return keys

    def look(self, key: str) -> Request:
        """Return what a fresh key is about; raise `NotFound`."""
        with self._lock:
            return self._look(key)

    def approve(self, key: str, name: str, at: str) -> Request:
        """Use the key up; raise `NotFound`, or `Invalid` when the other person has this name."""
        with self._lock:
            request = self._look(key)
            if any(one["name"].casefold() == name.casefold() for one in request.by):
                raise Invalid("by", "Det namnet har redan godkänt.",
                              "Den andra personen skriver sitt eget namn.")
            del self._waiting[key]
            request.by.append({"name": name, "at": at})
            return request

    def _look(self, key: str) -> Request:
        request = self._waiting.get(key)
        if request is None or request.until < time.monotonic():
            raise NotFound("Adressen är redan använd eller för gammal.",
                           next_step="Begär två nya adresser.")
        return request
