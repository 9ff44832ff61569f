"""Bytes named by their SHA-256: small ones in the database, large ones as files."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, select

from bevara.errors import NotFound
from bevara.kernel.keys import sync_folder
from bevara.kernel.tables import blobs

IN_DATABASE = 64 << 10
"""Bytes up to which SQLite is no slower than a file (sqlite.org/intern-v-extern-blob)."""


def name_of(data: bytes) -> str:
    """Return `sha256:` and the lower-hex hash."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def path_of(folder: Path, name: str) -> Path:
    """Return where a large blob lies."""
    digest = name.removeprefix("sha256:")
    return folder / "blobs" / digest[:2] / digest


def put(tx: Connection, folder: Path, data: bytes) -> str:
    """Keep `data` durably together with the transaction; return its name.

    A large blob's file is durable before the row that names it can be committed. A file without
    a row (after a crash) is garbage that the next start removes.
    """
    name = name_of(data)
    if tx.execute(select(blobs.c.size).where(blobs.c.sha256 == name)).first():
        return name
    small = len(data) <= IN_DATABASE
    if not small:
        _write(path_of(folder, name), data)
    tx.execute(insert(blobs).values(sha256=name, size=len(data), body=data if small else None))
    return name


def get(connection: Connection, folder: Path, name: str) -> bytes:
    """Return the bytes; raise `NotFound` when the name is unknown."""
    row = connection.execute(select(blobs.c.body).where(blobs.c.sha256 == name)).first()
    if row is None:
        raise NotFound(f"{name} finns inte.")
    return bytes(row.body) if row.body is not None else path_of(folder, name).read_bytes()


def _write(path: Path, data: bytes) -> None:
    fresh = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
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
    if fresh:
        sync_folder(path.parent.parent)


def sweep(connection: Connection, folder: Path) -> int:
    """Remove files that no row names, left by a crash; return how many."""
    known = {row.sha256 for row in connection.execute(select(blobs.c.sha256))}
    strays = [
        path for path in (folder / "blobs").glob("*/*") if f"sha256:{path.name}" not in known
    ]
    for path in strays:
        path.unlink()
    return len(strays)
