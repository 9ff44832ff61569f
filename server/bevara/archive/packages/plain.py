"""A plain ZIP, for a municipality that has no archive system: folders, lists, and checksums."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bevara.archive.packages import tree
from bevara.archive.packages.parts import File, Header, Item
from bevara.archive.packages.spool import spools
from bevara.archive.packages.zipped import zip_writer

MANIFEST = "kontrollsummor-sha256.txt"
SUMS = f"Kontrollsummorna står i {MANIFEST}, och kontrolleras med: sha256sum -c {MANIFEST}"


def write(path: Path, header: Header, items: Iterable[Item]) -> None:
    """Write the package to `path`, which must not exist; raise `NotPacked`."""
    with zip_writer(path) as target, spools(path, MANIFEST) as (sums,):
        def add(name: str, file: File) -> None:
            target.add(f"{header.id}/{name}", file)
            sums.write(f"{file.sha256}  {name}\n".encode())

        tree.write(path, header, items, add, SUMS)
        target.add(f"{header.id}/{MANIFEST}", sums.file("text/plain"))
