"""What every page of the desk shares: words for codes, dates as people write them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Flask

from bevara import __version__, contract
from bevara.kernel.text import storable
from bevara.web.rooms import is_practice, rooms

ACTIONS = {
    "delete": "Borttagen", "hide": "Dold", "block": "Blockerad", "spam": "Markerad som skräppost",
    "unapprove": "Ej godkänd", "other": "Åtgärdad", "none": "Sparad",
}
OUTCOMES = {
    "removed": "Borta från sidan", "hidden": "Dold på sidan",
    "still_visible": "Syns fortfarande på sidan", "restored": "Visas igen på sidan",
    "aborted": "Avbruten, kommentaren är kvar", "overridden": "Borttagen innan den var sparad",
    "unknown": "Inte sett vad som hände",
}
INCIDENTS = {
    "unseen_deletion": "Borttagning som Bevara inte hann spara",
    "override": "Borttagen utan att sparas",
    "closed_path": "Stängd väg: misstänkt övergrepp mot barn",
    "blind_page": "Sidan kändes inte igen",
    "early_hide": "Dold innan den sparades",
}
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti",
          "september", "oktober", "november", "december")


def prepare(app: Flask) -> None:
    """Give templates their words and filters."""
    app.jinja_env.filters["when"] = when
    app.jinja_env.finalize = _printable
    app.context_processor(_shared)


def _printable(value: Any) -> Any:
    """Return text from captures as UTF-8 can carry it; leave all else, markup too, alone."""
    return storable(value) if type(value) is str else value


def when(text: str | None) -> str:
    """Return a stored time as `22 november 2026 kl. 14.32`, Swedish time."""
    if not text:
        return "okänd tid"
    moment = datetime.fromisoformat(text).astimezone(_zone())
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} kl. {moment:%H.%M}"


def _zone() -> ZoneInfo | None:
    try:
        return ZoneInfo("Europe/Stockholm")
    except ZoneInfoNotFoundError:
        return None


def _shared() -> dict[str, Any]:
    categories = contract.load("categories.json")["categories"]
    return {
        "body_name": rooms().config.body_name, "version": __version__,
        "actions": ACTIONS, "outcomes": OUTCOMES, "incident_words": INCIDENTS,
        "categories": {item["id"]: item["sv"] for item in categories},
        "practice_origin": f"http://localhost:{rooms().config.port}/",
        "in_practice": is_practice(), "store_failed": rooms().real_store.failed,
    }
