"""Make the second copy in time: within five minutes of each capture, and once a day."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from bevara.config import Config
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.upkeep.backup_status import Status, attempt, read
from bevara.upkeep.erasure import everywhere

LOOK, PAUSE, DAY = 60, 150, 24 * 3600
"""Seconds between looks at the ledger, between copies while it grows, and between daily copies.

A capture that comes just after a copy was begun waits at most PAUSE + LOOK for the next.
"""
log = logging.getLogger(__name__)


class BackupSchedule:
    """A thread that looks at the ledger every minute while Bevara runs."""

    def __init__(self, config: Config, store: Store, *others: Store) -> None:
        self._config, self._store, self._others = config, store, others
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bevara-backup", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once, so that a restart catches up."""
        self._thread.start()

    def stop(self) -> None:
        """Make no more copies. One that is being made is left as if the power had gone."""
        self._stopped.set()

    def look(self) -> None:
        """Make a copy if one is due, then finish what erasures have left to do.

        A failure is kept for the pages and `doctor`, and the next look tries again.
        """
        with self._store.read() as connection:
            size = ledger.size(connection)
        status, now = read(self._config), self._store.clock.now()
        if is_due(status, size, now):
            attempt(self._config, self._store.clock, reread=is_old(status, now))
        for one in (self._store, *self._others):
            one.finish_scrub()
        if everywhere.pending(self._config):
            everywhere.clean_pending(self._config)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:
                log.exception("no second copy was made")
            self._stopped.wait(LOOK)


def is_due(status: Status, size: int, now: str) -> bool:
    """Tell whether a copy should be made now, when the ledger has `size` entries."""
    if status.folder is None or _between(status.tried_at, now, PAUSE):
        return False
    return status.problem is not None or status.tree_size != size or is_old(status, now)


def is_old(status: Status, now: str) -> bool:
    """Tell whether the latest copy is more than a day old."""
    return not _between(status.made_at, now, DAY)


def _between(then: str | None, now: str, seconds: int) -> bool:
    """Tell whether less than `seconds` have passed; a time to come counts as long ago."""
    if then is None:
        return False
    passed = datetime.fromisoformat(now) - datetime.fromisoformat(then)
    return 0 <= passed.total_seconds() < seconds
