"""The accounts page."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.accounts import register
from bevara.errors import Conflict, Invalid
from bevara.web.rooms import rooms

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/konton")
def listing() -> str:
    """List the accounts, with a form to add one."""
    return _page(None)


@blueprint.post("/konton")
def add() -> Response | tuple[str, int]:
    """Add an account, or show what was wrong beside what was typed."""
    try:
        register.add(rooms().real_store, request.form.get("address", ""),
                     request.form.get("name", ""))
    except (Invalid, Conflict) as error:
        return _page(error), error.status
    return redirect("/konton", 303)


def _page(error: Invalid | Conflict | None) -> str:
    return render_template("konton.html", accounts=register.all_accounts(rooms().real_store),
                           error=error, form=request.form)
