"""The page that switches pictures of the screen on and off."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.capture import screen, screens
from bevara.errors import Invalid
from bevara.web.navigation import Link
from bevara.web.rooms import rooms
from bevara.web.translations import N_

blueprint = Blueprint("capture", __name__, template_folder="templates")
SCREEN = Link("/skarmdump", N_("Skärmdump"))


@blueprint.get("/skarmdump")
def ask() -> str:
    """Show whether the screen is pictured, and what that may lay bare."""
    return _page(None)


@blueprint.post("/skarmdump")
def choose() -> Response | tuple[str, int]:
    """Keep what is chosen; browsers follow within a minute."""
    try:
        screens.choose(rooms().config, request.form.get("screen", ""))
    except Invalid as error:
        return _page(error), error.status
    return redirect("/skarmdump", 303)


def _page(error: Invalid | None) -> str:
    return render_template("skarmdump.html", error=error, installed=screen.installed(),
                           chosen=screens.mode(rooms().config))
