"""Look on while a package is on its way: progress, the lease, a pause, and what must not go."""

from __future__ import annotations

import time
from collections.abc import Callable

from bevara.archive.delivery import rows, shutting
from bevara.archive.delivery.rows import Claim
from bevara.archive.receivers import Stopped
from bevara.diary.delivery.outbox import later
from bevara.kernel.store import Store

EVERY = 1.0
"""Seconds between looks: a page shows where it stands, and *Spärra nu* stops it within one."""


class Overtaken(Exception):
    """Another worker has the delivery."""


class Shut(Exception):
    """Something in the package was closed, withheld or erased after it was packed."""


class Watching:
    """The `Watch` of a delivery; `limit` is in bytes each second.

    `carries_secret` says whether the receiver may have closed content.
    """

    def __init__(
        self, store: Store, taken: Claim, limit: int, carries_secret: bool,
        paused: Callable[[], bool]
    ) -> None:
        self._store, self._taken, self._limit, self._paused = store, taken, limit, paused
        self._carries_secret = carries_secret
        self._looked, self._since = float("-inf"), -1

    @property
    def limit(self) -> int:
        """Return the most bytes each second, or 0."""
        return self._limit

    def moved(self, so_far: int) -> None:
        """Keep how far it has come; raise `Stopped`, `Overtaken` or `Shut`."""
        if time.monotonic() - self._looked < EVERY:
            return
        now = shutting.now(self._store)
        if shutting.shut(self._store, self._taken.id, self._carries_secret, self._since):
            raise Shut
        self._since = now
        self.go_on(so_far)

    def go_on(self, so_far: int = 0) -> None:
        """Keep the delivery a while longer, as while it is packed; else as `moved`."""
        if time.monotonic() - self._looked < EVERY:
            return
        self._looked = time.monotonic()
        until = later(self._store.clock.now(), rows.LEASE)
        if not rows.change(self._store, self._taken, moved=so_far, lease_until=until):
            raise Overtaken
        if self._paused():
            raise Stopped
