"""The pages that check everything that is stored, and choose where its second copy lies."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.errors import Conflict, Invalid
from bevara.records import name_search
from bevara.upkeep import anchor, backup_status, doctor, settings
from bevara.upkeep.backup_status import Status
from bevara.upkeep.erasure import everywhere, lost
from bevara.upkeep.verify import Report, verify
from bevara.web.answers import in_words
from bevara.web.navigation import Link
from bevara.web.rooms import rooms
from bevara.web.translations import N_, words_of

blueprint = Blueprint("upkeep", __name__, template_folder="templates")
COMPUTER = Link("/installningar", N_("Den här datorn"))
SECOND_COPY = Link("/sakerhetskopia", N_("Säkerhetskopia"))
LOG = Link("/kontroll", N_("Logg"))


@blueprint.get("/installningar")
def computer() -> str:
    """Show what Bevara stands on, as `bevara doctor` does."""
    config = rooms().config
    return render_template("datorn.html", config=config,
                           lines=doctor.examine(config, rooms().real_store.clock))


@blueprint.get("/kontroll")
def ask() -> str:
    """Explain the check and offer it."""
    return _log(None)


@blueprint.post("/kontroll")
def run() -> str:
    """Read everything again and say what was found."""
    return _log(verify(rooms().real_store))


def _log(report: Report | None) -> str:
    return render_template(
        "kontroll.html", report=report, unanchored=anchor.UNANCHORED, how=anchor.HOW,
        searches=name_search.made(rooms().real_store), purposes=words_of(name_search.PURPOSES))


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


@blueprint.post("/sakerhetskopia/forstord")
def destroyed() -> Response | tuple[str, int]:
    """Keep that the copies in a place are destroyed, or show what was wrong beside it."""
    form = request.form
    try:
        lost.say(rooms().real_store, rooms().config, form.get("place", ""), form.get("by", ""),
                 form.get("reason", ""))
    except (Invalid, Conflict) as error:
        return _second_copy(error), error.status
    return redirect("/sakerhetskopia", 303)


def _second_copy(error: Invalid | Conflict | None) -> str:
    config = rooms().config
    return render_template(
        "sakerhetskopia.html", error=in_words(error) if error else None, form=request.form,
        places=[one for one in everywhere.outcomes(config) if one.problem],
        fixed=config.backup_dir is not None, sealed=config.backup_passphrase_file is not None)
