"""Make a Bevara of a copy: the same tree goes on, under a new key and a new name.

The old key is in no copy, so nothing that the restored Bevara signs can be taken for the old one,
and browsers pair again. The copies keep their own folder: a restored Bevara gets a name of its own
and never touches them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, delete, select

from bevara.errors import Invalid
from bevara.identity import devices
from bevara.kernel import blobs, ledger, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys, sync_folder
from bevara.kernel.store import Store
from bevara.upkeep import copies, database_file, earlier_logs, receipts
from bevara.upkeep.copies import Held, Manifest
from bevara.upkeep.sealing import Envelope
from bevara.upkeep.verify import Report, verify


@dataclass(frozen=True)
class Restored:
    """What was restored from which copy, and what it was found to be."""

    copy: str
    made_at: str
    tree_size: int
    report: Report
    missing: list[str]
    browsers: int


def restore(
    place: Path, data_dir: Path, passphrase: bytes | None, clock: Clock, *,
    generation: str | None = None, promised: Iterable[dict[str, Any]] = (),
) -> Restored:
    """Restore the newest copy in `place`, or the one named, into an empty `data_dir`.

    `promised` are receipts that somebody kept; those that the copy lacks are returned. Raises
    `Invalid` naming a folder that is not empty, a missing or damaged copy, or the passphrase;
    `data_dir` is then as it was.
    """
    _demand_empty(data_dir)
    chosen = find(place, generation)
    manifest = copies.read_manifest(chosen)
    cover = copies.envelope(passphrase, manifest.sealed)
    work = data_dir.absolute().with_name(f"{data_dir.name}.restoring")
    shutil.rmtree(work, ignore_errors=True)
    (work / "register").mkdir(parents=True)
    try:
        _fetch(chosen, manifest, cover, work / "register")
        browsers = _take_over(work, manifest, chosen, clock)
        report, missing = _prove(work, clock, promised)
        if data_dir.exists():
            data_dir.rmdir()
        work.rename(data_dir)
        sync_folder(data_dir.absolute().parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    size = int(manifest.checkpoint.split("\n")[1])
    return Restored(chosen.name, manifest.made_at, size, report, missing, browsers)


def find(place: Path, generation: str | None) -> Path:
    """Return a copy's folder in `place`, the chosen folder or one Bevara's folder in it."""
    homes = [place] if copies.generations(place) else sorted(
        path for path in place.glob("bevara-*") if copies.generations(path))
    if len(homes) > 1:
        raise Invalid("FOLDER", f"I {place} ligger kopior från flera Bevara.",
                      "Ange en av: " + ", ".join(str(path) for path in homes))
    found = copies.generations(homes[0]) if homes else []
    if not found:
        raise Invalid("FOLDER", f"I {place} finns ingen säkerhetskopia.",
                      "Ange mappen som valdes för säkerhetskopian.")
    names = [path.name for path in found]
    if generation is not None and generation not in names:
        raise Invalid("--generation", f"Kopian {generation} finns inte.",
                      "De som finns: " + ", ".join(names))
    return found[-1] if generation is None else found[names.index(generation)]


def _demand_empty(data_dir: Path) -> None:
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise Invalid("BEVARA_DATA_DIR", f"Mappen {data_dir} är inte tom. Inget är ändrat.",
                      "Flytta undan den, eller ange en tom mapp med BEVARA_DATA_DIR.")


def _fetch(chosen: Path, manifest: Manifest, cover: Envelope, register: Path) -> None:
    """Bring database and pictures; raise `Invalid` naming the first damaged file."""
    database = register / "bevara.sqlite"
    _bring(chosen / copies.REGISTER, manifest.register, database, cover,
           f"{chosen.name}/{copies.REGISTER}")
    with database_file.opened(database) as connection:
        names = database_file.large_blobs(connection)
    for name in names:
        stored = cover.name(name)
        source, target = copies.path_of(chosen.parent, stored), blobs.path_of(register, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if stored not in manifest.blobs:
            raise copies.damaged(source)
        _bring(source, manifest.blobs[stored], target, cover, f"blobs/{stored}")


def _bring(source: Path, held: Held, target: Path, cover: Envelope, name: str) -> None:
    if not copies.is_whole(source, held):
        raise copies.damaged(source)
    with source.open("rb") as stored, target.open("xb") as file:
        try:
            cover.read(stored, file, name)
        except ValueError:
            raise copies.damaged(source) from None
        file.flush()
        os.fsync(file.fileno())
    sync_folder(target.parent)


def _take_over(work: Path, manifest: Manifest, chosen: Path, clock: Clock) -> int:
    """Close the old log, let it go on under the new key, and stop every paired browser."""
    try:
        store = Store(work / "register", Keys(work), clock)
    except CommandError:
        raise Invalid("FOLDER", f"Kopian är gjord med en nyare Bevara ({manifest.version}).",
                      "Installera den versionen och försök igen.") from None
    try:
        store.write(lambda tx: _refer(tx, manifest, chosen, clock))
        paired = [row.id for row in devices.all_devices(store) if row.revoked_at is None]
        for id_ in paired:
            devices.revoke(store, id_)
        return len(paired)
    finally:
        store.close()


def _refer(tx: Connection, manifest: Manifest, chosen: Path, clock: Clock) -> None:
    origin = tx.execute(
        select(tables.meta.c.value).where(tables.meta.c.key == "origin")).scalar_one()
    if origin != manifest.origin:
        raise copies.damaged(chosen / copies.MANIFEST)
    ledger.append(tx, earlier_logs.entry(
        origin, manifest.public_key, manifest.checkpoint, clock.now()))
    tx.execute(delete(tables.meta).where(tables.meta.c.key == "origin"))


def _prove(
    work: Path, clock: Clock, promised: Iterable[dict[str, Any]]
) -> tuple[Report, list[str]]:
    """Open the store anew, which names its log after the new key, and read everything."""
    store = Store(work / "register", Keys(work), clock)
    try:
        with store.read() as connection:
            missing = receipts.missing(connection, promised)
        return verify(store), missing
    finally:
        store.close()
