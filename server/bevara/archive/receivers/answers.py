"""The archive's receipts, read one by one; one that is still being written is left alone."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Iterator

from bevara.archive.receivers import ReceiptFile
from bevara.diary.channels import inbox
from bevara.diary.channels.inbox import Odd

PATIENCE = 300.0
"""Seconds that a file which is no JSON may stay as it is, since its writer may be at work."""
LONGEST = 200
_first_seen: dict[tuple[str, str], float] = {}


def read(names: Iterable[str], contents: Callable[[str], bytes]) -> Iterator[ReceiptFile]:
    """Give each receipt that is whole; `contents` raises `Odd` for what must not be read."""
    for name in inbox.fitting(names):
        try:
            body = contents(name)
        except FileNotFoundError:
            continue
        except Odd as odd:
            yield ReceiptFile(name, b"", str(odd))
            continue
        if not _may_grow(name, body):
            yield ReceiptFile(name, body)


def settled_name(name: str) -> str:
    """Return what a settled receipt is called, so that it takes no earlier one's place."""
    return f"{secrets.token_hex(4)}-{name}"[-LONGEST:]


def checked(name: str) -> str:
    """Return a receipt's name if it is one of a file beside the packages; raise `ValueError`."""
    if inbox.fitting([name]) != [name] or "/" in name or "\\" in name:
        raise ValueError(name)
    return name


def _may_grow(name: str, body: bytes) -> bool:
    seen = (name, hashlib.sha256(body).hexdigest())
    try:
        json.loads(body.decode("utf-8-sig"))
        whole = True
    except (ValueError, RecursionError):
        whole = False
    waited = time.monotonic() - _first_seen.setdefault(seen, time.monotonic())
    if not whole and waited < PATIENCE:
        return True
    del _first_seen[seen]
    return False
