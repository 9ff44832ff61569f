"""Make one second copy, whole or not at all."""

from __future__ import annotations

import base64
import io
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bevara import __version__
from bevara.errors import BevaraError, Invalid, NotFound, StoreFailed
from bevara.kernel import blobs, ledger, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.records import withheld
from bevara.upkeep import copies, database_file, leave_out, places, replaced, retention, working
from bevara.upkeep.complete import complete
from bevara.upkeep.copies import Covers, Held, Manifest
from bevara.upkeep.erasure import cleaning
from bevara.upkeep.erasure.rows import Tombstone
from bevara.upkeep.sealing import Envelope, Plain, Sealed, phrases
from bevara.upkeep.settings import PASSPHRASE, unwritable


@dataclass(frozen=True)
class Content:
    """What a snapshot of the register says of itself."""

    origin: str
    checkpoint: str
    large: list[str]
    tombstones: list[Tombstone]


def make(
    data_dir: Path, place: Path, passphrase: bytes | None, clock: Clock, *, reread: bool = False,
    store: str = "register",
) -> Path:
    """Copy a store in `data_dir` to `place`; return the new copy's folder once it is durable.

    Works beside a running Bevara. Before the copy is made, everything erased goes from the earlier
    ones. `reread` reads every picture that is already in the place, and copies those anew that are
    damaged. Raises `Busy` while another copy is made, `Invalid` naming folder or passphrase,
    `StoreFailed` when the store is damaged; earlier copies then stay.
    """
    source = data_dir / store
    if not (source / "bevara.sqlite").exists():
        raise NotFound("Det finns inget att kopiera än.", next_step="Starta Bevara först.")
    folder = copies.home(place, (data_dir / "instance").read_text(), store)
    _demand_place(data_dir, place, folder, store)
    with working.alone(data_dir) as work:
        snapshot(source / "bevara.sqlite", work / copies.REGISTER)
        content = _content(work / copies.REGISTER, Keys(data_dir))
        try:
            return _put(data_dir, source, folder, passphrase, work, content, clock, reread)
        except OSError as error:
            raise unwritable(folder, error) from error


def _demand_place(data_dir: Path, place: Path, folder: Path, store: str) -> None:
    """Make the folder at the first copy; later a missing one means a disk that is not there."""
    if store == "register" and place.absolute() in places.known(data_dir) and not folder.is_dir():
        raise Invalid("backup_dir", f"De tidigare kopiorna syns inte i {place}.",
                      "Anslut disken eller nätverket, eller välj mappen igen.")
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    places.remember(data_dir, place)


def make_all(
    data_dir: Path, place: Path, passphrase: bytes | None, clock: Clock, *, reread: bool = False
) -> Path:
    """Copy the register, and the practice when it has changed; return the register's copy."""
    made = make(data_dir, place, passphrase, clock, reread=reread)
    if _is_new(data_dir, place, passphrase, "practice"):
        make(data_dir, place, passphrase, clock, store="practice")
    return made


def clean(data_dir: Path, place: Path, passphrase: bytes | None) -> None:
    """Take everything erased out of the copies in `place`, without making a new one.

    Raises `Busy`, `Invalid` naming folder or passphrase, or `NotFound` when no copy is there.
    """
    instance = (data_dir / "instance").read_text()
    if not copies.home(place, instance).is_dir():
        raise NotFound(f"Ingen kopia hittas i {place}.", next_step="Anslut disken eller nätverket.")
    for store in copies.STORES:
        folder = copies.home(place, instance, store)
        with working.alone(data_dir) as work:
            tombstones = tombstones_of(data_dir, store)
            if not folder.is_dir() or not tombstones:
                continue
            try:
                retention.clear(folder)
                shut = cleaning.clean(folder, Covers(passphrase), work, tombstones)
                replaced.remove(data_dir, store, shut, passphrase, work)
            except OSError as error:
                raise unwritable(folder, error) from error


def tombstones_of(data_dir: Path, store: str) -> list[Tombstone]:
    """Return what is erased from a store, oldest first, also beside a running Bevara."""
    database = data_dir / store / "bevara.sqlite"
    if not database.exists():
        return []
    with database_file.opened(database) as connection:
        return withheld.tombstones(connection)


def _is_new(data_dir: Path, place: Path, passphrase: bytes | None, store: str) -> bool:
    """Tell whether the latest copy of a store lacks entries, or is not sealed as the next is."""
    path = data_dir / store / "bevara.sqlite"
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
        size = database.execute("select count(*) from ledger_entries").fetchone()[0]
    latest = _latest(copies.home(place, (data_dir / "instance").read_text(), store))
    if size != (latest.tree_size if latest else 0):
        return True
    return latest is not None and _envelope(passphrase, latest).parameters != latest.sealed


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


def _content(path: Path, keys: Keys) -> Content:
    leave_out.leave_out(path)
    with database_file.opened(path) as connection:
        origin = connection.execute(
            select(tables.meta.c.value).where(tables.meta.c.key == "origin")).scalar_one()
        return Content(origin, ledger.checkpoint(connection, keys, origin),
                       database_file.large_blobs(connection), withheld.tombstones(connection))


def _put(
    data_dir: Path, source: Path, folder: Path, passphrase: bytes | None, work: Path,
    content: Content, clock: Clock, reread: bool,
) -> Path:
    retention.clear(folder)
    latest = _latest(folder)
    cover = _envelope(passphrase, latest)
    covers = Covers(passphrase, cover)
    shut = cleaning.clean(folder, covers, work, content.tombstones, cover)
    known = latest.blobs if latest and latest.sealed == cover.parameters else {}
    is_there = copies.is_whole if reread else _there
    pictures = _pictures(source, folder, content.large, cover, known, is_there)
    made_at = _time(folder, clock)
    name = made_at.replace(":", "-")
    unfinished = folder / f".{name}.{secrets.token_hex(4)}"
    unfinished.mkdir()
    with (work / copies.REGISTER).open("rb") as database:
        register = copies.write(unfinished / copies.REGISTER, database, cover,
                                f"{name}/{copies.REGISTER}")
    done = copies.finish(unfinished, Manifest(
        1, made_at, folder.name.removeprefix("bevara-"), __version__, content.origin,
        base64.b64encode(Keys(data_dir).public).decode(), content.checkpoint, cover.parameters,
        register, pictures, tuple(one["record_id"] for one in content.tombstones),
        _elsewhere(data_dir, folder),
    ), name)
    if shut and complete(done, covers, work):
        cleaning.remove(shut)
    retention.prune(folder)
    return done


def _elsewhere(data_dir: Path, folder: Path) -> tuple[str, ...]:
    """Return the folders of copies in other places than `folder` lies in."""
    instance = (data_dir / "instance").read_text()
    homes = [copies.home(place, instance, store)
             for place in places.known(data_dir) for store in copies.STORES]
    return tuple(str(home) for home in [*homes, *places.earlier(data_dir)]
                 if home.parent != folder.absolute().parent)


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
    newest = phrases(passphrase)[0]
    with suppress(Invalid):
        return Sealed(newest, sealed)
    return Sealed(newest)


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
    held = copies.write(unfinished, io.BytesIO(data), cover, f"blobs/{path.name}")
    os.replace(unfinished, path)
    copies.sync(path.parent)
    return held
