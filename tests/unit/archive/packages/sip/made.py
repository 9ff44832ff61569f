"""Packages made for tests, and their parts taken out again."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from bevara.archive.packages.parts import Header, Item
from bevara.archive.packages.sip.versions import V2_1_0, Version
from bevara.archive.packages.sip.writer import write
from tests.unit.archive.package_parts import HEADER, item

ROOT = f"{HEADER.id}/"
METS, REP_METS = f"{ROOT}METS.xml", f"{ROOT}representations/rep1/METS.xml"
ERMS, PREMIS = f"{ROOT}metadata/descriptive/erms.xml", f"{ROOT}metadata/preservation/premis.xml"


def package(
    folder: Path, items: Iterable[Item] | None = None, header: Header = HEADER,
    version: Version = V2_1_0, name: str = "sip.zip",
) -> Path:
    """Write a package, of one comment when nothing else is said; return its path."""
    path = folder / name
    write(path, header, [item()] if items is None else items, version)
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Return every file in a ZIP by its name."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def root_mets(path: Path) -> bytes:
    """Return the package's own METS, whatever the package is called."""
    return next(data for name, data in contents(path).items() if re.fullmatch("[^/]+/METS.xml", name))


def changed(path: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """Return a ZIP beside `path` with its files changed, whose own checksums are right again."""
    files = contents(path)
    change(files)
    other = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(other, "w") as target:
        for name, data in files.items():
            target.writestr(name, data)
    return other
