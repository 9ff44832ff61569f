"""Write everything that a Bevara has saved, in formats that anybody can read without it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from bevara import __version__
from bevara.archive.exit import listing
from bevara.archive.exit.folder import FIELD, Folder, written_aside
from bevara.archive.exit.layout import (
    FORMAT,
    LIST,
    LOG,
    PAGE,
    PICTURES,
    PROOF,
    README,
    ROWS,
    SCRIPT,
    document_name,
    ending,
    exported,
    row_written,
)
from bevara.archive.packages.parts import CHUNK
from bevara.errors import Invalid, NotFound
from bevara.kernel import blobs, ledger, migrate, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.upkeep import backup, database_file, leave_out, working
from bevara.upkeep.copies import REGISTER

AT_ONCE = 500
"""Rows in memory."""


@dataclass(frozen=True)
class Exported:
    """Where the export is, and how much is in it; `root` is the log's, in base64."""

    folder: str
    comments: int
    documents: int
    pictures: int
    entries: int
    root: str


def export(data_dir: Path, target: Path, clock: Clock) -> Exported:
    """Write the register of `data_dir` to the new folder `target`, also beside a running Bevara.

    What is withheld is left out as it is of a second copy; what is closed goes along with its mark.
    Raises `NotFound`, `Invalid` naming the folder, `Busy`, `DiskFull`, `StoreFailed`.
    """
    source = data_dir / "register"
    if not (source / "bevara.sqlite").exists():
        raise NotFound("Det finns inget att exportera än.", next_step="Starta Bevara först.")
    if target.absolute().is_relative_to(data_dir.absolute()):
        raise Invalid(FIELD, "Exporten får inte ligga i Bevaras egen mapp.", "Ange en annan mapp.")
    keys = Keys(data_dir)
    with _snapshot(data_dir) as connection, written_aside(target) as aside:
        folder = Folder(aside)
        try:
            return _written(folder, source, connection, keys, clock, target)
        finally:
            folder.close()


def _written(
    folder: Folder, source: Path, connection: Connection, keys: Keys, clock: Clock, target: Path
) -> Exported:
    for table in exported():
        rows = _Rows(folder, source, connection)
        folder.write(f"{ROWS}/{table.name}.jsonl", rows.of(table))
    log = _log(connection, keys, clock)
    folder.write(LOG, [json.dumps(log, ensure_ascii=False, indent=1).encode()])
    folder.write(LIST, listing.as_csv(connection))
    folder.write(PAGE, listing.as_page(connection))
    for package, name in ((__package__, README), (__package__, SCRIPT),
                          ("bevara.records.proof", PROOF)):
        folder.write(name, [(resources.files(str(package)) / name).read_bytes()])
    folder.finish(keys.sign)
    count = listing.counts(connection)
    return Exported(str(target), count["records"], count["documents"], count["blobs"],
                    count["ledger_entries"], str(log["root"]))


def _log(connection: Connection, keys: Keys, clock: Clock) -> dict[str, Any]:
    """Return what the log is called, whose it is, and its last checkpoint."""
    origin = connection.execute(
        select(tables.meta.c.value).where(tables.meta.c.key == "origin")).scalar_one()
    size = ledger.size(connection)
    return {
        "format": FORMAT, "version": __version__, "migration": migrate.HEAD,
        "made_at": clock.now(), "origin": origin,
        "public_key": base64.b64encode(keys.public).decode(), "size": size,
        "root": base64.b64encode(ledger.root(connection, size)).decode(),
        "checkpoint": ledger.checkpoint(connection, keys, origin)}


class _Rows:
    """The lines of a table, with the files that they name written on the way."""

    def __init__(self, folder: Folder, source: Path, connection: Connection) -> None:
        self._folder, self._source, self._connection = folder, source, connection

    def of(self, table: Table) -> Iterator[bytes]:
        """Yield the rows of a table by its key."""
        found = self._connection.execution_options(yield_per=AT_ONCE).execute(
            select(table).order_by(*table.primary_key.columns))
        for row in found:
            yield row_written(table, row, self._file(table, row))

    def _file(self, table: Table, row: Any) -> str | None:
        if table is tables.documents:
            return self._document(row)
        return self._picture(row) if table is tables.blobs else None

    def _document(self, row: Any) -> str | None:
        """Return the name of a document's file; none for what is withheld."""
        if not row.body:
            return None
        name = document_name(row.ledger_index, row.kind)
        self._folder.write(name, [row.body])
        return name

    def _picture(self, row: Any) -> str:
        digest = row.sha256.removeprefix("sha256:")
        if row.body is not None:
            name = f"{PICTURES}/{digest[:2]}/{digest}.{ending(row.body)}"
            self._folder.write(name, [row.body])
            return name
        path = blobs.path_of(self._source, row.sha256)
        with path.open("rb") as file:
            name = f"{PICTURES}/{digest[:2]}/{digest}.{ending(file.read(4))}"
            file.seek(0)
            self._folder.write(name, iter(lambda: file.read(CHUNK), b""))
        return name


@contextmanager
def _snapshot(data_dir: Path) -> Iterator[Connection]:
    """Give the database as it is now, without what is withheld; the copy is gone afterwards.

    It is made where copies are prepared: until it is emptied of what is withheld it has that too,
    which may not lie where the export does, not even for a moment. Raises `Busy`.
    """
    with working.alone(data_dir) as work:
        backup.snapshot(data_dir / "register" / "bevara.sqlite", work / REGISTER)
        leave_out.leave_out(work / REGISTER)
        with database_file.opened(work / REGISTER) as connection:
            yield connection
