"""Read the XML of a SIP from anywhere: against its schema, in a stream, without network or DTD."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, cast

from lxml import etree

from bevara.archive.packages.sip.layout import NAMES

FOLDER = Path(__file__).parent / "schemas"
METS_NS, XLINK = "{http://www.loc.gov/METS/}", "{http://www.w3.org/1999/xlink}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
PREMIS_NS, ERMS_NS = "{http://www.loc.gov/premis/v3}", "{https://DILCIS.eu/XML/ERMS}"
SPACES = dict(zip(NAMES, (METS_NS, XLINK, CSIP,
                          "{https://DILCIS.eu/XML/METS/SIPExtensionMETS}", PREMIS_NS, ERMS_NS),
                  strict=True))


@dataclass(frozen=True, slots=True)
class Reference:
    """What a METS says of a file."""

    href: str
    size: str
    sha256: str
    algorithm: str
    kind: str


@dataclass(frozen=True)
class Actor:
    """An agent of METS; `noted` when it has a note with something in it."""

    role: str
    type: str
    other: str
    name: str
    noted: bool


@dataclass
class Mets:
    """What a METS says."""

    name: str = ""
    profile: str = ""
    package_type: str = ""
    status: str = ""
    actors: list[Actor] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)


@cache
def schema() -> etree.XMLSchema:
    """Return the schemas of METS with its extensions, PREMIS and ERMS, as one."""
    imports = "".join(
        f'<xs:import namespace="{SPACES[name].strip("{}")}" '
        f'schemaLocation="{(FOLDER / name).as_uri()}"/>' for name in NAMES)
    whole = ('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:bevara">'
             f"{imports}</xs:schema>")
    return etree.XMLSchema(etree.fromstring(whole))


def elements(source: IO[bytes], *names: str) -> Iterator[etree._Element]:
    """Yield the elements with these names as they end; each is gone when the next comes.

    Raises `lxml.etree.XMLSyntaxError`, at the latest after the last, for what is no XML or not
    valid by its schema, and `ValueError` for what brings a document type: METS needs none, and one
    could name entities that mean something else elsewhere.
    """
    found = etree.iterparse(
        source, events=("end",), schema=schema(), load_dtd=False, no_network=True,
        resolve_entities=False, remove_comments=True, remove_pis=True)
    for _, element in found:
        if element.tag in names:
            yield element
            _forget(element)
    if found.root is not None and found.root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("DOCTYPE")


def mets(source: IO[bytes]) -> Mets:
    """Return what a METS says."""
    said = Mets()
    take: dict[str, Callable[[etree._Element, Mets], None]] = {
        f"{METS_NS}file": _file, f"{METS_NS}mdRef": _metadata, f"{METS_NS}mptr": _pointer,
        f"{METS_NS}metsHdr": _header, f"{METS_NS}mets": _root}
    for element in elements(source, *take):
        take[cast(str, element.tag)](element, said)
    return said


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _root(element: etree._Element, said: Mets) -> None:
    said.name, said.profile = element.get("OBJID", ""), element.get("PROFILE", "")


def _header(element: etree._Element, said: Mets) -> None:
    said.package_type = element.get(f"{CSIP}OAISPACKAGETYPE", "")
    said.status = element.get("RECORDSTATUS", "")
    for agent in element.iter(f"{METS_NS}agent"):
        said.actors.append(Actor(
            agent.get("ROLE", ""), agent.get("TYPE", ""), agent.get("OTHERTYPE", ""),
            agent.findtext(f"{METS_NS}name") or "", bool(agent.findtext(f"{METS_NS}note"))))


def _file(element: etree._Element, said: Mets) -> None:
    located = element.find(f"{METS_NS}FLocat")
    href = "" if located is None else located.get(f"{XLINK}href", "")
    said.references.append(_reference(element, href, ""))


def _metadata(element: etree._Element, said: Mets) -> None:
    kind = element.get("OTHERMDTYPE", "") or element.get("MDTYPE", "")
    said.references.append(_reference(element, element.get(f"{XLINK}href", ""), kind))


def _reference(element: etree._Element, href: str, kind: str) -> Reference:
    return Reference(href, element.get("SIZE", ""), element.get("CHECKSUM", "").lower(),
                     element.get("CHECKSUMTYPE", ""), kind)


def _pointer(element: etree._Element, said: Mets) -> None:
    said.pointers.append(element.get(f"{XLINK}href", ""))
