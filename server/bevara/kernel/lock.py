"""One process per store, and one at a time who changes a small file."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bevara.errors import Busy

PATIENCE, PAUSE = 10.0, 0.01
"""Seconds that one change waits for others, and between its attempts."""


class FolderLock:
    """An advisory lock on a file in the folder; the system frees it when the process dies."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError:
            os.close(self._handle)
            raise Busy(
                "Bevara är redan igång med den här mappen.",
                next_step="Använd det som är igång, eller stäng det först.",
            ) from None

    def release(self) -> None:
        """Let another process take the folder."""
        os.close(self._handle)


@contextmanager
def waiting(folder: Path) -> Iterator[None]:
    """Hold the folder alone, also against other threads; wait for it, then raise `Busy`."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            lock = FolderLock(folder)
            break
        except Busy:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE)
    try:
        yield
    finally:
        lock.release()


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
