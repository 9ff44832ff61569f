"""A file that grows while a package is written and goes into it at the end."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from bevara.archive.packages.parts import CHUNK, File


class Spool:
    """What is written so far, on disk, with its size and hash."""

    def __init__(self, path: Path, opened: IO[bytes]) -> None:
        self._path, self._opened = path, opened
        self._size, self._digest = 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._opened.write(data)
        self._digest.update(data)
        self._size += len(data)

    def file(self, media_type: str) -> File:
        """Return it as a file; nothing may be written after."""
        self._opened.flush()
        return File(self._path.name, media_type, self._size, self._digest.hexdigest(), self._path)


@contextmanager
def spools(beside: Path, *names: str) -> Iterator[list[Spool]]:
    """Give a spool for each name, in a folder beside the package that is gone when this ends."""
    with tempfile.TemporaryDirectory(dir=beside.parent) as folder, ExitStack() as stack:
        paths = [Path(folder) / name for name in names]
        yield [Spool(path, stack.enter_context(path.open("xb", buffering=CHUNK)))
               for path in paths]
