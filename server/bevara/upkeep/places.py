"""Every place that has got a copy, so that what is erased is looked for in all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from bevara.kernel.keys import write_private
from bevara.kernel.lock import waiting

FILE, EARLIER, LOST = "places.json", "restored_from.json", "lost_places.json"


@dataclass(frozen=True)
class Lost:
    """Who said that the copies in a place are destroyed, when, and how they know."""

    by: str
    reason: str
    at: str


def known(data_dir: Path) -> list[Path]:
    """Return the places, oldest first."""
    try:
        return [Path(text) for text in json.loads((data_dir / FILE).read_bytes())]
    except FileNotFoundError:
        return []


def remember(data_dir: Path, place: Path) -> None:
    """Keep a place before anything is copied there."""
    path = place.absolute()
    if str(path) in lost(data_dir):
        with waiting(data_dir):
            _keep_lost(data_dir, {name: said for name, said in lost(data_dir).items()
                                  if name != str(path)})
    if path in known(data_dir):
        return
    with waiting(data_dir):
        before = known(data_dir)
        if path not in before:
            _keep(data_dir, [*before, path])


def forget(data_dir: Path, place: Path) -> None:
    """Let the next copy there be the first, also when earlier ones are gone."""
    gone = place.absolute()
    if gone not in known(data_dir):
        return
    with waiting(data_dir):
        _keep(data_dir, [path for path in known(data_dir) if path != gone])


def earlier(data_dir: Path) -> list[Path]:
    """Return the folders of copies of the Bevara that this one is restored from."""
    try:
        return [Path(text) for text in json.loads((data_dir / EARLIER).read_bytes())]
    except FileNotFoundError:
        return []


def keep_earlier(data_dir: Path, home: Path, elsewhere: Iterable[str] = ()) -> None:
    """Remember what a new data folder was restored from: no copy is made there any more, but what
    is erased is taken out of those that are there.

    `elsewhere` are other folders that the copy knew of; they may be on a disk that is not here now.
    """
    homes = [home, home.with_name(home.name + "-ovning")]
    found = [*(str(path.absolute()) for path in homes if path.is_dir()), *elsewhere]
    write_private(data_dir / EARLIER, json.dumps(found).encode())


def lost(data_dir: Path) -> dict[str, Lost]:
    """Return what was said of the places that are lost; nothing when the file cannot be read."""
    try:
        read = json.loads((data_dir / LOST).read_bytes())
        return {place: Lost(**said) for place, said in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def lose(data_dir: Path, place: str, said: Lost) -> None:
    """Keep that the copies in a place are destroyed, until a copy is made there anew."""
    with waiting(data_dir):
        _keep_lost(data_dir, lost(data_dir) | {place: said})


def _keep_lost(data_dir: Path, found: dict[str, Lost]) -> None:
    text = json.dumps({place: asdict(said) for place, said in found.items()})
    write_private(data_dir / LOST, text.encode())


def _keep(data_dir: Path, found: list[Path]) -> None:
    write_private(data_dir / FILE, json.dumps([str(path) for path in found]).encode())
