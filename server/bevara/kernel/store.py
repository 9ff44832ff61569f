"""One store: a database, a folder of blobs and a ledger, with one writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import DBAPIError

from bevara.kernel import blobs, migrate
from bevara.kernel.clock import Clock
from bevara.kernel.faults import translate
from bevara.kernel.keys import Keys
from bevara.kernel.lock import FolderLock
from bevara.kernel.tables import meta
from bevara.kernel.writer import Writer

T = TypeVar("T")


class Store:
    """The records of one body, in `folder`. Only one process may hold it.

    Opening raises `Busy` when another does, `DiskFull` or `ReadOnly` when it cannot write.
    """

    def __init__(self, folder: Path, keys: Keys, clock: Clock | None = None) -> None:
        self.folder, self.keys, self.clock = folder, keys, clock or Clock()
        try:
            self._open()
        except (OSError, DBAPIError) as error:
            raise translate(error) or error from error

    def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = FolderLock(self.folder)
        self.engine = connect(self.folder / "bevara.sqlite")
        try:
            with self.engine.begin() as tx:
                migrate.upgrade(tx)
            self._writer = Writer(self.engine)
            self.origin = self.write(self._name_ledger)
            with self.read() as connection:
                blobs.sweep(connection, self.folder)
        except BaseException:
            self.engine.dispose()
            self._lock.release()
            raise

    def write(self, job: Callable[[Connection], T]) -> T:
        """Run `job` in the writer's transaction; return when it is durable.

        Raises `DiskFull`, `ReadOnly` (both pass by themselves) or `StoreFailed` (until restart).
        """
        return self._writer.submit(job)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one committed state."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise translate(error) or error from error

    def blob(self, name: str) -> bytes:
        """Return a blob's bytes; raise `NotFound`."""
        with self.read() as connection:
            return blobs.get(connection, self.folder, name)

    @property
    def failed(self) -> bool:
        """Tell whether the disk has failed, so that nothing is stored before a restart."""
        return self._writer.failed is not None

    def close(self) -> None:
        """Finish waiting writes and let go of the folder."""
        self._writer.close()
        self.engine.dispose()
        self._lock.release()

    def _name_ledger(self, tx: Connection) -> str:
        row = tx.execute(select(meta.c.value).where(meta.c.key == "origin")).scalar()
        if row is None:
            row = f"bevara.local/{self.keys.keyid[:16]}/{self.folder.name}"
            tx.execute(insert(meta).values(key="origin", value=row))
        return row


def connect(path: Path) -> Engine:
    """Return an engine on the SQLite file `path`: WAL, synchronous=FULL, real transactions."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _open(raw: sqlite3.Connection, _record: Any) -> None:
        raw.isolation_level = None
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
