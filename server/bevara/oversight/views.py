"""The page of incidents."""

from __future__ import annotations

from flask import Blueprint, render_template

from bevara.oversight import incidents
from bevara.web.rooms import rooms

blueprint = Blueprint("oversight", __name__)


@blueprint.get("/handelser")
def listing() -> str:
    """List what must not pass unseen, newest first."""
    return render_template("handelser.html", incidents=incidents.newest(rooms().real_store))
