"""Check a SIP without trusting anything in it: names, schemas, references, sizes and checksums.

Nothing is unpacked. What is read is a chunk at a time, and of a file no more than METS says that it
holds; memory grows with the number of files' names only. What the package's own METS says of others
is checked; whether somebody wrote another METS, only the checksum of the whole package can tell.
"""

from __future__ import annotations

import hashlib
import posixpath
import stat
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from bevara.archive.packages.parts import CHUNK, Status
from bevara.archive.packages.sip import reading
from bevara.archive.packages.sip.layout import METS
from bevara.archive.packages.sip.reading import ERMS_NS, PREMIS_NS, Mets, Reference
from bevara.archive.packages.sip.versions import VERSIONS
from bevara.archive.packages.zipped import UNREADABLE

MOST = 200
INVALID = (etree.XMLSyntaxError, ValueError)
"""What is no XML or not valid; a size that is no number."""
DESCRIBED = ("ERMS", "PREMIS")
LINKED = [f"{PREMIS_NS}{name}IdentifierValue" for name in ("object", "agent")]
LINKING = [f"{PREMIS_NS}{name}IdentifierValue" for name in ("linkingObject", "linkingAgent")]
WHOLE = [f"{PREMIS_NS}{name}" for name in ("object", "event", "agent")]
"""What is read only so that it can be forgotten."""


def problems(package: Path) -> list[str]:
    """Return what is wrong with a SIP, in Swedish sentences; nothing when all is well."""
    try:
        with zipfile.ZipFile(package) as opened:
            found = list(islice(_Check(opened).problems(), MOST + 1))
    except UNREADABLE:
        return ["Filen går inte att läsa som en ZIP-fil."]
    return found if len(found) <= MOST else [*found[:MOST], "Det finns fler fel än så."]


