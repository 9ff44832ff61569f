"""The page *Arkiv och mottagare*: what is agreed with the archive, and where packages go."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.archive import agreement
from bevara.archive.receivers import settings, ways
from bevara.diary.channels import Passing, Permanent
from bevara.errors import BevaraError, Invalid
from bevara.web.answers import in_words
from bevara.web.navigation import ADMINISTRATOR, ARCHIVIST, INFORMATION_OFFICER, Link
from bevara.web.rooms import rooms
from bevara.web.translations import N_, gettext, words_of

blueprint = Blueprint("archive_settings", __name__, template_folder="templates")
ARCHIVE_SETTINGS = Link("/mottagare", N_("Arkiv och mottagare"),
                        frozenset({ARCHIVIST, INFORMATION_OFFICER, ADMINISTRATOR}))
Shown = str | tuple[str, int] | Answer
Tried = tuple[str, str, str]


@blueprint.get(ARCHIVE_SETTINGS.path)
def page() -> str:
    """Show what is agreed, and the receiver."""
    return _page(None, None)


@blueprint.post(ARCHIVE_SETTINGS.path)
def change() -> Shown:
    """Keep both, or show what was wrong beside what was typed, and keep neither."""
    try:
        ways.choose(rooms().config, request.form, request.form.getlist("typer"))
    except Invalid as error:
        return _page(error, None), error.status
    return redirect(f"{ARCHIVE_SETTINGS.path}?sparat=1", 303)


@blueprint.post(f"{ARCHIVE_SETTINGS.path}/prova")
def try_out() -> Shown:
    """Try the receiver and leave nothing there."""
    try:
        ways.try_out(rooms().config)
    except (Passing, Permanent) as error:
        return _page(None, ("is-danger", gettext("Det gick inte."), gettext(str(error)))), 422
    except BevaraError as error:
        return _page(None, ("is-danger", gettext("Det gick inte."), gettext(error.detail))), 422
    return _page(None, ("is-safe", gettext("Mottagaren svarade, och går att skriva till."), ""))


def _page(error: Invalid | None, tried: Tried | None) -> str:
    config = rooms().config
    form = request.form.to_dict() if error else (
        agreement.as_form(config) | settings.as_form(settings.read(config)))
    types = request.form.getlist("typer") if error else agreement.read(config).from_bevara
    return render_template(
        "arkivet.html", form=form, types=types, type_names=words_of(agreement.TYPES),
        kinds=words_of(settings.KINDS), locks=words_of(settings.LOCKS),
        how=settings.read(config), tried=tried, saved="sparat" in request.args,
        variables=ways.VARIABLES, error=in_words(error) if error else None)
