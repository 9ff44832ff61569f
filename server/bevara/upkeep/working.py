"""Where a copy is prepared: readable databases, which nobody may find there afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bevara.errors import Busy
from bevara.kernel.lock import FolderLock

FOLDER, RESTORING = "copying", ".restoring"


@contextmanager
def alone(data_dir: Path) -> Iterator[Path]:
    """Give an empty folder of Bevara's own that no other copying uses; raise `Busy`."""
    work = data_dir / FOLDER
    work.mkdir(exist_ok=True)
    try:
        lock = FolderLock(work)
    except Busy:
        raise Busy("En säkerhetskopia görs redan.", next_step="Vänta tills den är klar.") from None
    try:
        _clear(work)
        yield work
    finally:
        _clear(work)
        lock.release()


def restoring(data_dir: Path) -> Path:
    """Return the folder beside `data_dir` where a copy is made into a Bevara."""
    return data_dir.absolute().with_name(data_dir.name + RESTORING)


def clear(data_dir: Path) -> bool:
    """Remove what killed copying and restoring left; return False while a copy is being made.

    A Bevara that holds `data_dir` cannot be restored into it: that half a restoring is nobody's.
    """
    shutil.rmtree(restoring(data_dir), ignore_errors=True)
    if not (data_dir / FOLDER).is_dir():
        return True
    try:
        with alone(data_dir):
            return True
    except Busy:
        return False


def _clear(work: Path) -> None:
    for path in work.iterdir():
        if path.name != "lock":
            path.unlink()
