"""Check a package as whoever receives it would: every file, every checksum, nothing else."""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bevara.archive.packages import bag, plain
from bevara.archive.packages.parts import CHUNK
from bevara.archive.packages.sip import check as sip
from bevara.archive.packages.sip.layout import METS
from bevara.archive.packages.zipped import UNREADABLE
from bevara.errors import Invalid
from bevara.web.translations import N_

FIELD = "FIL"
NOT_ZIP = N_("Filen är inte ett leveranspaket ur Bevara.")
CHOOSE = N_("Välj en ZIP-fil som Bevara har gjort, hel och oförändrad.")
LONGEST_LIST = 1 << 28
"""Bytes of a list of checksums: a hundred each for two million files."""
Sums = dict[str, str]


def problems(path: Path) -> Iterator[str]:
    """Yield what is wrong with a package, in Swedish; nothing when it is whole.

    Raises `Invalid` for what is no package.
    """
    try:
        with zipfile.ZipFile(path) as found:
            names = _names(found)
            if f"{_root(names)}{METS}" in names:
                yield from sip.problems(path)
            else:
                yield from _problems(found, names)
    except UNREADABLE as error:
        raise Invalid(FIELD, NOT_ZIP, CHOOSE) from error


def _names(found: zipfile.ZipFile) -> list[str]:
    return [one.filename for one in found.infolist() if not one.is_dir()]


def _root(names: list[str]) -> str:
    roots = {name.partition("/")[0] for name in names}
    if len(roots) != 1:
        raise Invalid(FIELD, NOT_ZIP, CHOOSE)
    return f"{roots.pop()}/"


def _problems(found: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    root = _root(names)
    yield from (f"{name} finns två gånger." for name in sorted(_twice(names)))
    if root + bag.BAGIT in names:
        yield from _bag(found, root)
    elif root + plain.MANIFEST in names:
        yield from _listed(found, root, plain.MANIFEST, {plain.MANIFEST})
    else:
        raise Invalid(FIELD, NOT_ZIP, CHOOSE)


def _bag(found: zipfile.ZipFile, root: str) -> Iterator[str]:
    tags = {bag.BAGIT, bag.INFO, bag.MANIFEST, bag.TAGS}
    if found.read(root + bag.BAGIT).decode(errors="replace") != bag.DECLARATION:
        yield f"{bag.BAGIT} säger något annat än BagIt 1.0."
    yield from _listed(found, root, bag.MANIFEST, tags)
    yield from _listed(found, root, bag.TAGS, {bag.TAGS}, among=tags)


def _listed(
    found: zipfile.ZipFile, root: str, manifest: str, besides: set[str],
    among: set[str] | None = None,
) -> Iterator[str]:
    """Compare a list of checksums with the files; `besides` need not stand in it."""
    there = {name.removeprefix(root) for name in _names(found)}
    if manifest not in there:
        yield f"{manifest} saknas."
        return
    sums, wrong = _sums(found, root + manifest)
    yield from wrong
    mine = there if among is None else there & among
    yield from (f"{name} står inte i {manifest}." for name in sorted(mine - set(sums) - besides))
    for name, said in sums.items():
        if name not in there:
            yield f"{name} saknas."
        elif said != _digest(found, root + name):
            yield f"{name} är ändrad."


def _sums(found: zipfile.ZipFile, name: str) -> tuple[Sums, list[str]]:
    if found.getinfo(name).file_size > LONGEST_LIST:
        return {}, [f"{name} är orimligt stor."]
    sums: Sums = {}
    wrong: list[str] = []
    for line in found.read(name).decode(errors="replace").splitlines():
        digest, between, path = line.partition("  ")
        if not between or path in sums or len(digest) != 64:
            wrong.append(f"En rad i {name} går inte att läsa: {line[:80]}")
        else:
            sums[path] = digest
    return sums, wrong


def _digest(found: zipfile.ZipFile, name: str) -> str:
    """Return the SHA-256 of a file, or what no hash is when the ZIP itself says it is broken."""
    digest = hashlib.sha256()
    try:
        with found.open(name) as opened:
            while chunk := opened.read(CHUNK):
                digest.update(chunk)
    except UNREADABLE:
        return ""
    return digest.hexdigest()


def _twice(names: list[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}
