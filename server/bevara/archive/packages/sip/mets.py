"""METS as CSIP and SIP 2.1.0 shape it: who delivers, every file with its SHA-256, and their order.

The package's METS names everything outside the representation; the representation's METS names the
comments' files, so that each file stands in exactly one of them. The numbers in parentheses are the
requirements of E-ARK CSIP and SIP.
"""

from __future__ import annotations

from collections.abc import Iterable

from bevara.archive.packages.parts import Agent, File, Header
from bevara.archive.packages.sip.layout import (
    DOCUMENTATION,
    ERMS,
    METS,
    PREMIS,
    REPRESENTATION,
    REPRESENTATIONS,
    SCHEMAS,
    reference,
    xml_id,
)
from bevara.archive.packages.sip.versions import CONTENT, Version
from bevara.archive.packages.sip.xml import DECLARATION, Xml, escaped, opened, some, tag

NAMESPACES = {
    "xmlns:mets": "http://www.loc.gov/METS/", "xmlns:xlink": "http://www.w3.org/1999/xlink",
    "xmlns:csip": "https://DILCIS.eu/XML/METS/CSIPExtensionMETS",
    "xmlns:sip": "https://DILCIS.eu/XML/METS/SIPExtensionMETS",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
LABEL = "Sparade kommentarer i sociala medier"
IN_DATA = "Representations/rep1/data"
IN_PACKAGE = f"Representations/{REPRESENTATION}"
_LINK = {"LOCTYPE": "URL", "xlink:type": "simple"}
END = Xml("</mets:mets>\n")


def representation_start(header: Header, version: Version) -> Xml:
    """Return the representation's METS up to the first file."""
    return Xml(_start(header, version, REPRESENTATION, "../../schemas/")
               + opened("mets:fileSec", {"ID": "fileSec"})
               + opened("mets:fileGrp", {"ID": "grp-data", "USE": IN_DATA}))


def representation_end() -> Xml:
    """Return the representation's METS after the last file (CSIP88, CSIP101-104)."""
    metadata = tag("mets:div", at={"ID": "div-metadata", "LABEL": "Metadata"})
    data = tag("mets:div", tag("mets:fptr", at={"FILEID": "grp-data"}),
               at={"ID": "div-data", "LABEL": "Representations"})
    structure = _struct_map(REPRESENTATION, metadata, data)
    return Xml(f"</mets:fileGrp></mets:fileSec>{structure}{END}")


def file_element(path: str, file: File, created: str) -> Xml:
    """Return a file with its checksum (CSIP66-79); `path` is seen from the METS's own folder."""
    # Most of a large package's XML is this: as one string it takes a third of the time.
    return Xml(f'<mets:file ID="{xml_id(path)}" MIMETYPE="{escaped(file.media_type)}"'
               f' SIZE="{file.size}" CREATED="{escaped(created)}" CHECKSUM="{file.sha256}"'
               ' CHECKSUMTYPE="SHA-256"><mets:FLocat LOCTYPE="URL" xlink:type="simple"'
               f' xlink:href="{reference(path)}"/></mets:file>')


def package(
    header: Header, version: Version, erms: File, premis: File, representation: File,
    documentation: Iterable[File], schemas: Iterable[File],
) -> Xml:
    """Return the package's METS."""
    created = header.created
    files = tag(
        "mets:fileSec",
        _group("Documentation", DOCUMENTATION, documentation, created),
        _group("Schemas", SCHEMAS, schemas, created),
        tag("mets:fileGrp", file_element(f"{REPRESENTATIONS}/{METS}", representation, created),
            at={"ID": "grp-rep1", "USE": IN_PACKAGE, "csip:CONTENTINFORMATIONTYPE": CONTENT}),
        at={"ID": "fileSec"})
    return Xml(_start(header, version, header.id, "schemas/") + _described(erms, created)
               + _preserved(premis, created) + files + _struct_map(header.id, *_divisions()) + END)


def _start(header: Header, version: Version, name: str, schemas: str) -> Xml:
    places = {"http://www.loc.gov/METS/": "mets.xsd", "http://www.w3.org/1999/xlink": "xlink.xsd",
              NAMESPACES["xmlns:csip"]: "DILCISExtensionMETS.xsd",
              NAMESPACES["xmlns:sip"]: "DILCISExtensionSIPMETS.xsd"}
    located = " ".join(f"{space} {schemas}{file}" for space, file in places.items())
    return Xml(DECLARATION + opened("mets:mets", {
        **NAMESPACES, "OBJID": name, "LABEL": LABEL, "TYPE": "Mixed",
        "csip:CONTENTINFORMATIONTYPE": CONTENT, "PROFILE": version.profile,
        "xsi:schemaLocation": located}) + "\n" + _header(header) + "\n")


def _header(header: Header) -> Xml:
    """Return who delivers, and under which agreement (CSIP7-16, CSIP117, SIP3-31)."""
    software = tag("mets:agent", tag("mets:name", "Bevara"),
                   tag("mets:note", header.version, at={"csip:NOTETYPE": "SOFTWARE VERSION"}),
                   at={"ROLE": "CREATOR", "TYPE": "OTHER", "OTHERTYPE": "SOFTWARE"})
    return tag(
        "mets:metsHdr", software, _body(header.creator, "ARCHIVIST"),
        _body(header.submitter, "CREATOR"), _contact(header.contact),
        _body(header.preservation, "PRESERVATION"),
        some("mets:altRecordID", header.agreement, {"TYPE": "SUBMISSIONAGREEMENT"}),
        some("mets:altRecordID", header.reference_code, {"TYPE": "REFERENCECODE"}),
        at={"CREATEDATE": header.created, "LASTMODDATE": header.created,
            "RECORDSTATUS": header.status.value, "csip:OAISPACKAGETYPE": "SIP"})


def _body(agent: Agent, role: str) -> Xml:
    if not agent.name:
        return Xml()
    return tag("mets:agent", tag("mets:name", agent.name),
               some("mets:note", agent.code, {"csip:NOTETYPE": "IDENTIFICATIONCODE"}),
               at={"ROLE": role, "TYPE": "ORGANIZATION"})


def _contact(contact: str) -> Xml:
    """Return who to ask (SIP21-25): the name up to the first comma, and in a note all of it."""
    if not contact:
        return Xml()
    return tag("mets:agent", tag("mets:name", contact.partition(",")[0].strip() or contact),
               tag("mets:note", contact), at={"ROLE": "CREATOR", "TYPE": "INDIVIDUAL"})


def _described(erms: File, created: str) -> Xml:
    return tag("mets:dmdSec", _metadata(ERMS, erms, created, {
        "MDTYPE": "OTHER", "OTHERMDTYPE": "ERMS"}),
        at={"ID": "dmd-erms", "CREATED": created, "STATUS": "CURRENT"})


def _preserved(premis: File, created: str) -> Xml:
    return tag("mets:amdSec", tag("mets:digiprovMD", _metadata(PREMIS, premis, created, {
        "MDTYPE": "PREMIS", "MDTYPEVERSION": "3.0"}),
        at={"ID": "amd-premis", "CREATED": created, "STATUS": "CURRENT"}))


def _metadata(path: str, file: File, created: str, kind: dict[str, str]) -> Xml:
    return tag("mets:mdRef", at={
        **_LINK, "xlink:href": reference(path), **kind, "MIMETYPE": file.media_type,
        "SIZE": str(file.size), "CREATED": created, "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256"})


def _group(use: str, folder: str, files: Iterable[File], created: str) -> Xml:
    return tag("mets:fileGrp", *(
        file_element(f"{folder}/{file.name}", file, created) for file in files),
        at={"ID": f"grp-{folder}", "USE": use})


def _struct_map(name: str, *divisions: Xml) -> Xml:
    """Return the one structure that CSIP wants (CSIP80-85)."""
    return tag("mets:structMap", tag("mets:div", *divisions, at={"ID": "div-all", "LABEL": name}),
               at={"ID": "structMap", "TYPE": "PHYSICAL", "LABEL": "CSIP"})


def _divisions() -> list[Xml]:
    """Return the package's parts (CSIP88-112); the representation is pointed at by its METS."""
    pointer = tag("mets:mptr", at={**_LINK, "xlink:title": "grp-rep1",
                                   "xlink:href": f"{REPRESENTATIONS}/{METS}"})
    return [
        tag("mets:div", at={"ID": "div-metadata", "LABEL": "Metadata", "DMDID": "dmd-erms",
                            "ADMID": "amd-premis"}),
        *(tag("mets:div", tag("mets:fptr", at={"FILEID": f"grp-{folder}"}),
              at={"ID": f"div-{folder}", "LABEL": label})
          for label, folder in (("Documentation", DOCUMENTATION), ("Schemas", SCHEMAS))),
        tag("mets:div", pointer, at={"ID": "div-rep1", "LABEL": IN_PACKAGE}),
    ]
