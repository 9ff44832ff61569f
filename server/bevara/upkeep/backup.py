"""Make one second copy, whole or not at all."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from bevara import __version__
from bevara.errors import BevaraError, Busy, Invalid, NotFound, StoreFailed
from bevara.kernel import blobs, ledger, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys, sync_folder
from bevara.kernel.lock import FolderLock
from bevara.upkeep import copies, database_file, retention
from bevara.upkeep.copies import Held, Manifest
from bevara.upkeep.sealing import Envelope, Plain, Sealed
from bevara.upkeep.settings import PASSPHRASE, unwritable


@dataclass(frozen=True)
class Content:
    """What a snapshot of the register says of itself."""

    origin: str
    checkpoint: str
    large: list[str]


def make(
    data_dir: Path, place: Path, passphrase: bytes | None, clock: Clock, *, reread: bool = False
) -> Path:
    """Copy the register in `data_dir` to `place`; return the new copy's folder once it is durable.

    Works beside a running Bevara. `reread` reads every picture that is already in the place, and
    copies those anew that are damaged. Raises `Busy` while another copy is made, `Invalid` naming
    folder or passphrase, `StoreFailed` when the register is damaged; earlier copies then stay.
    """
    register = data_dir / "register"
    if not (register / "bevara.sqlite").exists():
        raise NotFound("Det finns inget att kopiera än.", next_step="Starta Bevara först.")
    folder = copies.home(place, (data_dir / "instance").read_text())
    with _alone(data_dir / "copying") as work:
        snapshot(register / "bevara.sqlite", work / copies.REGISTER)
        content = _content(work / copies.REGISTER, Keys(data_dir))
        try:
            return _put(data_dir, folder, passphrase, work, content, clock, reread)
        except OSError as error:
            raise unwritable(folder, error) from error


def snapshot(source: Path, target: Path) -> None:
    """Copy a database that may be in use; raise `StoreFailed` when it is damaged."""
    try:
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as held, \
                closing(sqlite3.connect(target)) as copy:
            held.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise _damaged(str(error)) from error
    if found != "ok":
        raise _damaged(found)


def _damaged(what: str) -> StoreFailed:
    return StoreFailed(f"Databasen är skadad ({what}). De tidigare kopiorna ligger kvar.",
                       next_step="Kör bevara verify och ring IT.")


@contextmanager
def _alone(work: Path) -> Iterator[Path]:
    """Give an empty folder of Bevara's own that no other copying uses."""
    work.mkdir(exist_ok=True)
    try:
        lock = FolderLock(work)
    except Busy:
        raise Busy("En säkerhetskopia görs redan.", next_step="Vänta tills den är klar.") from None
    try:
        (work / copies.REGISTER).unlink(missing_ok=True)
        yield work
    finally:
        (work / copies.REGISTER).unlink(missing_ok=True)
        lock.release()


def _content(path: Path, keys: Keys) -> Content:
    with database_file.opened(path) as connection:
        origin = connection.execute(
            select(tables.meta.c.value).where(tables.meta.c.key == "origin")).scalar_one()
        return Content(origin, ledger.checkpoint(connection, keys, origin),
                       database_file.large_blobs(connection))


def _put(
    data_dir: Path, folder: Path, passphrase: bytes | None, work: Path, content: Content,
    clock: Clock, reread: bool,
) -> Path:
    folder.mkdir(0o700, parents=True, exist_ok=True)
    retention.clear(folder)
    latest = _latest(folder)
    cover = _envelope(passphrase, latest)
    known = latest.blobs if latest and latest.sealed == cover.parameters else {}
    is_there = copies.is_whole if reread else _there
    pictures = _pictures(data_dir / "register", folder, content.large, cover, known, is_there)
    made_at = _time(folder, clock)
    name = made_at.replace(":", "-")
    unfinished = folder / f".{name}.{secrets.token_hex(4)}"
    unfinished.mkdir()
    with (work / copies.REGISTER).open("rb") as source:
        register = _write(unfinished / copies.REGISTER, source, cover, f"{name}/{copies.REGISTER}")
    manifest = Manifest(
        1, made_at, folder.name.removeprefix("bevara-"), __version__, content.origin,
        base64.b64encode(Keys(data_dir).public).decode(), content.checkpoint, cover.parameters,
        register, pictures,
    )
    _write(unfinished / copies.MANIFEST, io.BytesIO(copies.write_manifest(manifest)), Plain(), "")
    _sync(unfinished)
    os.rename(unfinished, folder / name)
    _sync(folder)
    retention.prune(folder)
    return folder / name


def _pictures(
    register: Path, folder: Path, names: list[str], cover: Envelope, known: dict[str, Held],
    is_there: Callable[[Path, Held], bool],
) -> dict[str, Held]:
    """Copy the pictures that are not known and there; return what all of them are."""
    held = {}
    for blob in names:
        stored = cover.name(blob)
        there = known.get(stored)
        if there is None or not is_there(copies.path_of(folder, stored), there):
            there = _picture(register, folder, blob, cover)
        held[stored] = there
    return held


def _latest(folder: Path) -> Manifest | None:
    """Return the newest manifest that can be read: a damaged one must not stop the next copy."""
    for generation in reversed(copies.generations(folder)):
        with suppress(BevaraError):
            return copies.read_manifest(generation)
    return None


def _envelope(passphrase: bytes | None, latest: Manifest | None) -> Envelope:
    """Return how to write: with the key of the latest copy, or a new one for a new passphrase."""
    sealed = latest.sealed if latest else None
    if passphrase is None:
        if sealed:
            raise Invalid(PASSPHRASE, "De tidigare kopiorna är krypterade, men ingen lösenfras är "
                          "angiven.", f"Ange filen med {PASSPHRASE}, eller välj en annan mapp.")
        return Plain()
    with suppress(Invalid):
        return Sealed(passphrase, sealed)
    return Sealed(passphrase)


def _time(folder: Path, clock: Clock) -> str:
    """Return now, or just after the latest copy when the clock has gone back."""
    now = clock.now()
    newest = [path.name for path in copies.generations(folder)][-1:]
    if not newest or now.replace(":", "-") > newest[0]:
        return now
    day, _, rest = newest[0].partition("T")
    after = datetime.fromisoformat(f"{day}T{rest.replace('-', ':')}") + timedelta(milliseconds=1)
    return after.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _there(path: Path, held: Held) -> bool:
    return path.is_file() and path.stat().st_size == held.size


def _picture(register: Path, folder: Path, blob: str, cover: Envelope) -> Held:
    data = blobs.path_of(register, blob).read_bytes()
    if blobs.name_of(data) != blob:
        raise StoreFailed(f"Bilden {blob} är ändrad. De tidigare kopiorna ligger kvar.",
                          next_step="Kör bevara verify och ring IT.")
    path = copies.path_of(folder, cover.name(blob))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    held = _write(unfinished, io.BytesIO(data), cover, f"blobs/{path.name}")
    os.replace(unfinished, path)
    _sync(path.parent)
    return held


def _write(path: Path, source: BinaryIO, cover: Envelope, name: str) -> Held:
    with path.open("x+b") as file:
        cover.write(source, file, name)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return Held(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def _sync(folder: Path) -> None:
    """Make renames durable where the place can: some network folders cannot be synced."""
    with suppress(OSError):
        sync_folder(folder)
