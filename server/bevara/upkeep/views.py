"""The pages that check everything that is stored, and choose where its second copy lies."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.errors import Invalid
from bevara.upkeep import backup_status, settings
from bevara.upkeep.backup_status import Status
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


@blueprint.app_context_processor
def _shared() -> dict[str, object]:
    return {"backup_state": backup_state}


def backup_state() -> Status:
    """Return what became of the second copy, for any page to show."""
    return backup_status.read(rooms().config)


@blueprint.get("/sakerhetskopia")
def second_copy() -> str:
    """Show where the second copy lies and how old it is."""
    return _second_copy(None)


@blueprint.post("/sakerhetskopia")
def choose() -> Response | tuple[str, int]:
    """Keep the folder that was typed and make the first copy there."""
    try:
        settings.choose(rooms().config, request.form.get("backup_dir", ""))
    except Invalid as error:
        return _second_copy(error), error.status
    return copy_now()


@blueprint.post("/sakerhetskopia/nu")
def copy_now() -> Response:
    """Make a copy; the page says what became of it."""
    backup_status.attempt(rooms().config, rooms().real_store.clock)
    return redirect("/sakerhetskopia", 303)


def _second_copy(error: Invalid | None) -> str:
    config = rooms().config
    return render_template(
        "sakerhetskopia.html", error=error, form=request.form,
        fixed=config.backup_dir is not None, sealed=config.backup_passphrase_file is not None)
