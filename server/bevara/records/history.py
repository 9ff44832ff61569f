"""What has happened to a record, newest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bevara import contract
from bevara.records.show import Record
from bevara.records.viewings import KIND, PURPOSES
from bevara.web.pages import ACTIONS, OUTCOMES
from bevara.web.translations import gettext

_provided: dict[str, Callable[[dict[str, Any]], str]] = {}


@dataclass(frozen=True)
class Moment:
    """When (RFC 3339) and what, in the page's language."""

    at: str
    words: str


def of(record: Record) -> list[Moment]:
    """Return the captures and all later documents of a record, newest first."""
    saved = [Moment(version.receipt["received_at"], _saved(version.capture))
             for version in record.versions]
    return sorted([*saved, *(Moment(event["at"], _later(event)) for event in record.events)],
                  key=lambda moment: moment.at, reverse=True)


def _saved(capture: dict[str, Any]) -> str:
    action = ACTIONS[capture["action"]["kind"]]
    return gettext("Sparad (%(action)s). Kvittens lämnad.") % {"action": gettext(action).lower()}


def _viewing(said: dict[str, Any]) -> str:
    purpose = PURPOSES[said["purpose"]]
    return gettext("%(name)s såg det skyddade innehållet: %(purpose)s") % {
        "name": said["by"], "purpose": gettext(purpose).lower()}


def provide(kind: str, words: Callable[[dict[str, Any]], str]) -> None:
    """Let a room above say what happened when a document of its `kind` was kept."""
    _provided[kind] = words


def _later(event: dict[str, Any]) -> str:
    if event["kind"] in _provided:
        return _provided[event["kind"]](event)
    if event["kind"] == KIND:
        return _viewing(event)
    if event["kind"] == "outcome":
        seen = OUTCOMES[event["observed"]]
        return gettext(seen)
    names = {item["id"]: item["sv"] for item in contract.load("categories.json")["categories"]}
    category = event["category"]
    words = gettext(names[category]) if category in names else category or gettext("inget")
    who = f" ({event['moderator']})" if event["moderator"] else ""
    secret = f". {gettext('Kan innehålla sekretess')}" if event["possible_secrecy"] else ""
    return gettext("Skäl: %(reason)s") % {"reason": words} + secret + who