class _Check:
    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self._infos = opened.infolist()
        self._names = {one.filename for one in self._infos if not one.is_dir()}
        self._referred: set[str] = set()

    def problems(self) -> Iterator[str]:
        unsafe = list(self._unsafe())
        yield from unsafe
        roots = {name.split("/")[0] for name in self._names}
        if unsafe or len(roots) != 1:
            yield from () if unsafe else ["Paketet ska ha en enda mapp ytterst."]
            return
        self._root = roots.pop()
        yield from self._mets(f"{self._root}/{METS}", self._root, outermost=True)
        for name in sorted(self._names - self._referred - {f"{self._root}/{METS}"}):
            yield f"{name} finns i paketet men inte i någon METS."

    def _unsafe(self) -> Iterator[str]:
        """Yield the names that could end up outside the package's folder, or hide another file.

        Windows and macOS see no difference between large and small letters.
        """
        if len({one.filename.casefold() for one in self._infos}) != len(self._infos):
            yield "Två filer i paketet har samma namn."
        for one in self._infos:
            name, parts = one.filename, one.filename.removesuffix("/").split("/")
            if "\\" in name or ":" in name or "" in parts or not {".", ".."}.isdisjoint(parts):
                yield f"{name} är inget tillåtet namn på en fil i paketet."
            if stat.S_ISLNK(one.external_attr >> 16):
                yield f"{name} är en länk och ingen fil."

    def _mets(self, path: str, name: str, outermost: bool) -> Iterator[str]:
        if path not in self._names:
            yield f"{path} saknas."
            return
        try:
            with self._opened.open(path) as source:
                said = reading.mets(source)
        except INVALID as error:
            yield _invalid(path, error)
            return
        except UNREADABLE:
            yield f"{path} går inte att läsa."
            return
        yield from _of_mets(path, name, said)
        for reference in said.references:
            yield from self._reference(path, reference)
        if outermost:
            yield from self._inside(path, said)

    def _inside(self, path: str, said: Mets) -> Iterator[str]:
        if not said.pointers:
            yield f"{path} pekar inte på någon representation."
        for pointer in said.pointers:
            target = _target(path, pointer)
            if target not in self._referred:
                yield f"{path} pekar på {pointer} utan att säga dess kontrollsumma."
            yield from self._mets(target, posixpath.basename(posixpath.dirname(target)), False)
        kinds = {reference.kind for reference in said.references}
        yield from (f"{path} säger inte var {kind} finns."
                    for kind in DESCRIBED if kind not in kinds)

    def _reference(self, mets: str, reference: Reference) -> Iterator[str]:
        path = _target(mets, reference.href)
        if not path.startswith(f"{self._root}/"):
            yield f"{mets} pekar utanför paketet: {reference.href}."
            return
        if path in self._referred:
            yield f"{path} står mer än en gång i METS."
            return
        self._referred.add(path)
        if path not in self._names:
            yield f"{path} står i METS men finns inte i paketet."
            return
        if reference.algorithm != "SHA-256":
            yield f"{path} har en kontrollsumma som inte är SHA-256."
            return
        yield from self._content(path, reference)

    def _content(self, path: str, reference: Reference) -> Iterator[str]:
        try:
            size, digest = self._digest(path, int(reference.size or -1))
        except UNREADABLE:
            yield f"{path} går inte att läsa: dess innehåll är ändrat."
            return
        if str(size) != reference.size:
            yield f"{path} är inte så stor som METS säger."
        elif digest != reference.sha256:
            yield f"{path} har en annan kontrollsumma än METS säger."
        elif reference.kind in DESCRIBED:
            yield from self._described(path, reference.kind)

    def _digest(self, path: str, most: int) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        with self._opened.open(path) as source:
            while size <= most and (chunk := source.read(CHUNK)):
                size += len(chunk)
                digest.update(chunk)
        return size, digest.hexdigest()

    def _described(self, path: str, kind: str) -> Iterator[str]:
        try:
            yield from self._erms(path) if kind == "ERMS" else self._premis(path)
        except INVALID as error:
            yield _invalid(path, error)

    def _erms(self, path: str) -> Iterator[str]:
        """Yield the files that a record names and the package lacks."""
        with self._opened.open(path) as source:
            for element in reading.elements(source, f"{ERMS_NS}appendix", f"{ERMS_NS}record"):
                said = element.get("path", "").removeprefix("file:///")
                if said and f"{self._root}/{said}" not in self._names:
                    yield f"{path} pekar på {said}, som inte finns i paketet."

    def _premis(self, path: str) -> Iterator[str]:
        """Yield the objects and agents that an event names and the document lacks."""
        known: set[str] = set()
        asked: set[str] = set()
        with self._opened.open(path) as source:
            for element in reading.elements(source, *LINKED, *LINKING, *WHOLE):
                if element.tag not in WHOLE:
                    (asked if element.tag in LINKING else known).add(element.text or "")
        for one in sorted(asked - known):
            yield f"{path} pekar på {one}, som inte står där."


def _of_mets(path: str, name: str, said: Mets) -> Iterator[str]:
    """Yield what CSIP and SIP ask of a METS and its schema does not."""
    if said.name != name:
        yield f"{path} är en METS för {said.name}, inte för {name}."
    if said.profile not in VERSIONS:
        yield f"{path} följer en profil som Bevara inte känner till: {said.profile}."
    if said.package_type != "SIP":
        yield f"{path} säger att paketet är {said.package_type or 'okänt'}, inte SIP."
    if said.status not in list(Status):
        yield f"{path} har en okänd status: {said.status}."
    yield from (f"{path} säger inte vem som är {who}." for who in _absent(said))


def _absent(said: Mets) -> list[str]:
    """Return which of those that every package names are not there (CSIP10-16, SIP9, SIP15)."""
    whole = [one for one in said.actors if one.name]
    there = {
        "programvaran": any(one.other == "SOFTWARE" and one.noted for one in whole
                            if one.role == "CREATOR" and one.type == "OTHER"),
        "arkivbildaren": any(one.role == "ARCHIVIST" for one in whole),
        "leverantören": any(one.role == "CREATOR" and one.type == "ORGANIZATION" for one in whole),
    }
    return [who for who, found in there.items() if not found]


def _target(mets: str, href: str) -> str:
    """Return the name in the ZIP that a METS points at."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(mets), unquote(href)))


def _invalid(path: str, error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f"{path} följer inte sitt schema{f' (rad {line})' if line else ''}: {error}"
