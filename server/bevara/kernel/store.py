"""One store: a database, a folder of blobs and a ledger, with one writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, delete, event, insert, select
from sqlalchemy.exc import DBAPIError

from bevara.errors import BevaraError
from bevara.kernel import blobs, migrate, scrubbing, statements
from bevara.kernel.clock import Clock
from bevara.kernel.faults import translate
from bevara.kernel.keys import Keys
from bevara.kernel.lock import FolderLock
from bevara.kernel.statements import Questions, Statement
from bevara.kernel.tables import meta
from bevara.kernel.writer import Writer

T = TypeVar("T")
NO_PICTURES: Mapping[str, bytes] = {}


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
        self._questions = Questions(self.engine)
        try:
            blobs.make_folders(self.folder)
            with self.engine.begin() as tx:
                migrate.upgrade(tx)
            self._writer = Writer(self.engine)
            self.origin = self.write(self._name_ledger)
            with self.read() as connection:
                blobs.sweep(connection, self.folder)
            self.finish_scrub()
        except BaseException:
            self._let_go()
            raise

    def write(
        self, job: Callable[[Connection], T], pictures: Mapping[str, bytes] = NO_PICTURES
    ) -> T:
        """Run `job` in the writer's transaction; return when it is durable.

        The files of `pictures` (bytes by blob name), which `job` puts, are written in the
        caller's own thread, so that nobody waits for another's picture. Raises `DiskFull`,
        `ReadOnly` (both pass by themselves) or `StoreFailed` (until restart).
        """
        fresh: list[str] = []
        try:
            self._prepare(pictures, fresh)
            return self._writer.submit(job)
        except Exception:
            if fresh:
                with suppress(BevaraError, OSError):
                    self._writer.submit(lambda tx: blobs.withdraw(tx, self.folder, fresh))
            raise

    def _prepare(self, pictures: Mapping[str, bytes], fresh: list[str]) -> None:
        if not pictures:
            return
        with self._writer.guarded():
            for name, data in pictures.items():
                if blobs.prepare(self.folder, name, data, self._has_blob):
                    fresh.append(name)

    def _has_blob(self, name: str) -> bool:
        return self.find(blobs.KNOWN, name=name) is not None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one committed state."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise translate(error) or error from error

    def find(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Return the first row of one statement; quicker than `read`, and enough for one question.
        """
        try:
            return self._questions.first(statement, **values)
        except DBAPIError as error:
            raise translate(error) or error from error

    def blob(self, name: str) -> bytes:
        """Return a blob's bytes; raise `NotFound`."""
        with self.read() as connection:
            return blobs.get(connection, self.folder, name)

    def scrub(self) -> None:
        """Write the database anew without what was deleted, and empty its log; takes a while.

        What is derived from it goes first, and is made anew later.

        Raises `Busy` when another reader keeps the old pages for half a minute; `finish_scrub`
        tries again, as does the next start.
        """
        scrubbing.empty(self.folder / scrubbing.WORDS)
        scrubbing.drop_packages(self.folder)
        scrubbing.scrub(self.folder / "bevara.sqlite")
        self.write(lambda tx: tx.execute(delete(meta).where(meta.c.key == "scrub")).rowcount)

    def finish_scrub(self) -> None:
        """Do the scrub that an erasure asked for, unless it is done. Else as `scrub`."""
        with self.read() as connection:
            unfinished = connection.execute(
                select(meta.c.value).where(meta.c.key == "scrub")).first()
        if unfinished:
            self.scrub()

    @property
    def failed(self) -> bool:
        """Tell whether the disk has failed, so that nothing is stored before a restart."""
        return self._writer.failed is not None

    def close(self) -> None:
        """Finish waiting writes and let go of the folder."""
        self._writer.close()
        self._let_go()

    def _let_go(self) -> None:
        self._questions.close()
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
        raw.execute("PRAGMA secure_delete=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        statements.execute(connection, "BEGIN")

    return engine
