"""The page *Länkar till förtroendevalda*, and the links as files for the body's website."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import elected
from bevara.errors import Invalid
from bevara.web import sheets
from bevara.web.answers import in_words
from bevara.web.rooms import rooms

blueprint = Blueprint("elected", __name__)


@blueprint.get("/konton/lankar")
def listing() -> str:
    """List the links to elected representatives, and offer them as files."""
    return _page(None)


@blueprint.post("/konton/lankar")
def add() -> Answer | tuple[str, int]:
    """Keep that a link was decided, or show what was wrong beside what was typed."""
    form = request.form
    try:
        elected.add(rooms().real_store, form.get("name", ""), form.get("address", ""),
                    form.get("by", ""))
    except Invalid as error:
        return _page(error), error.status
    return redirect("/konton/lankar", 303)


@blueprint.post("/konton/lankar/<uuid:link_id>/ta-bort")
def remove(link_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Keep that a link is no longer shown."""
    try:
        elected.remove(rooms().real_store, str(link_id), request.form.get("removed_by", ""))
    except Invalid as error:
        return _page(error, str(link_id)), error.status
    return redirect("/konton/lankar", 303)


def _page(error: Invalid | None, at: str = "") -> str:
    return render_template(
        "lankar.html", links=elected.listed(rooms().real_store), opinions=elected.OPINIONS,
        error=in_words(error) if error else None, at=at, form=request.form)


@blueprint.get("/konton/lankar.<any(csv, html):kind>")
def file(kind: str) -> Response:
    """Send the links that are shown as a file."""
    shown = elected.published(elected.listed(rooms().real_store))
    data = sheets.as_csv(elected.HEADS, shown) if kind == "csv" else elected.as_html(shown)
    return Response(data, content_type=f"text/{kind}; charset=utf-8", headers={
        "Content-Disposition": f"attachment; filename=lankar.{kind}"})
