"""Where everything lies in the package (CSIP 2.1.0, section 4), and what its parts are called."""

from __future__ import annotations

import hashlib
import re
from importlib import resources
from urllib.parse import quote

from bevara.archive.packages.parts import File, Header, Item, held
from bevara.errors import NotPacked

METS = "METS.xml"
ERMS = "metadata/descriptive/erms.xml"
PREMIS = "metadata/preservation/premis.xml"
DOCUMENTATION, SCHEMAS, DATA = "documentation", "schemas", "data"
REPRESENTATION = "rep1"
REPRESENTATIONS = f"representations/{REPRESENTATION}"
XML_TYPE, TEXT_TYPE = "application/xml", "text/plain"
NAMES = ("mets.xsd", "xlink.xsd", "DILCISExtensionMETS.xsd", "DILCISExtensionSIPMETS.xsd",
         "premis-v3-0.xsd", "ERMS_v3.xsd")
"""The schemas that the package's XML follows; schemas/SOURCES.txt says where they come from."""
_SAFE = re.compile(r"(?!\.+$)[A-Za-z0-9._-]{1,120}")


def data_path(item: Item, file: File) -> str:
    """Return where a file of an item lies below its representation.

    A name must hold in every file system and every reader: ASCII letters, digits, `.`, `_`, `-`.
    """
    for name in (item.id, file.name):
        if not _SAFE.fullmatch(name):
            raise NotPacked(f"{name!r} går inte att använda som namn på en fil i paketet.")
    return f"{DATA}/{item.id}/{file.name}"


def check_header(header: Header) -> None:
    """Raise `NotPacked` when the header lacks what every package must say (CSIP1, SIP9, SIP15)."""
    if not _SAFE.fullmatch(header.id):
        raise NotPacked(f"{header.id!r} går inte att använda som namn på paketet.")
    if not header.creator.name or not header.submitter.name:
        raise NotPacked("Arkivbildaren eller den som levererar saknar namn.")


def reference(path: str) -> str:
    """Return a path as the reference to it (`xlink:href`)."""
    return quote(path)


def xml_id(path: str) -> str:
    """Return an `xs:ID` that is the same for the same path, and begins with a letter."""
    return "f-" + hashlib.sha256(path.encode()).hexdigest()[:32]


def schemas() -> list[File]:
    """Return the schemas that go into every package."""
    folder = resources.files(__package__) / SCHEMAS
    return [held(name, XML_TYPE, (folder / name).read_bytes()) for name in NAMES]
