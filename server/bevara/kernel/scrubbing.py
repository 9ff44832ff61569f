"""Leave in a SQLite file nothing of what was deleted from it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bevara.errors import Busy
from bevara.kernel.faults import translate

WORDS, OUTGOING = "words.sqlite", "outgoing"
"""In a store's folder, what is derived from its comments: an index of words, by three letters at a
time, and the packages that wait to be sent to the archive."""
LOOKS = 100


def empty(path: Path) -> None:
    """Leave no word in the derived SQLite file `path`, which whoever made it makes anew.

    Raises `Busy` as `scrub`.
    """
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as raw:
        raw.execute("PRAGMA secure_delete=ON")
        for kind in ("CREATE VIRTUAL TABLE", "CREATE TABLE"):
            made = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            for name in [name for name, sql in made.fetchall() if sql.startswith(kind)]:
                raw.execute(f'DROP TABLE "{name}"')
    scrub(path)


def drop_packages(folder: Path) -> None:
    """Remove the packages that wait to be sent; they are made anew of what there is then.

    Whoever makes one meanwhile may name or remove files at the same time: look until none is left.
    """
    for _ in range(LOOKS):
        found = list((folder / OUTGOING).glob("*"))
        for path in found:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if not found:
            return
    raise Busy("Ett leveranspaket är i vägen.", next_step="Starta om Bevara.")


def scrub(path: Path) -> None:
    """Leave nothing in the SQLite file `path` and its log but the rows that are there.

    `secure_delete` zeroes a deleted cell but not what a rebuilt page leaves between its cells;
    VACUUM writes every page from the rows alone (sqlite.org/pragma.html#pragma_secure_delete).
    """
    try:
        with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as raw:
            raw.execute("PRAGMA secure_delete=ON")
            raw.execute("VACUUM")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise translate(error) or Busy(f"Databasen är upptagen ({error}).") from error
    if busy:
        raise Busy("Databasen är upptagen.", next_step="Starta om Bevara.")
