"""Looks for planted words and pictures in everything that was written, however it is spelled there."""

import base64
import hashlib
import re
from pathlib import Path


def spellings(planted: bytes) -> list[bytes]:
    """The bytes themselves, as UTF-16, and inside any base64 text."""
    found = [planted, planted.decode("latin-1").encode("utf-16-le")]
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + planted)
        found.append(whole[(0, 2, 3)[offset]:len(whole) - 4])
    return found


def digests(planted: bytes) -> list[bytes]:
    """The hash of something, as text and as bytes."""
    digest = hashlib.sha256(planted)
    return [digest.hexdigest().encode(), digest.digest()]


def holding(folder: Path, needles: list[bytes]) -> set[str]:
    """The files under a folder that hold any of the needles; numbers in names are taken away."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        data = path.read_bytes()
        if any(needle in data for needle in needles):
            found.add(re.sub(r"\d+", "#", str(path.relative_to(folder))))
    return found
