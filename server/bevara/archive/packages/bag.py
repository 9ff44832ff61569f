"""BagIt (RFC 8493): the same folders and lists, in the wrapping that digital archives know."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bevara.archive.packages import tree
from bevara.archive.packages.parts import File, Header, Item, held
from bevara.archive.packages.spool import spools
from bevara.archive.packages.zipped import ZipWriter, zip_writer

DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MANIFEST, TAGS, INFO, BAGIT = (
    "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt", "bagit.txt")
SUMS = f"Kontrollsummorna står i {MANIFEST} i mappen utanför, som BagIt (RFC 8493) säger."


def write(path: Path, header: Header, items: Iterable[Item]) -> None:
    """Write the package to `path`, which must not exist; raise `NotPacked`."""
    with zip_writer(path) as target, spools(path, MANIFEST) as (sums,):
        octets, streams = 0, 0

        def add(name: str, file: File) -> None:
            nonlocal octets, streams
            target.add(f"{header.id}/data/{name}", file)
            sums.write(f"{file.sha256}  data/{name}\n".encode())
            octets, streams = octets + file.size, streams + 1

        tree.write(path, header, items, add, SUMS)
        _tags(target, header, sums.file("text/plain"), f"{octets}.{streams}")


def _tags(target: ZipWriter, header: Header, manifest: File, oxum: str) -> None:
    files = {BAGIT: held(BAGIT, "text/plain", DECLARATION.encode()),
             INFO: held(INFO, "text/plain", _info(header, oxum).encode()), MANIFEST: manifest}
    lines = "".join(f"{file.sha256}  {name}\n" for name, file in files.items())
    for name, file in (files | {TAGS: held(TAGS, "text/plain", lines.encode())}).items():
        target.add(f"{header.id}/{name}", file)


def _info(header: Header, oxum: str) -> str:
    """Return the metadata with RFC 8493's own names (2.2.2); nothing that is not known."""
    said = [
        ("Source-Organization", header.submitter.name),
        ("Organization-Code", header.submitter.code),
        ("Archival-Creator", header.creator.name), ("Archival-Creator-Code", header.creator.code),
        ("Contact-Name", header.contact), ("Bagging-Date", header.created[:10]),
        ("External-Identifier", header.id), ("Payload-Oxum", oxum),
        ("Submission-Agreement", header.agreement), ("Reference-Code", header.reference_code),
        ("Record-Status", header.status), ("Replaces", header.replaces),
        ("Bag-Software-Agent", f"Bevara {header.version}"),
    ]
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in said if value)
