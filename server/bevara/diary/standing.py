"""Where one record stands: its state, and what the registrar has said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bevara.diary import states
from bevara.diary.states import State
from bevara.records.show import Record

KINDS = ("assessment", "decision", "registration", "secrecy", "breach", "handover", "informed")


@dataclass(frozen=True)
class Standing:
    """`said` are the registrar's documents, oldest first, each with its `kind`."""

    record: Record
    state: State
    said: list[dict[str, Any]]

    @property
    def seen(self) -> int:
        """Return how many documents there are: what a form was made from."""
        return len(self.said)

    @property
    def last(self) -> dict[str, Any] | None:
        """Return the newest document, or None."""
        return self.said[-1] if self.said else None

    def latest(self, kind: str) -> dict[str, Any] | None:
        """Return the newest document of a kind, or None."""
        return next((one for one in reversed(self.said) if one["kind"] == kind), None)

    @property
    def proposal(self) -> dict[str, Any] | None:
        """Return the proposal that stands, or None."""
        decision = self.latest("decision")
        found: dict[str, Any] | None = decision["proposal"] if decision else None
        return found


def of(record: Record) -> Standing:
    """Return where the record stands."""
    said = [event for event in record.events if event["kind"] in KINDS]
    return Standing(record, states.of(record.row), said)
