"""Keep that a place with copies is destroyed, so that it is not waited for for ever."""

from __future__ import annotations

from pathlib import Path

from bevara.config import Config
from bevara.errors import Conflict, NotFound
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.records import withhold
from bevara.upkeep import places, settings
from bevara.upkeep.erasure import everywhere


def say(store: Store, config: Config, place: str, by: str, reason: str) -> None:
    """Log that the copies in a pending place are destroyed, by whom and why, and wait no more.

    Raises `Invalid` for a missing name or reason, `NotFound` for a place that is not pending, and
    `Conflict` when the copies can be seen or the next copy is made there.
    """
    name, why = withhold.written("by", by), withhold.written("reason", reason)
    if place not in {one.place for one in everywhere.pending(config)}:
        raise NotFound("Ingen kopia väntar på att rensas där.")
    if _is_seen(Path(place)):
        raise Conflict("Kopiorna syns och kan rensas.",
                       next_step="Ta bort mappen om den inte ska vara kvar, och försök igen.")
    if settings.folder(config) == Path(place):
        raise Conflict("Nästa säkerhetskopia görs i den mappen.",
                       next_step="Välj en annan mapp först.")
    said = places.Lost(name, why, store.clock.now())
    store.write(lambda tx: ledger.append(tx, {
        "kind": "place_lost", "place": place, "by": name, "reason": why, "at": said.at}))
    places.lose(config.data_dir, place, said)


def _is_seen(place: Path) -> bool:
    """Tell whether copies can be seen there: in a place for them, or in one Bevara's own folder."""
    if place.name.startswith("bevara-"):
        return place.is_dir()
    return any(place.glob("bevara-*"))
