"""The tombstones that lie beside the copies, so that one which was out of reach is cleaned when it
is restored.

There is a list for each way that copies in the folder are sealed: whoever can open a copy can open
its list. The first line is readable by all. It says how the list is sealed, and for each erased
comment its number and the place of its first entry in the log: enough to know that a copy may hold
a comment whose tombstone cannot be opened, and no more than the manifests already tell.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bevara.errors import BevaraError, Invalid
from bevara.upkeep import copies
from bevara.upkeep.copies import Covers, Manifest
from bevara.upkeep.erasure.rows import Tombstone
from bevara.upkeep.sealing import Envelope
from bevara.upkeep.settings import PASSPHRASE

Header = dict[str, Any]


def keep(folder: Path, covers: Iterable[Envelope], tombstones: list[Tombstone]) -> None:
    """Write every list, durably; those that say the same already are left alone."""
    for cover in covers:
        path = _path(folder, cover.parameters)
        with suppress(BevaraError):
            if path.exists() and _read(path, cover) == tombstones:
                continue
        _write(path, cover, tombstones)


def read(folder: Path, covers: Covers) -> tuple[list[Tombstone], dict[str, int]]:
    """Return the tombstones of every list that can be opened, and what only headers tell.

    That is the first entry of each comment whose tombstone cannot be opened, by its number. Raises
    `Invalid` naming a damaged list.
    """
    found: dict[str, Tombstone] = {}
    told: dict[str, int] = {}
    for path in _all(folder):
        header = _header(path)
        try:
            cover = covers.of(header["sealed"])
        except Invalid:
            told |= header["first"]
            continue
        found |= {one["record_id"]: one for one in _read(path, cover)}
    return list(found.values()), {id_: at for id_, at in told.items() if id_ not in found}


def demand_known(manifest: Manifest, told: dict[str, int], buried: set[str]) -> None:
    """Raise `Invalid` when a copy may hold an erased comment whose tombstone cannot be opened."""
    if any(manifest.tree_size > first for id_, first in told.items() if id_ not in buried):
        raise Invalid(PASSPHRASE, "Något i kopian är raderat efter att lösenfrasen byttes.",
                      "Skriv den nyare lösenfrasen på en egen rad under kopians, i samma fil.")


def sweep(folder: Path) -> None:
    """Remove the lists that belong to no copy any more."""
    try:
        needed = {_path(folder, copies.read_manifest(one).sealed)
                  for one in copies.generations(folder)}
    except BevaraError:
        return  # Who knows how a copy with a damaged manifest is sealed.
    for path in set(_all(folder)) - needed:
        path.unlink()


def _all(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{copies.ERASURES}*"))


def _path(folder: Path, sealed: dict[str, Any] | None) -> Path:
    return folder / (f"{copies.ERASURES}-{sealed['check'][:16]}" if sealed else copies.ERASURES)


def _write(path: Path, cover: Envelope, tombstones: list[Tombstone]) -> None:
    unfinished, body = path.with_name(f".{path.name}"), io.BytesIO()
    header = json.dumps({"sealed": cover.parameters, "first": _first(tombstones)}).encode()
    text = json.dumps(tombstones, ensure_ascii=False).encode()
    cover.write(io.BytesIO(text), body, copies.ERASURES)
    unfinished.unlink(missing_ok=True)
    with unfinished.open("xb") as file:
        file.write(header + b"\n" + body.getvalue())
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    copies.sync(path.parent)


def _first(tombstones: list[Tombstone]) -> dict[str, int]:
    return {one["record_id"]: min(one["entries"], default=0) for one in tombstones}


def _read(path: Path, cover: Envelope) -> list[Tombstone]:
    header, body = _header(path), io.BytesIO()
    try:
        with path.open("rb") as file:
            file.readline()
            cover.read(file, body, copies.ERASURES)
        found: list[Tombstone] = json.loads(body.getvalue())
        if header == {"sealed": cover.parameters, "first": _first(found)}:
            return found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise copies.damaged(path)


def _header(path: Path) -> Header:
    try:
        with path.open("rb") as file:
            found: Header = json.loads(file.readline())
        return {"sealed": found["sealed"],
                "first": {str(id_): int(at) for id_, at in found["first"].items()}}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise copies.damaged(path) from None
