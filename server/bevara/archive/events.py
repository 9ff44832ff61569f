"""What happened to a comment in the house, as a package tells it: Swedish, and no free words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bevara import contract
from bevara.archive.packages.parts import Event
from bevara.records.show import Record
from bevara.web.pages import ACTIONS, EXITS, OUTCOMES

MOVES = {"close": "Kan innehålla sekretess", "mark": "Sekretessmarkering", "lift": "Hävd"}
OF_LATER = {"outcome": "outcome", "reason": "reason", "assessment": "assessed",
            "secrecy": "secrecy", "decision": "decided", "registration": "registered"}
"""The kinds of documents that a package tells of, and as what."""
SEEN = {"removed": "removed", "hidden": "hidden"}


def of(record: Record) -> tuple[Event, ...]:
    """Return the captures, their receipts and what was said later, oldest first."""
    found = [*_captures(record), *_later(record)]
    return tuple(sorted(found, key=lambda event: event.at))


def _captures(record: Record) -> Iterator[Event]:
    for version in record.versions:
        capture, receipt = version.capture, version.receipt
        who = capture["moderator"]["name"] or ""
        yield Event("captured", capture["captured_at"], ACTIONS[capture["action"]["kind"]], who)
        yield Event("receipt", receipt["received_at"], f"SHA-256 {receipt['sha256']}")


def _later(record: Record) -> Iterator[Event]:
    for said in record.events:
        if said["kind"] in OF_LATER:
            kind = SEEN.get(said.get("observed", ""), OF_LATER[said["kind"]])
            who = said.get("by") or said.get("moderator") or ""
            yield Event(kind, said["at"], _detail(said), who)


def _detail(said: dict[str, Any]) -> str:
    if said["kind"] == "outcome":
        return OUTCOMES[said["observed"]]
    if said["kind"] in ("reason", "assessment"):
        return _category(said["category"])
    if said["kind"] == "secrecy":
        return " ".join(filter(None, [MOVES[said["move"]], said.get("provision") or ""]))
    if said["kind"] == "decision":
        return EXITS.get(said["exit"], "Beslutet tillbakataget")
    return said["number"] or "Numret tillbakataget"


def _category(id_: str | None) -> str:
    names = {one["id"]: one["sv"] for one in contract.load("categories.json")["categories"]}
    return str(names.get(id_ or "", id_ or "Inget valt"))
