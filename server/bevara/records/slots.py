"""What the rooms above add to a record's page: a template beside the text, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bevara.records.show import Record

Values = Callable[[Record], dict[str, Any]]


@dataclass(frozen=True)
class Slot:
    """`values` takes the record and returns what the template sees; `endpoint` is where its form
    goes: whoever may not reach that is not shown it.
    """

    template: str
    values: Values
    endpoint: str
    last: bool = False


_provided: list[Slot] = []


def provide(template: str, values: Values, endpoint: str, last: bool = False) -> None:
    """Show `template` on every record's page, after what others provided, or after everything."""
    _provided.append(Slot(template, values, endpoint, last))
    _provided.sort(key=lambda slot: slot.last)


def templates(may: Callable[[str], bool]) -> list[str]:
    """Return the templates in their order, of the slots whose endpoint `may` says yes to."""
    return [slot.template for slot in _provided if may(slot.endpoint)]


def values(record: Record) -> dict[str, Any]:
    """Return what all templates need of a record."""
    found: dict[str, Any] = {}
    for slot in _provided:
        found |= slot.values(record)
    return found
