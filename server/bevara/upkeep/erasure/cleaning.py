"""Take erased comments out of the copies that were made before.

Each copy that may hold one is opened, emptied as the register was, and written anew under a name
one millisecond later, sealed as it was; then the old one goes. A copy that cannot be opened goes
whole, since nobody can know what it holds, but not before a newer one is complete.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bevara.errors import BevaraError
from bevara.kernel import scrubbing
from bevara.upkeep import copies, database_file, retention
from bevara.upkeep.copies import Covers, Manifest
from bevara.upkeep.erasure import lists, rows
from bevara.upkeep.erasure.rows import Tombstone
from bevara.upkeep.sealing import Envelope

SCRATCH = "cleaning.sqlite"


def clean(
    folder: Path, covers: Covers, work: Path, tombstones: list[Tombstone],
    next_cover: Envelope | None = None,
) -> list[Path]:
    """Make every copy in `folder` one without what the tombstones name; repeat is harmless.

    Returns the copies that may hold some of it and cannot be opened: the caller removes them when
    there is something better. A copy that only cannot be read now stays: raises `OSError`, and the
    place is tried again later. `next_cover` is how the next copy will be sealed.
    """
    if not tombstones:
        return []
    lists.keep(folder, _sealings(folder, covers, next_cover), tombstones)
    shut = []
    for generation in copies.generations(folder):
        try:
            _clean_one(generation, covers, work, tombstones)
        except BevaraError:
            _demand_readable(generation)
            if not _clean_again(generation, covers, work, tombstones):
                shut.append(generation)
    retention.sweep(folder)
    return shut


def remove(generations: list[Path]) -> None:
    """Remove whole copies, and what only they needed."""
    for generation in generations:
        _discard(generation)
    for folder in {generation.parent for generation in generations}:
        retention.sweep(folder)
        lists.sweep(folder)


def _sealings(folder: Path, covers: Covers, next_cover: Envelope | None) -> list[Envelope]:
    """Return each way that copies in the folder are sealed and can be opened."""
    found = [next_cover] if next_cover else []
    for generation in copies.generations(folder):
        with suppress(BevaraError):
            cover = covers.of(copies.read_manifest(generation).sealed)
            if cover not in found:
                found.append(cover)
    return found


def _clean_one(
    generation: Path, covers: Covers, work: Path, tombstones: list[Tombstone]
) -> None:
    manifest = copies.read_manifest(generation)
    pending = _pending(manifest, tombstones)
    if pending and _cleaned_before(generation, manifest, pending):
        _discard(generation)
    elif pending:
        _rewrite(generation, manifest, covers.of(manifest.sealed), work / SCRATCH, pending)


def _cleaned_before(generation: Path, manifest: Manifest, pending: list[Tombstone]) -> bool:
    """Tell whether the same copy lies there cleaned: a kill came before the old one went.

    No two copies say that they were made at the same time.
    """
    wanted = {one["record_id"] for one in pending}
    for other in copies.generations(generation.parent):
        with suppress(BevaraError):
            found = copies.read_manifest(other)
            if found.made_at == manifest.made_at and wanted <= set(found.erasures):
                return True
    return False


def _discard(generation: Path) -> None:
    shutil.rmtree(generation.rename(generation.with_name(f".{generation.name}")))


def _clean_again(
    generation: Path, covers: Covers, work: Path, tombstones: list[Tombstone]
) -> bool:
    """Try once more now that every byte can be read, so that a passing fault costs no copy."""
    try:
        _clean_one(generation, covers, work, tombstones)
    except BevaraError:
        return False
    return True


def _demand_readable(generation: Path) -> None:
    """Raise `OSError` when a file of the copy is there and cannot be read."""
    for name in (copies.MANIFEST, copies.REGISTER):
        with suppress(FileNotFoundError), (generation / name).open("rb") as file:
            while file.read(1 << 20):
                pass


def _pending(manifest: Manifest, tombstones: Iterable[Tombstone]) -> list[Tombstone]:
    """Return those whose comment may be in the copy: it was made after the comment was saved."""
    return [one for one in tombstones if one["record_id"] not in manifest.erasures
            and manifest.tree_size > min(one["entries"], default=0)]


def _rewrite(
    generation: Path, manifest: Manifest, cover: Envelope, scratch: Path, pending: list[Tombstone]
) -> None:
    scratch.unlink(missing_ok=True)
    copies.bring(generation / copies.REGISTER, manifest.register, scratch, cover,
                 f"{generation.name}/{copies.REGISTER}")
    with database_file.opened(scratch) as connection:
        for tombstone in pending:
            rows.take_out(connection, tombstone)
        connection.commit()
        names = [cover.name(name) for name in database_file.large_blobs(connection)]
    scrubbing.scrub(scratch)
    done = {*manifest.erasures, *(one["record_id"] for one in pending)}
    _replace(generation, replace(
        manifest, erasures=tuple(sorted(done)),
        blobs={name: held for name, held in manifest.blobs.items() if name in names},
    ), cover, scratch)
    scratch.unlink()


def _replace(generation: Path, manifest: Manifest, cover: Envelope, scratch: Path) -> None:
    name = _next_name(generation)
    unfinished = generation.with_name(f".{name}.{secrets.token_hex(4)}")
    unfinished.mkdir()
    with scratch.open("rb") as source:
        register = copies.write(unfinished / copies.REGISTER, source, cover,
                                f"{name}/{copies.REGISTER}")
    copies.finish(unfinished, replace(manifest, register=register), name)
    _discard(generation)


def _next_name(generation: Path) -> str:
    name = generation.name
    while generation.with_name(name).exists():
        day, _, rest = name.partition("T")
        after = datetime.fromisoformat(f"{day}T{rest.replace('-', ':')}") + timedelta(
            milliseconds=1)
        text = after.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        name = text.replace(":", "-")
    return name
