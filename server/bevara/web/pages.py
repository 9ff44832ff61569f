"""What every page of the desk shares: words for codes, and what the shell shows."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from werkzeug.exceptions import HTTPException

from bevara import __version__, contract
from bevara.kernel.text import storable
from bevara.web import dates
from bevara.web.rooms import rooms
from bevara.web.translations import LANGUAGES, N_, SOURCE, gettext, language

ACTIONS = {
    "delete": N_("Borttagen"), "hide": N_("Dold"), "block": N_("Blockerad"),
    "spam": N_("Markerad som skräppost"), "unapprove": N_("Ej godkänd"),
    "other": N_("Åtgärdad"), "none": N_("Sparad"),
}
OUTCOMES = {
    "removed": N_("Borta från sidan"), "hidden": N_("Dold på sidan"),
    "still_visible": N_("Syns fortfarande på sidan"), "restored": N_("Visas igen på sidan"),
    "aborted": N_("Avbruten, kommentaren är kvar"),
    "overridden": N_("Borttagen innan den var sparad"), "unknown": N_("Inte sett vad som hände"),
}
EXITS = {
    "register": N_("Väntar på nummer"), "keep": N_("Hålls ordnad"),
    "minor": N_("Uppenbart av liten betydelse"),
}
INCIDENTS = {
    "unseen_deletion": N_("Borttagning som Bevara inte hann spara"),
    "override": N_("Borttagen utan att sparas"),
    "closed_path": N_("Stängd väg: misstänkt övergrepp mot barn"),
    "blind_page": N_("Sidan kändes inte igen"),
    "early_hide": N_("Dold innan den sparades"),
}
PLATFORMS = {"facebook": "Facebook", "practice": N_("Övningssidan")}


def prepare(app: Flask) -> None:
    """Give templates their words and filters."""
    for made in dates.FILTERS:
        app.jinja_env.filters[made.__name__] = made
    app.jinja_env.finalize = _printable
    app.context_processor(_shared)


def _printable(value: Any) -> Any:
    """Return text from captures as UTF-8 can carry it; leave all else, markup too, alone."""
    return storable(value) if type(value) is str else value


def _shared() -> dict[str, Any]:
    known = contract.load("categories.json")
    categories = known["categories"]
    tags = {item["id"]: item["sv"] for item in known["tags"]}
    reasons = {item["id"]: item["sv"] for item in categories}
    meanings = {item["id"]: item["full"] for item in categories}
    return {
        "body_name": rooms().config.body_name, "version": __version__,
        "actions": _translated(ACTIONS), "outcomes": _translated(OUTCOMES),
        "exits": _translated(EXITS),
        "incident_words": _translated(INCIDENTS), "platforms": _translated(PLATFORMS),
        "sub_tags": _translated(tags), "categories": _translated(reasons),
        "category_meanings": _translated(meanings),
        "category_keys": {item["id"]: item["key"] for item in categories},
        "practice_origin": f"http://localhost:{rooms().config.port}/",
        "in_practice": request.path.startswith("/ovning"),
        "store_failed": rooms().real_store.failed,
        "here": _here(), "language": language(), "other_language": _other_language(),
    }


def _here() -> str:
    """Return the address that shows this page again; the start page when only a form leads here."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    try:
        current_app.url_map.bind("").match(request.path, "GET")
    except HTTPException:
        return "/"
    return request.path


def _translated(words: dict[str, str]) -> dict[str, str]:
    return {code: gettext(word) for code, word in words.items()}


def _other_language() -> tuple[str, str]:
    code = "en" if language() == SOURCE else SOURCE
    return code, LANGUAGES[code]
