"""Tell whether a copy could be restored: every byte is there, opens, and is a database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bevara.errors import BevaraError
from bevara.upkeep import copies, database_file
from bevara.upkeep.copies import Covers, Manifest

SCRATCH = "complete.sqlite"


def complete(generation: Path, covers: Covers, work: Path) -> Manifest | None:
    """Return what a whole copy says of itself, or None; `work` is a folder of the caller's own."""
    scratch = work / SCRATCH
    scratch.unlink(missing_ok=True)
    try:
        manifest = copies.read_manifest(generation)
        cover = covers.of(manifest.sealed)
        copies.bring(generation / copies.REGISTER, manifest.register, scratch, cover,
                     f"{generation.name}/{copies.REGISTER}")
        with closing(sqlite3.connect(scratch)) as database:
            sound = database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        with database_file.opened(scratch) as connection:
            needed = {cover.name(name) for name in database_file.large_blobs(connection)}
        whole = all(copies.is_whole(copies.path_of(generation.parent, name), held)
                    for name, held in manifest.blobs.items())
        return manifest if sound and whole and needed <= manifest.blobs.keys() else None
    except (BevaraError, OSError, sqlite3.Error):
        return None
    finally:
        scratch.unlink(missing_ok=True)
