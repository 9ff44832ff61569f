"""Read a store beside the process that holds it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from sqlalchemy import create_engine, select

from bevara.errors import Busy, NotFound
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.kernel.statements import Questions
from bevara.kernel.store import Store
from bevara.kernel.tables import meta


class Beside(Store):
    """A store that another process holds; it can be read and not written."""

    def _open(self) -> None:
        address = f"{(self.folder / 'bevara.sqlite').resolve().as_uri()}?mode=ro"
        self.engine = create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(address, uri=True, timeout=30,
                                                         check_same_thread=False))
        self._questions = Questions(self.engine)
        with self.read() as connection:
            self.origin = connection.execute(
                select(meta.c.value).where(meta.c.key == "origin")).scalar_one()

    def write(self, *_: object) -> NoReturn:
        """Raise `Busy`: only the process that holds the store writes."""
        raise Busy("Bevara är igång i ett annat program.", next_step="Stäng det först.")

    def close(self) -> None:
        """Let go of the database."""
        self._questions.close()
        self.engine.dispose()


@contextmanager
def reading(data_dir: Path, clock: Clock) -> Iterator[Store]:
    """Give the register in `data_dir`, held or read beside a running Bevara; raise `NotFound`."""
    folder = data_dir / "register"
    if not (folder / "bevara.sqlite").exists():
        raise NotFound("Det finns inget sparat än.", next_step="Starta Bevara först.")
    keys = Keys(data_dir)
    try:
        store = Store(folder, keys, clock)
    except Busy:
        store = Beside(folder, keys, clock)
    try:
        yield store
    finally:
        store.close()
