"""The page that checks everything that is stored."""

from __future__ import annotations

from flask import Blueprint, render_template

from bevara.upkeep.verify import verify
from bevara.web.rooms import rooms

blueprint = Blueprint("upkeep", __name__)


@blueprint.get("/kontroll")
def ask() -> str:
    """Explain the check and offer it."""
    return render_template("kontroll.html", report=None)


@blueprint.post("/kontroll")
def run() -> str:
    """Read everything again and say what was found."""
    return render_template("kontroll.html", report=verify(rooms().real_store))
