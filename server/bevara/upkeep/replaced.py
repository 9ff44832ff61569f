"""Remove copies that cannot be opened, once a newer one is known to hold all that can be kept."""

from __future__ import annotations

from pathlib import Path

from bevara.errors import BevaraError, Invalid
from bevara.upkeep import copies, places
from bevara.upkeep.complete import complete
from bevara.upkeep.copies import Covers, Manifest
from bevara.upkeep.erasure import cleaning
from bevara.upkeep.settings import PASSPHRASE


def remove(
    data_dir: Path, store: str, shut: list[Path], passphrase: bytes | None, work: Path
) -> None:
    """Remove the copies `shut`; raise `Invalid` when no complete copy is newer than all of them."""
    if not shut:
        return
    newest = _newest(data_dir, store, passphrase, work)
    if newest is None or not all(_is_older(one, newest) for one in shut):
        raise Invalid(PASSPHRASE, f"{len(shut)} kopior går inte att öppna och kan ha något kvar. "
                      "De tas bort när en ny kopia är hel.",
                      f"Säkerhetskopiera nu, eller skriv lösenfrasen som gällde då på en egen rad "
                      f"sist i filen som {PASSPHRASE} anger.")
    cleaning.remove(shut)


def _newest(
    data_dir: Path, store: str, passphrase: bytes | None, work: Path
) -> Manifest | None:
    """Return the newest complete copy of a store in any place that can be reached."""
    instance = (data_dir / "instance").read_text()
    latest = [copies.generations(copies.home(place, instance, store))[-1:]
              for place in places.known(data_dir)]
    found = [complete(one, Covers(passphrase), work) for [one] in filter(None, latest)]
    return max(filter(None, found), key=lambda one: one.tree_size, default=None)


def _is_older(generation: Path, newest: Manifest) -> bool:
    """Tell whether a copy was made before; its name says when if its manifest cannot be read."""
    try:
        return copies.read_manifest(generation).tree_size <= newest.tree_size
    except BevaraError:
        return generation.name < newest.made_at.replace(":", "-")
