"""Who has assessed a comment, and whether one more has to, as the body's guideline may ask."""

from __future__ import annotations

from typing import Any

from bevara import contract
from bevara.diary.standing import Standing
from bevara.errors import Conflict
from bevara.web.translations import N_


def views(now: Standing) -> list[dict[str, Any]]:
    """Return the newest view of each person, oldest first."""
    latest = {_key(one): one for one in now.said if one["kind"] == "assessment"}
    return sorted(latest.values(), key=lambda one: str(one["at"]))


def lacking(now: Standing) -> int:
    """Return how many more persons have to assess the comment before it is decided on.

    Which categories ask for two is in the body's guideline; the registrars' category counts beside
    the moderator's.
    """
    asked = set(contract.profile()["rules"]["two_assessors"])
    said = views(now)
    named = {now.record.row.category, *(one["category"] for one in said)}
    return max(0, 2 - len(said)) if asked & named else 0


def check_two(now: Standing) -> None:
    """Raise `Conflict` while a person more has to assess the comment."""
    if lacking(now):
        raise Conflict(
            N_("Två personer ska bedöma en sådan kommentar innan beslutet."),
            next_step=N_("Skriv en bedömning, eller be en kollega göra det."))


def _key(said: dict[str, Any]) -> str:
    return str(said["by"]).casefold()
