"""Take what is erased out of the copies of the Bevara that this one was restored from.

The log went on in the same tree, so that up to the restoring an entry means the same there as
here. A copy that has more was made by the earlier Bevara after the copy that was restored: what it
has of an erased comment is looked up in the copy itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select

from bevara.errors import BevaraError, Conflict, Invalid, NotFound
from bevara.kernel.tables import records
from bevara.upkeep import (
    backup,
    copies,
    database_file,
    earlier_logs,
    places,
    replaced,
    retention,
    working,
)
from bevara.upkeep.copies import Covers, Manifest
from bevara.upkeep.earlier_logs import Log
from bevara.upkeep.erasure import cleaning, lists, rows
from bevara.upkeep.erasure.rows import Tombstone
from bevara.upkeep.settings import PASSPHRASE, unwritable

Found = dict[Path, Manifest | None]


def homes(data_dir: Path) -> list[Path]:
    """Return the folders of such copies: the one restored from, and older ones that lie beside."""
    known = places.earlier(data_dir)
    origins = {log.origin for store in copies.STORES for log in _logs(data_dir, store)}
    instance = (data_dir / "instance").read_text()
    own = {copies.home(Path(), instance, store).name for store in copies.STORES}
    beside = {home.parent for home in known} | set(places.known(data_dir))
    return known + [home for place in sorted(beside) for home in sorted(place.glob("bevara-*"))
                    if home not in known and home.name not in own and _origin(home) in origins]


def clean(data_dir: Path, home: Path, passphrase: bytes | None) -> None:
    """Take everything erased out of the copies in `home`; repeat is harmless.

    Raises `NotFound` when the folder cannot be seen, `Conflict` when the earlier Bevara still
    makes copies there, `Busy`, and `Invalid` naming the folder or the passphrase.
    """
    store = "practice" if home.name.endswith(copies.STORES["practice"]) else "register"
    tombstones = backup.tombstones_of(data_dir, store)
    if not tombstones or not _is_there(home):
        return
    found = _manifests(home)
    log = _log(data_dir, store, home, found)
    with working.alone(data_dir) as work:
        try:
            retention.clear(home)
            covers = Covers(passphrase)
            meant = _meant(home, found, covers, work, tombstones, int(log.until or 0))
            shut = cleaning.clean(home, covers, work, meant)
        except OSError as error:
            raise unwritable(home, error) from error
        _remove(data_dir, store, shut, found, int(log.until or 0), passphrase, work)


def _is_there(home: Path) -> bool:
    """Tell whether the folder is there; one that is gone from a place with others was removed."""
    if home.is_dir():
        return True
    if any(home.parent.glob("bevara-*")):
        return False
    raise NotFound(f"Mappen {home} syns inte.", next_step="Anslut disken eller nätverket.")


def _manifests(home: Path) -> Found:
    found: Found = {}
    for generation in copies.generations(home):
        try:
            found[generation] = copies.read_manifest(generation)
        except BevaraError:
            found[generation] = None
    return found


def _log(data_dir: Path, store: str, home: Path, found: Found) -> Log:
    """Return the log of these copies; raise `Conflict` when somebody goes on with it."""
    logs = {log.origin: log for log in _logs(data_dir, store)}
    manifests = [one for one in found.values() if one]
    log = next((logs[one.origin] for one in manifests if one.origin in logs), None)
    if log is None:
        raise Invalid(str(home), "Kopiorna går inte att läsa.", "Ta bort hela mappen.")
    if any(one.tree_size > int(log.until or 0) and one.made_at > log.at for one in manifests):
        raise Conflict("En annan Bevara kopierar fortfarande hit och har kommentaren själv.",
                       next_step="Radera kommentaren i den också, eller stäng den för gott och "
                       "ta bort hela mappen.")
    return log


def _logs(data_dir: Path, store: str) -> list[Log]:
    database = data_dir / store / "bevara.sqlite"
    if not database.exists():
        return []
    with database_file.opened(database) as connection:
        return list(earlier_logs.earlier(connection))


def _origin(home: Path) -> str | None:
    return next((one.origin for one in _manifests(home).values() if one), None)


def _meant(
    home: Path, found: Found, covers: Covers, work: Path, tombstones: list[Tombstone], until: int
) -> list[Tombstone]:
    """Return the tombstones as the earlier log would have written them."""
    shared = [{**one, "entries": [index for index in one["entries"] if index < until]}
              for one in tombstones]
    meant = _joined([*shared, *lists.read(home, covers)[0]])
    for generation, manifest in found.items():
        if manifest and manifest.tree_size > until and not meant.keys() <= {*manifest.erasures}:
            meant = _joined([*meant.values(),
                             *_held(generation, manifest, covers, work, list(meant))])
    return [one for one in meant.values() if one["entries"]]


def _joined(found: Iterable[Tombstone]) -> dict[str, Tombstone]:
    joined: dict[str, Tombstone] = {}
    for one in found:
        before = joined.setdefault(one["record_id"], one)
        joined[one["record_id"]] = before | {
            name: sorted({*before[name], *one[name]})
            for name in ("captures", "incidents", "entries")}
    return joined


def _held(
    generation: Path, manifest: Manifest, covers: Covers, work: Path, ids: list[str]
) -> Iterator[Tombstone]:
    """Yield what a copy itself has of these comments; nothing when it cannot be opened."""
    scratch = work / cleaning.SCRATCH
    scratch.unlink(missing_ok=True)
    try:
        copies.bring(generation / copies.REGISTER, manifest.register, scratch,
                     covers.of(manifest.sealed), f"{generation.name}/{copies.REGISTER}")
    except BevaraError:
        return
    with database_file.opened(scratch) as connection:
        query = select(records.c.id).where(records.c.id.in_(ids))
        for id_ in list(connection.execute(query).scalars()):
            yield rows.tombstone_of(connection, id_)
    scratch.unlink()


def _remove(
    data_dir: Path, store: str, shut: list[Path], found: Found, until: int,
    passphrase: bytes | None, work: Path,
) -> None:
    """Remove copies that cannot be opened and say nothing that was not restored; name others."""
    restored = [one for one in shut if (manifest := found.get(one))
                and manifest.tree_size <= until]
    replaced.remove(data_dir, store, restored, passphrase, work)
    if len(restored) < len(shut):
        raise Invalid(PASSPHRASE, f"{len(shut) - len(restored)} kopior går inte att öppna och kan "
                      "ha mer än det som återställdes.",
                      "Skriv lösenfrasen som gällde då på en egen rad sist i lösenfrasfilen, "
                      "eller ta bort hela mappen.")
