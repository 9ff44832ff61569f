"""Files that a diary lays in the folder as receipts, read without following them anywhere.

Anyone who may write in the folder may lay anything there: a link to another file, a second name of
one, a pipe, or more than there is room for.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara.diary.channels import place
from bevara.diary.channels.folder import RECEIPT

LARGEST, MOST = 256 << 10, 200
TAKEN, REFUSED = "kvitterade", "avvisade"
LINKED, OVERSIZED, MALFORMED = "linked", "oversized", "malformed"
KEYS = {"token", "sha256", "numbers"}


class Odd(Exception):
    """What lies there cannot be a receipt; the argument says why, as a code."""


@dataclass(frozen=True)
class Receipt:
    """What a receipt says: a delivery's token, its ZIP's hash, and numbers by reference."""

    token: str
    sha256: str
    numbers: dict[str, str]


def names(folder: Path) -> list[str]:
    """Return the names of what look like receipts, at most `MOST`; raises `OSError`."""
    with os.scandir(folder) as found:
        return fitting(one.name for one in found)


def fitting(found: Iterable[str]) -> list[str]:
    """Return the names of what look like receipts, sorted, at most `MOST`."""
    return sorted(name for name in found
                  if name.lower().endswith(RECEIPT) and not name.startswith("."))[:MOST]


def contents(path: Path) -> bytes:
    """Return a plain file's bytes; raise `Odd` for anything else, `OSError`."""
    seen = path.lstat()
    if not stat.S_ISREG(seen.st_mode) or seen.st_nlink > 1:
        raise Odd(LINKED)
    if seen.st_size > LARGEST:
        raise Odd(OVERSIZED)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                     | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        opened = os.fstat(handle)
        if (opened.st_ino, opened.st_dev) != (seen.st_ino, seen.st_dev) or opened.st_nlink > 1:
            raise Odd(LINKED)
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Odd(OVERSIZED)
    return data


def parsed(data: bytes) -> Receipt:
    """Return what a receipt says; raise `Odd` when it is not one, or not yet all of one."""
    try:
        said = json.loads(data.decode("utf-8-sig"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Odd(MALFORMED) from None
    if not isinstance(said, dict) or set(said) != KEYS or not isinstance(said["numbers"], dict):
        raise Odd(MALFORMED)
    texts = [said["token"], said["sha256"], *said["numbers"].values()]
    if not said["numbers"] or not all(isinstance(one, str) for one in texts):
        raise Odd(MALFORMED)
    return Receipt(said["token"], said["sha256"].lower(), said["numbers"])


def move(path: Path, to: str, name: str) -> None:
    """Lay a receipt in a folder beside, under `name`; a link is moved, never what it leads to."""
    target = path.parent / to
    target.mkdir(exist_ok=True)
    if target.is_symlink():
        raise NotADirectoryError(target)
    os.replace(path, target / name)
    place.synced(path.parent)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; raise `ValueError` when it says something twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
