"""PREMIS 3: what happened to each comment, by whom, from the moment it was caught to the package.

The events of an item point at its intellectual entity, which points at the package's. What each
file is, with its checksum, stands in METS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from bevara.archive.packages.parts import Event, Header, Item
from bevara.archive.packages.sip.xml import DECLARATION, Xml, opened, some, tag

KINDS = {"captured": "capture", "receipt": "digital signature generation",
         "packed": "information package creation"}
"""The events that the Library of Congress's vocabulary of event types has; others keep our name."""
SOFTWARE = "Bevara"
END = Xml("</premis:premis>\n")


def start(header: Header) -> Xml:
    """Return the document up to the first item: the package itself, and what it replaces."""
    root = opened("premis:premis", {
        "xmlns:premis": "http://www.loc.gov/premis/v3",
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": "http://www.loc.gov/premis/v3 ../../schemas/premis-v3-0.xsd",
        "version": "3.0"})
    replaced = _related("replacement", "replaces", header.replaces) if header.replaces else Xml()
    return Xml(DECLARATION + root + "\n" + _entity([("UUID", header.id)], replaced) + "\n")


def entity(header: Header, item: Item) -> Xml:
    """Return the item as an object: its numbers, and that it is part of the package."""
    numbers = [("UUID", item.id), ("Bevara", item.reference), ("diarienummer", item.number)]
    return _entity(numbers, _related("structural", "is included in", header.id))


def events(header: Header, item: Item) -> Xml:
    """Return the item's events; the last says that it was packed."""
    found = [event for event in item.events if event.kind != "packed"]
    packed = Event("packed", header.created, f"Packad i {header.id}", SOFTWARE)
    about = _identifier("premis:linkingObject", "UUID", item.id)
    return Xml("".join(_event(f"{item.id}/{number}", event, about)
                       for number, event in enumerate([*found, packed], start=1)))


def agents(names: Iterable[str], version: str) -> Xml:
    """Return those who did something, in the order of their names; Bevara is a software."""
    found = [tag("premis:agent", _identifier("premis:agent", "Bevara", agent_id(name)),
                 tag("premis:agentName", name), tag("premis:agentType", _type(name)),
                 tag("premis:agentVersion", version) if name == SOFTWARE else Xml())
             for name in sorted({*names, SOFTWARE})]
    return Xml("\n".join(found))


def agent_id(name: str) -> str:
    """Return the identifier of an agent, the same for the same name."""
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"agent-{digest[:16]}"


def _type(name: str) -> str:
    return "software" if name == SOFTWARE else "person"


def _entity(numbers: list[tuple[str, str]], related: Xml) -> Xml:
    identifiers = [_identifier("premis:object", kind, value) for kind, value in numbers if value]
    return tag("premis:object", *identifiers, related, at={"xsi:type": "premis:intellectualEntity"})


def _related(kind: str, subtype: str, id_: str) -> Xml:
    return tag("premis:relationship", tag("premis:relationshipType", kind),
               tag("premis:relationshipSubType", subtype),
               _identifier("premis:relatedObject", "UUID", id_))


def _event(id_: str, event: Event, about: Xml) -> Xml:
    detail = tag("premis:eventDetailInformation", some("premis:eventDetail", event.detail))
    return tag(
        "premis:event", _identifier("premis:event", "Bevara", id_),
        tag("premis:eventType", KINDS.get(event.kind, event.kind)),
        tag("premis:eventDateTime", event.at), detail if event.detail else Xml(),
        _by(event.agent or SOFTWARE), about)


@lru_cache(256)
def _by(who: str) -> Xml:
    return _identifier("premis:linkingAgent", "Bevara", agent_id(who))


def _identifier(name: str, kind: str, value: str) -> Xml:
    return tag(f"{name}Identifier", tag(f"{name}IdentifierType", kind),
               tag(f"{name}IdentifierValue", value))
