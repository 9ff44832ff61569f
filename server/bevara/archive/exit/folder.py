"""A folder that is written aside, and has its name when all of it is durable."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bevara.archive.exit.layout import MANIFEST, SIGNATURE
from bevara.errors import DiskFull, Invalid
from bevara.kernel.faults import translate
from bevara.kernel.keys import sync_folder

FIELD = "MAPP"


class Folder:
    """Files are written once each; the list of their checksums grows on disk beside them."""

    def __init__(self, place: Path) -> None:
        self._place, self._sums = place, place / MANIFEST
        self._list = self._sums.open("wb", buffering=1 << 20)

    def write(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a file durably, and its line in the list."""
        path, digest = self._place / name, hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb", buffering=1 << 20) as file:
            for chunk in chunks:
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        self._list.write(f"{digest.hexdigest()}  {name}\n".encode())

    def finish(self, sign: Callable[[bytes], bytes]) -> None:
        """End the list and sign its hash."""
        self._list.flush()
        os.fsync(self._list.fileno())
        self._list.close()
        with self._sums.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
        (self._place / SIGNATURE).write_bytes(sign(digest))

    def close(self) -> None:
        """Let go of the list."""
        self._list.close()


@contextmanager
def written_aside(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target` that gets its name when this ends well.

    What a killed one left goes first: it has what people wrote in it.

    Raises `Invalid` when the target is there or cannot be written, `DiskFull`.
    """
    if target.exists() or target.is_symlink():
        raise Invalid(FIELD, f"{target} finns redan.", "Ange en mapp som inte finns än.")
    aside = target.absolute().with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        for left in aside.parent.glob(f".{target.name}.*.part"):
            shutil.rmtree(left)
        aside.mkdir(0o700)
        yield aside
        for place, _, _ in os.walk(aside):
            sync_folder(Path(place))
        aside.rename(target)
        sync_folder(target.absolute().parent)
    except OSError as error:
        found = translate(error)
        if isinstance(found, DiskFull):
            raise found from error
        raise Invalid(
            FIELD, f"Det går inte att skriva i {target.parent} ({error.strerror}).",
            "Ange en annan mapp.") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
