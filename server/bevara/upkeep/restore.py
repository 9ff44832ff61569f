"""Make a Bevara of a copy: the same tree goes on, under a new key and a new name.

The old key is in no copy, so nothing that the restored Bevara signs can be taken for the old one,
and browsers pair again. The copies keep their own folder: a restored Bevara gets a name of its own
and makes its copies elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara.errors import Invalid, NewerStore
from bevara.kernel import blobs
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.records import withheld
from bevara.upkeep import copies, database_file, places, taking_over, working
from bevara.upkeep.copies import Manifest
from bevara.upkeep.erasure import erase, lists
from bevara.upkeep.erasure.rows import Tombstone
from bevara.upkeep.sealing import Envelope
from bevara.upkeep.verify import Report


@dataclass(frozen=True)
class Restored:
    """What was restored from which copy, and what it was found to be.

    `erased` counts the comments that were erased after the copy was made and are erased from it
    now. `practice` is what the copy of the practice was found to be, or None; `practice_problem`
    says what is wrong with its newest copy when that one was not restored.
    """

    copy: str
    made_at: str
    tree_size: int
    report: Report
    missing: list[str]
    browsers: int
    erased: int
    practice: Report | None
    practice_problem: str | None = None


def restore(
    place: Path, data_dir: Path, passphrase: bytes | None, clock: Clock, *,
    generation: str | None = None, promised: Iterable[dict[str, Any]] = (),
) -> Restored:
    """Restore the newest copy in `place`, or the one named, into an empty `data_dir`.

    `promised` are receipts that somebody kept; those that the copy lacks are returned. Raises
    `Invalid` naming a folder that is not empty, a missing or damaged copy, or the passphrase;
    `data_dir` is then as it was.
    """
    taking_over.demand_empty(data_dir)
    chosen = find(place, generation)
    manifest = copies.read_manifest(chosen)
    work = working.restoring(data_dir)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        browsers, erased = _rebuild(chosen, manifest, passphrase, work, "register", clock)
        report, missing = taking_over.prove(work, "register", clock, promised)
        practice, problem = _practice(chosen, passphrase, work, clock)
        places.keep_earlier(work, chosen.parent, manifest.homes)
        taking_over.move_in(work, data_dir)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Restored(chosen.name, manifest.made_at, manifest.tree_size, report, missing, browsers,
                    erased, practice, problem)


def _practice(
    chosen: Path, passphrase: bytes | None, work: Path, clock: Clock
) -> tuple[Report | None, str | None]:
    """Restore the newest copy of the practice, which lies beside; return what it was found to be.

    When none can be restored that is said, and the register is restored without it.
    """
    home = chosen.parent.with_name(chosen.parent.name + copies.STORES["practice"])
    problem = None
    for generation in reversed(copies.generations(home)):
        try:
            manifest = copies.read_manifest(generation)
            _rebuild(generation, manifest, passphrase, work, "practice", clock)
            return taking_over.prove(work, "practice", clock)[0], problem
        except Invalid as error:
            problem = problem or error.detail
            shutil.rmtree(work / "practice", ignore_errors=True)
    return None, problem


def _rebuild(
    chosen: Path, manifest: Manifest, passphrase: bytes | None, work: Path, store: str,
    clock: Clock,
) -> tuple[int, int]:
    """Bring one store into `work`; return how many browsers it had and what was erased from it."""
    covers = copies.Covers(passphrase)
    cover = covers.of(manifest.sealed)
    tombstones, told = lists.read(chosen.parent, covers)
    (work / store).mkdir()
    _fetch(chosen, manifest, cover, work / store)
    with database_file.opened(work / store / "bevara.sqlite") as connection:
        buried = {one["record_id"] for one in withheld.tombstones(connection)}
    lists.demand_known(manifest, told, buried)
    return _take_over(work / store, manifest, tombstones, clock)


def find(place: Path, generation: str | None) -> Path:
    """Return a copy's folder in `place`, the chosen folder or one Bevara's folder in it."""
    homes = [place] if copies.generations(place) else sorted(
        path for path in place.glob("bevara-*") if copies.generations(path)
        and not path.name.endswith(copies.STORES["practice"]))
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


def _fetch(chosen: Path, manifest: Manifest, cover: Envelope, register: Path) -> None:
    """Bring database and pictures; raise `Invalid` naming the first damaged file."""
    database = register / "bevara.sqlite"
    copies.bring(chosen / copies.REGISTER, manifest.register, database, cover,
                 f"{chosen.name}/{copies.REGISTER}")
    with database_file.opened(database) as connection:
        names = database_file.large_blobs(connection)
    for name in names:
        stored = cover.name(name)
        source, target = copies.path_of(chosen.parent, stored), blobs.path_of(register, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if stored not in manifest.blobs:
            raise copies.damaged(source)
        copies.bring(source, manifest.blobs[stored], target, cover, f"blobs/{stored}")


def _take_over(
    folder: Path, manifest: Manifest, tombstones: list[Tombstone], clock: Clock
) -> tuple[int, int]:
    """Close the old log, let it go on under the new key, stop every browser, erase what is erased.
    """
    try:
        store = Store(folder, Keys(folder.parent), clock)
    except NewerStore:
        raise Invalid("FOLDER", f"Kopian är gjord med en nyare Bevara ({manifest.version}).",
                      "Installera den versionen och försök igen.") from None
    try:
        stopped = taking_over.take_over(
            store, manifest.origin, manifest.public_key, manifest.checkpoint)
        return stopped, erase.again(store, tombstones, manifest.tree_size)
    finally:
        store.close()
