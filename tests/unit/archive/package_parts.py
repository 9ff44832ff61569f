"""Headers and items to make packages of."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from bevara.archive.packages.parts import Agent, Event, Header, Item, Status, held

KS = Agent("Kommunstyrelsen i Storköping", "ORG:2120001234")
HEADER = Header(
    id="6f1c2d8e-0000-4000-8000-000000000001", created="2026-11-28T12:00:00.000Z", creator=KS,
    submitter=Agent("Storköpings kommun", "ORG:2120001234"), status=Status.TEST, version="1.0",
    checkpoint="bevara.local/a/register\n1\nAAAA\n\n- a b\n", contact="Anna Berg",
    preservation=Agent("Stadsarkivet", "ORG:2120009999"), agreement="KS 2026/12", reference_code="A1")


def item(place: int = 0, text: str = "Hej på er", **changes: object) -> Item:
    """Return an item; `changes` replace its fields."""
    fields: dict[str, object] = {
        "id": str(UUID(int=place)), "reference": "BV-7K3M-9QXT", "number": "",
        "title": "Kommentar på Facebook", "sender": "Enskild", "author": "Tobias Rehn",
        "platform": "facebook", "account": "Storköpings kommun", "address": "https://facebook.com/1",
        "document_type": "Kommentar i socialt medium", "classification": "1.7.9",
        "direction": "received", "exit": "keep", "received_on": "2026-11-22",
        "published": "2026-11-22T10:00:00Z", "captured": "2026-11-23T14:32:05Z",
        "retention": "keep", "possible_secrecy": False, "provision": "", "provision_on": "",
        "provision_by": "",
        "events": (Event("captured", "2026-11-23T14:32:05Z", "Borttagen", "Karin Öst"),
                   Event("receipt", "2026-11-23T14:32:06Z", "SHA-256 0a")),
        "files": (held("meddelande.txt", "text/plain", text.encode()),
                  held("meddelande.json", "application/json", b"{}"),
                  held("skarmdump.png", "image/png", b"\x89PNG" * 50)),
    }
    return Item(**{**fields, **changes})  # type: ignore[arg-type]


def items(count: int) -> Iterator[Item]:
    """Yield so many items, all different."""
    for number in range(count):
        yield item(number, f"Kommentar {number}")
