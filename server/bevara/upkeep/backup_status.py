"""What became of the latest attempts at a second copy, for the start page and `doctor`.

Kept in a file of the data folder, so that no page waits for a network folder to answer.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bevara.config import Config
from bevara.errors import BevaraError
from bevara.kernel.clock import Clock
from bevara.kernel.keys import write_private
from bevara.upkeep import backup, copies, disks, settings

FILE = "backup.json"


@dataclass(frozen=True)
class Status:
    """The latest attempt and the latest copy in `folder`. Times are RFC 3339.

    `tree_size` is the ledger's size in that copy; `same_disk` tells whether it lies beside what it
    is to protect; `problem` says why the latest attempt failed.
    """

    folder: str | None
    tried_at: str | None = None
    made_at: str | None = None
    tree_size: int | None = None
    problem: str | None = None
    same_disk: bool = False


def read(config: Config) -> Status:
    """Return the status of the chosen folder; never raise."""
    try:
        folder = settings.folder(config)
    except BevaraError as error:
        return Status(None, problem=sentence(error))
    if folder is None:
        return Status(None)
    try:
        known = Status(**json.loads((config.data_dir / FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        known = Status(None)
    return known if known.folder == str(folder) else Status(str(folder))


def attempt(config: Config, clock: Clock, *, reread: bool = False) -> Status:
    """Make a copy in the chosen folder if one is chosen; keep and return what became of it."""
    before = read(config)
    if before.folder is None:
        return before
    tried = replace(before, tried_at=clock.now())
    try:
        made = backup.make_all(config.data_dir, Path(before.folder), settings.passphrase(config),
                               clock, reread=reread)
        manifest = copies.read_manifest(made)
        after = replace(tried, made_at=manifest.made_at, problem=None,
                        tree_size=manifest.tree_size,
                        same_disk=disks.is_same_disk(Path(before.folder), config.data_dir))
    except BevaraError as error:
        after = replace(tried, problem=sentence(error))
    except (OSError, sqlite3.Error) as error:
        after = replace(tried, problem=f"Kopian blev inte av: {error}.")
    write_private(config.data_dir / FILE, json.dumps(asdict(after)).encode())
    return after


def sentence(error: BevaraError) -> str:
    """Return what is wrong and the next step."""
    return " ".join(filter(None, (error.detail, error.next_step)))
