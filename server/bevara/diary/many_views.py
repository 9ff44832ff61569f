"""The page where one decision is made about the comments that were ticked in *Att registrera*."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request

from bevara.accounts import register
from bevara.diary import forms, states
from bevara.diary.decide_many import Decided, decide_many
from bevara.diary.forms import PRACTICE, Form, Shown
from bevara.errors import BevaraError, Invalid
from bevara.identity import names
from bevara.records import list_records
from bevara.web.answers import in_words
from bevara.web.rooms import rooms

blueprint = Blueprint("many", __name__, template_folder="templates")
PATH = "/kommentarer/beslut"
NONE = Decided(0, {})


@blueprint.get(PATH)
@blueprint.get(PRACTICE + PATH)
def page(practice: str | None = None) -> Shown:
    """Show what was ticked and ask for the decision."""
    chosen = request.args.getlist("val")
    if not chosen:
        error = Invalid("val", "Ingen kommentar är vald.", "Kryssa för en eller flera.")
        return _page(practice, [], {}, error, NONE), Invalid.status
    return _page(practice, chosen, {"beslut": request.args.get("beslut", "")}, None, NONE)


@blueprint.post(PATH)
@blueprint.post(PRACTICE + PATH)
def decide(practice: str | None = None) -> Shown:
    """Decide about all of them; what could not be decided on stays on the page with its reason."""
    store, chosen = rooms().store_of(practice), request.form.getlist("val")
    form = {key: value for key, value in request.form.items() if key != "val"}
    try:
        done = decide_many(store, chosen, form, _accounts())
    except Invalid as error:
        return _page(practice, chosen, form, error, NONE), error.status
    if done.refused:
        return _page(practice, list(done.refused), form, None, done), 409
    query = urlencode({"flik": states.TO_REGISTER, "beslutade": done.kept})
    return redirect(f"{forms.place(practice)}/kommentarer?{query}", 303)


def _page(
    practice: str | None, chosen: list[str], form: Form, error: BevaraError | None, done: Decided
) -> str:
    store = rooms().store_of(practice)
    first = {"beslut": "", "sekretess": "", "grund": "", "av": ""}
    return render_template(
        "beslut-for-flera.html", practice=practice, place=forms.place(practice),
        listed=list_records.chosen(store, chosen), form=first | form, names=_accounts(),
        tab=states.TO_REGISTER, error=in_words(error) if error else None, kept=done.kept,
        refused={id_: in_words(why) for id_, why in done.refused.items()},
        named_before=names.all_names(rooms().real_store))


def _accounts() -> dict[str, str]:
    return register.names(rooms().real_store, rooms().config.port)
