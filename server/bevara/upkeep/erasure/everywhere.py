"""Clean every place that has got a copy, and know which ones are not clean yet.

What is erased is a tombstone, committed together with the erasure. Which tombstones a place is
known to be clean of stands in a file. The difference is what is still to be done: a kill between
the two, a disk that is not connected or a file that is lost leave a place pending, never clean.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bevara.config import Config
from bevara.errors import BevaraError
from bevara.kernel.keys import write_private
from bevara.kernel.lock import waiting
from bevara.upkeep import backup, copies, places, settings, working
from bevara.upkeep.backup_status import sentence
from bevara.upkeep.erasure import before_restore

FILE = "erasure.json"
Job = Callable[[Path, Path, bytes | None], None]
NOT_YET = "Raderingen har inte nått hit än. Bevara försöker igen av sig självt varje minut."


@dataclass(frozen=True)
class Place:
    """A place with copies, and the erased comments that it is known to be clean of.

    `problem` says why what is erased may still lie there; `lost` who said that it is destroyed.
    """

    place: str
    problem: str | None
    cleaned: tuple[str, ...] = ()
    lost: places.Lost | None = None


def clean(config: Config) -> list[Place]:
    """Take everything erased out of the copies in every place; return what became of each."""
    return _clean_places(config, set())


def clean_pending(config: Config) -> list[Place]:
    """Do so in the pending places: the others, clean or lost, are not read again."""
    return _clean_places(config, {one.place for one in outcomes(config)} - {
        one.place for one in pending(config)})


def _clean_places(config: Config, done: set[str]) -> list[Place]:
    working.clear(config.data_dir)
    gone = erased(config)
    found = [_outcome(place, _clean(config, place, job), gone)
             for place, job in _jobs(config).items() if str(place) not in done]
    with waiting(config.data_dir):
        known = _known(config)
        known |= {one.place: _joined(one, known.get(one.place)) for one in found}
        text = json.dumps([_kept(one) for one in known.values()])
        write_private(config.data_dir / FILE, text.encode())
    return outcomes(config)


def _jobs(config: Config) -> dict[Path, Job]:
    """Return every place and how it is cleaned, also one that is only known from the last time."""
    jobs: dict[Path, Job] = dict.fromkeys(map(Path, _known(config)), backup.clean)
    jobs |= {path: before_restore.clean for path in jobs if path.name.startswith("bevara-")}
    jobs |= dict.fromkeys(_earlier(config), before_restore.clean)
    return jobs | dict.fromkeys(places.known(config.data_dir), backup.clean)


def outcomes(config: Config, one: str | None = None) -> list[Place]:
    """Return whether each place is clean of one erased comment (its `name`), or of all of them."""
    wanted = erased(config) if one is None else {one}
    known = _known(config)
    paths = [str(path) for path in [*places.known(config.data_dir),
                                    *places.earlier(config.data_dir)]]
    gone = places.lost(config.data_dir)
    shown = [_shown(known.get(path, Place(path, None)), wanted)
             for path in dict.fromkeys([*paths, *known])]
    return [replace(one, lost=gone.get(one.place)) if one.problem else one for one in shown]


def pending(config: Config) -> list[Place]:
    """Return the places that still may hold what is erased."""
    return [one for one in outcomes(config) if one.problem and not one.lost]


def erased(config: Config) -> set[str]:
    """Return the names of the comments that are erased from any store."""
    return {name(store, one["record_id"]) for store in copies.STORES
            for one in backup.tombstones_of(config.data_dir, store)}


def name(store: str, record_id: str) -> str:
    """Return what a comment is called here: one may stand in both stores under one number."""
    return f"{store}/{record_id}"


def _kept(one: Place) -> dict[str, object]:
    return {key: value for key, value in asdict(one).items() if key != "lost"}


def _outcome(place: Path, problem: str | None, gone: set[str]) -> Place:
    return Place(str(place), problem, () if problem else tuple(sorted(gone)))


def _joined(one: Place, before: Place | None) -> Place:
    """Return what is known now: a place that another thread has cleaned is clean."""
    return replace(one, cleaned=tuple(sorted({*one.cleaned, *(before.cleaned if before else ())})))


def _shown(one: Place, wanted: set[str]) -> Place:
    if wanted <= set(one.cleaned):
        return replace(one, problem=None)
    return replace(one, problem=one.problem or NOT_YET)


def _known(config: Config) -> dict[str, Place]:
    """Return what is known of each place; nothing when the file cannot be read."""
    try:
        read = json.loads((config.data_dir / FILE).read_bytes())
        return {one["place"]: Place(one["place"], one["problem"], tuple(one.get("cleaned", ())))
                for one in read}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _earlier(config: Config) -> list[Path]:
    try:
        return before_restore.homes(config.data_dir)
    except (OSError, sqlite3.Error, SQLAlchemyError):
        return places.earlier(config.data_dir)


def _clean(config: Config, place: Path, job: Job) -> str | None:
    """Do the job; return why it could not be done."""
    try:
        job(config.data_dir, place, settings.passphrase(config))
    except BevaraError as error:
        return sentence(error)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        return f"Det gick inte att rensa: {error}."
    return None
