"""A thread that brings what is due while Bevara runs, and reads what the archive answers."""

from __future__ import annotations

import logging
import threading
import time

from bevara.archive.delivery import receipts, rows
from bevara.archive.delivery.sync import Sync
from bevara.kernel.store import Store

LOOK, ANSWERS, STOPPING = 5.0, 60.0, 10.0
"""Seconds between looks for deliveries, and for receipts; and what a stop waits at most."""
log = logging.getLogger(__name__)


class ArchiveSchedule:
    """One attempt at a time: a package on its way does not hold up what goes to the diary."""

    def __init__(self, sync: Sync, *stores: Store) -> None:
        self._sync, self._stores = sync, stores
        self._stopped = sync.stopping
        self._thread = threading.Thread(target=self._run, name="bevara-archive", daemon=True)
        self._answered = float("-inf")

    def start(self) -> None:
        """Begin, with a look at once, so that a restart catches up."""
        for store in self._stores:
            rows.let_go(store)
        self._thread.start()

    def stop(self) -> None:
        """Begin nothing more. What is on its way is taken up again at the next start."""
        self._stopped.set()
        if self._thread.ident:
            self._thread.join(STOPPING)

    def look(self) -> None:
        """Bring what is due, and read what was answered."""
        for store in self._stores:
            self._sync.all_due(store)
        receiver = self._sync.way().receiver
        if receiver and time.monotonic() - self._answered >= ANSWERS:
            self._answered = time.monotonic()
            receipts.collect([*self._stores], receiver)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:
                log.exception("nothing was brought to the archive")
            self._stopped.wait(LOOK)
