"""Look on while a package is on its way: progress, the lease, a pause, and what must not go."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import exists, select

from bevara.archive.delivery import rows
from bevara.archive.delivery.rows import Claim
from bevara.archive.receivers import Stopped
from bevara.diary.delivery.outbox import later
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_items, records

EVERY = 1.0
"""Seconds between looks: a page shows where it stands, and *Spärra nu* stops it within one."""


class Overtaken(Exception):
    """Another worker has the delivery."""


class Shut(Exception):
    """Something in the package was withheld or erased after it was packed."""


class Watching:
    """The `Watch` of a delivery; `limit` is in bytes each second."""

    def __init__(
        self, store: Store, taken: Claim, limit: int, paused: Callable[[], bool]
    ) -> None:
        self._store, self._taken, self._limit, self._paused = store, taken, limit, paused
        self._looked = float("-inf")

    @property
    def limit(self) -> int:
        """Return the most bytes each second, or 0."""
        return self._limit

    def moved(self, so_far: int) -> None:
        """Keep how far it has come; raise `Stopped`, `Overtaken` or `Shut`."""
        if time.monotonic() - self._looked < EVERY:
            return
        if shut(self._store, self._taken.id):
            raise Shut
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


def shut(store: Store, id_: str) -> bool:
    """Tell whether a comment in a delivery is withheld or gone since it was packed."""
    there = exists().where(records.c.id == archive_items.c.record_id,
                           records.c.withheld_at.is_(None))
    query = select(exists().where(
        archive_items.c.delivery_id == id_, archive_items.c.left_out.is_(None), ~there))
    with store.read() as connection:
        return bool(connection.execute(query).scalar())
