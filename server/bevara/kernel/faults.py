"""Tell what a failing disk means: wait, or never trust it again before a restart."""

from __future__ import annotations

import errno
import sqlite3

from bevara.errors import BevaraError, DiskFull, ReadOnly, StoreFailed

FULL = {errno.ENOSPC, errno.EDQUOT}
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


def translate(error: BaseException) -> BevaraError | None:
    """Return the Bevara error of a disk or SQLite error, or None for anything else.

    After a failed fsync or an EIO the page cache may claim what the disk does not hold
    (Rebello et al., "Can Applications Recover from fsync Failures?", 2020): only `StoreFailed`,
    which lasts until a restart has read everything again, is safe.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, sqlite3.Error):
            return _sqlite(cause)
        if isinstance(cause, OSError):
            return _os(cause)
        cause = getattr(cause, "orig", None) or cause.__cause__
    return None


def _sqlite(error: sqlite3.Error) -> BevaraError | None:
    code = getattr(error, "sqlite_errorcode", 0) or 0
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return DiskFull("Disken är full. Inget är sparat och inget borttaget.")
    if code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
        return ReadOnly("Bevara får inte skriva i sin mapp.")
    if code & 0xFF in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreFailed("Disken svarade med fel.")
    return None


def _os(error: OSError) -> BevaraError:
    if error.errno in FULL:
        return DiskFull("Disken är full. Inget är sparat och inget borttaget.")
    if error.errno in READ_ONLY:
        return ReadOnly("Bevara får inte skriva i sin mapp.")
    return StoreFailed("Disken svarade med fel.")
