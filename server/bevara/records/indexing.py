"""Keep the index of words in step, in a thread of its own: no receipt waits for it."""

from __future__ import annotations

import logging
import sqlite3
import threading
from contextlib import suppress

from bevara.errors import BevaraError
from bevara.kernel.store import Store
from bevara.records import word_index

LOOK, REST = 2.0, 0.05
"""Seconds between looks when nothing waits, and between batches when something does."""
log = logging.getLogger(__name__)


class Indexing:
    """A thread that reads what has come since into the index; one that is damaged is made anew."""

    def __init__(self, *stores: Store) -> None:
        self._stores, self._stopped, self._said = stores, threading.Event(), False
        self._thread = threading.Thread(target=self._run, name="bevara-words", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            worked = [self._catch_up(store) for store in self._stores]
            self._stopped.wait(REST if any(worked) else LOOK)

    def _catch_up(self, store: Store) -> bool:
        try:
            worked, self._said = word_index.catch_up(store), False
            return worked
        except (sqlite3.OperationalError, BevaraError) as error:
            self._say_once("the index of words waits: %s", error)
        except sqlite3.DatabaseError as error:
            self._say_once("the index of words is made anew: %s", error)
            for file in store.folder.glob(f"{word_index.FILE}*"):
                with suppress(OSError):
                    file.unlink()
        return False

    def _say_once(self, words: str, error: Exception) -> None:
        if not self._said:
            log.warning(words, error)
        self._said = True
