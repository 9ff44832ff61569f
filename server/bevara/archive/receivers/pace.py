"""How fast a parcel goes: a token bucket, which also lets who looks on pause it."""

from __future__ import annotations

import time
from collections.abc import Callable

from bevara.archive.receivers import Watch

LARGEST, SMALLEST, NAP = 1 << 20, 4 << 10, 0.2
"""The bytes taken at a time, at most and at least, and the longest sleep between two looks."""


class Pace:
    """The bytes of one delivery, counted. What is read back counts against the limit too."""

    def __init__(
        self, watch: Watch, monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._watch, self._monotonic, self._sleep = watch, monotonic, sleep
        self._so_far, self._debt, self._looked = 0, 0.0, monotonic()

    @property
    def chunk(self) -> int:
        """Return how many bytes to take at a time: a fifth of a second's at the limit."""
        limit = self._watch.limit
        return max(SMALLEST, min(LARGEST, limit // 5)) if limit else LARGEST

    def stood(self, so_far: int) -> None:
        """Take note of how many bytes are there, whoever paid for them."""
        self._so_far = so_far
        self._watch.moved(so_far)

    def sent(self, count: int) -> None:
        """Count bytes that came to the archive, and wait until the next may go."""
        self._so_far += count
        self.waited(count)

    def waited(self, count: int) -> None:
        """Count bytes that are no news of the package, such as those read back."""
        self._watch.moved(self._so_far)
        self._paid()
        self._debt += count
        while self._watch.limit and self._debt >= 1:
            self._sleep(min(NAP, self._debt / self._watch.limit))
            self._paid()
            self._watch.moved(self._so_far)

    def _paid(self) -> None:
        """Let the time since the last look pay for what went."""
        now = self._monotonic()
        self._debt = max(0.0, self._debt - (now - self._looked) * self._watch.limit)
        self._looked = now
