"""Make a Bevara of an export: the same tree goes on here, under a new key and a new name."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from bevara.archive.exit.layout import (
    FORMAT,
    LOG,
    MANIFEST,
    ROWS,
    SIGNATURE,
    exported,
    row_read,
)
from bevara.errors import Invalid
from bevara.identity import users
from bevara.kernel import blobs, ledger, migrate, signed_note, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys, verify
from bevara.kernel.store import Store
from bevara.upkeep import taking_over, working
from bevara.upkeep.verify import Report

FIELD, BY = "MAPP", "import"
AT_ONCE = 500
AGAIN = "Gör en ny export, eller hämta den igen."
Files = dict[str, str]


@dataclass(frozen=True)
class Brought:
    """What was imported: from which log, its size and root (base64), and what `verify` found.

    `browsers` must pair again.
    """

    origin: str
    size: int
    root: str
    browsers: int
    report: Report


def bring(source: Path, data_dir: Path, clock: Clock) -> Brought:
    """Import the folder `source` into an empty `data_dir`; raise `Invalid`, and leave it as it was.

    Nothing is accepted before every file has its checksum, the list is signed with the log's key
    and the log leads to its signed root.
    """
    taking_over.demand_empty(data_dir)
    log, files = _checked(source)
    work = working.restoring(data_dir)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        browsers = _rebuilt(_Source(source, files), log, work, clock)
        report, _ = taking_over.prove(work, "register", clock)
        taking_over.move_in(work, data_dir)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Brought(log["origin"], log["size"], log["root"], browsers, report)


def _checked(source: Path) -> tuple[dict[str, Any], Files]:
    """Return the log's description and the list of checksums, once the list is known to be signed.
    """
    try:
        log = json.loads((source / LOG).read_bytes())
        listed = (source / MANIFEST).read_bytes()
        public = base64.b64decode(log["public_key"], validate=True)
        signature = (source / SIGNATURE).read_bytes()
        files = _files(listed.decode())
        known = log["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        raise Invalid(FIELD, f"{source} är ingen export ur Bevara.",
                      "Ange mappen där logg.json ligger.") from None
    if not known or log.get("migration") != migrate.HEAD:
        raise Invalid(FIELD, f"Exporten är gjord med Bevara {log.get('version')}.",
                      "Installera den versionen och försök igen.")
    if not verify(public, signature, hashlib.sha256(listed).digest()):
        raise _changed(MANIFEST)
    _demand_alike(source, files)
    return log, files


def _files(listed: str) -> Files:
    """Return the checksums of a list by the files' names; raise `ValueError`."""
    found = [line.partition("  ") for line in listed.splitlines()]
    files = {name: digest for digest, _, name in found}
    if len(files) != len(found) or any(not Path(name).parts or Path(name).is_absolute()
                                       or ".." in Path(name).parts for name in files):
        raise ValueError("not a list of files")
    return files


def _demand_alike(source: Path, files: Files) -> None:
    """Raise `Invalid` for a file that is missing, changed, a link or in no list."""
    there = {path.relative_to(source).as_posix() for path in source.rglob("*")
             if path.is_symlink() or not path.is_dir()}
    for name in sorted(there ^ {*files, MANIFEST, SIGNATURE}):
        raise _changed(name)
    for name, said in files.items():
        with (source / name).open("rb") as file:
            if (source / name).is_symlink() or hashlib.file_digest(
                    file, "sha256").hexdigest() != said:
                raise _changed(name)


def _changed(name: str) -> Invalid:
    return Invalid(FIELD, f"{name} saknas eller är ändrad. Inget är importerat.", AGAIN)


@dataclass(frozen=True)
class _Source:
    """The export's files, each read only if it is in the list."""

    folder: Path
    files: Files

    def read(self, name: str | None) -> bytes:
        if name not in self.files:
            raise _changed(str(name))
        return (self.folder / name).read_bytes()

    def rows(self, table: Table) -> Iterator[tuple[dict[str, Any], str | None]]:
        name = f"{ROWS}/{table.name}.jsonl"
        if name not in self.files:
            raise _changed(name)
        with (self.folder / name).open("rb") as lines:
            for line in lines:
                try:
                    yield row_read(table, line)
                except ValueError:
                    raise _changed(name) from None


def _rebuilt(source: _Source, log: dict[str, Any], work: Path, clock: Clock) -> int:
    """Fill a new store; return how many browsers it had. Raises `Invalid` for another root."""
    store = Store(work / "register", Keys(work), clock)
    try:
        store.write(lambda tx: _fill(tx, source, store.folder))
        with store.read() as connection:
            _demand_root(connection, log)
        stopped = taking_over.take_over(
            store, log["origin"], log["public_key"], log["checkpoint"])
        users.forget_passwords(store, BY)
        return stopped
    finally:
        store.close()


def _fill(tx: Connection, source: _Source, folder: Path) -> None:
    for table in exported():
        tx.execute(table.delete())
        if table is tables.ledger_entries:
            for row, _ in source.rows(table):
                ledger.bring(tx, row["entry"], row["salt"], row["commitment"])
        elif table is tables.blobs:
            _pictures(tx, source, folder)
        else:
            _rows(tx, source, table)


def _rows(tx: Connection, source: _Source, table: Table) -> None:
    rows = source.rows(table)
    while few := list(islice(rows, AT_ONCE)):
        tx.execute(insert(table), [_whole(source, table, *one) for one in few])


def _whole(
    source: _Source, table: Table, row: dict[str, Any], file: str | None
) -> dict[str, Any]:
    """Return a row with what the export left out, empty."""
    if table is tables.documents:
        return {**row, "body": source.read(file) if file else b""}
    if table is tables.devices:
        return {**row, "public_key": b""}
    return {**row, "password": None} if table is tables.users else row


def _pictures(tx: Connection, source: _Source, folder: Path) -> None:
    for row, file in source.rows(tables.blobs):
        data = source.read(file)
        if blobs.name_of(data) != row["sha256"]:
            raise _changed(str(file))
        blobs.put(tx, folder, row["sha256"], data)


def _demand_root(connection: Connection, log: dict[str, Any]) -> None:
    """Raise `Invalid` unless the tree is the one that the export's signed checkpoint says."""
    try:
        public = base64.b64decode(log["public_key"])
        said = signed_note.read(log["checkpoint"], log["origin"], public)
    except ValueError:
        raise _changed(LOG) from None
    size = ledger.size(connection)
    if said != (size, ledger.root(connection, size)):
        raise Invalid(FIELD, "Loggen i exporten leder till en annan rot. Inget är importerat.",
                      AGAIN)
