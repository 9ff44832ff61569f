"""The page *Ansökningar*: plans for new accounts, and what was answered."""

from __future__ import annotations

import uuid

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import applications
from bevara.errors import Conflict, Invalid
from bevara.web.answers import in_words
from bevara.web.navigation import INFORMATION_OFFICER, MANAGER
from bevara.web.rooms import rooms

blueprint = Blueprint("applications", __name__)


@blueprint.get("/konton/ansokningar")
def listing() -> str:
    """List the applications for new accounts, with the guideline's plan as a form."""
    return _applications(None)


@blueprint.post("/konton/ansokningar")
def apply() -> Answer | tuple[str, int]:
    """Keep an application, or show what lacks beside what was typed."""
    try:
        applications.apply(rooms().real_store, request.form.to_dict())
    except Invalid as error:
        return _applications(error), error.status
    return redirect("/konton/ansokningar", 303)


@blueprint.post("/konton/ansokningar/<uuid:application_id>/svar")
def answer(application_id: uuid.UUID) -> Answer | tuple[str, int]:
    """Keep what the one who is asked said, or show what lacks."""
    form = request.form
    try:
        applications.answer(rooms().real_store, str(application_id), form.get("svar") == "ja",
                            _answering(),
                            form.get("by", ""), form.get("note", ""))
    except (Invalid, Conflict) as error:
        return _applications(error, str(application_id)), error.status
    return redirect("/konton/ansokningar", 303)


def _answering() -> frozenset[str]:
    """Return whom those who ask may answer for; the owner of *en dator* for both."""
    roles = {"manager": MANAGER, "information_officer": INFORMATION_OFFICER}
    return frozenset(who for who, role in roles.items() if role in g.roles)


def _applications(error: Invalid | Conflict | None, at: str = "") -> str:
    return render_template(
        "ansokningar.html", applications=applications.listed(rooms().real_store),
        asked=applications.ASKED, mine=_answering(), at=at, form=request.form,
        error=in_words(error) if error else None)
