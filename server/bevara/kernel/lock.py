"""One process per store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bevara.errors import Busy


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


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
