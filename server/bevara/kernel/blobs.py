"""Bytes named by their SHA-256: small ones in the database, large ones as files."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, select

from bevara.errors import NotFound
from bevara.kernel.keys import sync_folder
from bevara.kernel.statements import Statement
from bevara.kernel.tables import blobs

KNOWN = Statement(select(blobs.c.size).where(blobs.c.sha256 == bindparam("name")))
_NAMES = Statement(select(blobs.c.sha256))
_ADD = Statement(insert(blobs))
IN_DATABASE = 64 << 10
"""Bytes up to which a picture lies in its row.

Keeping one in its row takes a third of the time of a file with its fsyncs up to 128 KB, and two
thirds at 512 KB (median of 100 each, on two busy cores: 4 against 11 to 16 ms at 64 KB, 17 against
24 at 512; tests/bench/test_blobs.py). Yet the limit is not higher: a second copy reads and writes
the database whole each time, and each file once.
"""


def name_of(data: bytes) -> str:
    """Return `sha256:` and the lower-hex hash."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def path_of(folder: Path, name: str) -> Path:
    """Return where a large blob lies."""
    digest = name.removeprefix("sha256:")
    return folder / "blobs" / digest[:2] / digest


def prepare(folder: Path, name: str, data: bytes, has: Callable[[str], bool]) -> bool:
    """Make the file of a large blob durable ahead of its row; return whether one was written.

    A file whose row is there, as `has` tells, is left alone.

    This is the slow part of keeping a picture, and needs no transaction: many callers may do it
    at once. A file that gets no row is removed by `withdraw`, or by the next start.
    """
    if len(data) <= IN_DATABASE:
        return False
    path = path_of(folder, name)
    if path.exists() and has(name):
        return False
    _write(path, data)
    return True


def put(tx: Connection, folder: Path, name: str, data: bytes) -> None:
    """Keep `data` under its `name` together with the transaction.

    A large blob's file is durable before the row that names it can be committed.
    """
    if known(tx, name):
        return
    small = len(data) <= IN_DATABASE
    if not small and not path_of(folder, name).exists():
        _write(path_of(folder, name), data)
    _ADD.rows(tx, sha256=name, size=len(data), body=data if small else None)


def withdraw(tx: Connection, folder: Path, names: list[str]) -> None:
    """Remove files that were made ready for rows that did not come."""
    for name in names:
        if not known(tx, name):
            path_of(folder, name).unlink(missing_ok=True)


def known(connection: Connection, name: str) -> bool:
    """Tell whether a blob of that name is kept."""
    return KNOWN.first(connection, name=name) is not None


def get(connection: Connection, folder: Path, name: str) -> bytes:
    """Return the bytes; raise `NotFound` when the name is unknown."""
    row = connection.execute(select(blobs.c.body).where(blobs.c.sha256 == name)).first()
    if row is None:
        raise NotFound(f"{name} finns inte.")
    return bytes(row.body) if row.body is not None else path_of(folder, name).read_bytes()


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folders(folder: Path) -> None:
    """Make the folders of every name, durably: no picture waits for a new folder's own entry."""
    root = folder / "blobs"
    for number in range(256):
        (root / f"{number:02x}").mkdir(parents=True, exist_ok=True)
    sync_folder(root)
    sync_folder(folder)


def sweep(connection: Connection, folder: Path) -> int:
    """Remove files that no row names, left by a crash; return how many.

    Every start waits for this, with as many names as there are pictures: no object is made for one.
    """
    known = {name for (name,) in _NAMES.rows(connection)}
    strays = [file for file in _files(folder) if f"sha256:{file.name}" not in known]
    for file in strays:
        os.unlink(file)
    return len(strays)


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder / "blobs") as found:
        places = [place.path for place in found if place.is_dir()]
    for place in places:
        with os.scandir(place) as files:
            yield from files
