"""Which copies stay: the 24 newest, and the last one of each of the 30 newest days."""

from __future__ import annotations

import shutil
from pathlib import Path

from bevara.errors import BevaraError
from bevara.upkeep import copies
from bevara.upkeep.erasure import lists

NEWEST, DAYS = 24, 30


def prune(folder: Path) -> None:
    """Remove the copies that need not stay, and the pictures that no copy needs any more."""
    found = copies.generations(folder)
    gone = [path for path in found if path not in staying(found)]
    for path in gone:
        shutil.rmtree(path.rename(path.with_name(f".{path.name}")))
    if gone:
        sweep(folder)
        lists.sweep(folder)


def staying(found: list[Path]) -> set[Path]:
    """Return those of `found` (oldest first) that stay."""
    last_of_day = {path.name[:10]: path for path in found}
    return {*found[-NEWEST:], *list(last_of_day.values())[-DAYS:]}


def clear(folder: Path) -> None:
    """Remove what interrupted work left."""
    for path in folder.glob(".20*"):
        shutil.rmtree(path)
    for path in folder.glob("blobs/*/.*"):
        path.unlink()


def sweep(folder: Path) -> None:
    """Remove the pictures that no copy needs."""
    try:
        needed = {name for generation in copies.generations(folder)
                  for name in copies.read_manifest(generation).blobs}
    except BevaraError:
        return  # Who knows what a copy with a damaged manifest needs.
    for path in folder.glob("blobs/*/*"):
        if path.name not in needed:
            path.unlink()
