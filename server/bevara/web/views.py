"""Pages that belong to no room: help, the statement on accessibility, and the language."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.errors import NotFound
from bevara.web.translations import COOKIE, LANGUAGES

blueprint = Blueprint("web", __name__)
YEAR = 365 * 24 * 3600


@blueprint.get("/hjalp")
def guide() -> str:
    """Say how the first day goes, and what is not covered."""
    return render_template("hjalp.html")


@blueprint.get("/tillganglighet")
def accessibility() -> str:
    """State how accessible the pages are."""
    return render_template("tillganglighet.html")


@blueprint.get("/sprak/<code>")
def choose_language(code: str) -> Response:
    """Remember the language and go back to the page that was shown."""
    if code not in LANGUAGES:
        raise NotFound("Språket finns inte.")
    answer = redirect(own_path(request.args.get("till", "/")), 303)
    answer.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Strict")
    return answer


def own_path(text: str) -> str:
    """Return `text` when it can only mean a page of ours, else the start page."""
    safe = text.startswith("/") and not text.startswith("//") and text.isascii()
    return text if safe and "\\" not in text and text.isprintable() else "/"
