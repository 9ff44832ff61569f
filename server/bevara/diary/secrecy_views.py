"""The secrecy part of a record's page, and the page of provisions to choose from."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request

from bevara.accounts import register
from bevara.diary import forms, provisions, secrecy_moves, standing
from bevara.diary.decide import Changed
from bevara.diary.forms import PRACTICE, RECORD, Form, Shown
from bevara.diary.standing import Standing
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.identity import names
from bevara.records import list_records, secrecy, show, slots
from bevara.records.list_records import Filters
from bevara.records.show import Record
from bevara.web import dates
from bevara.web.answers import in_words
from bevara.web.navigation import REGISTRAR, Link
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, ngettext, words_of

blueprint = Blueprint("secrecy", __name__, template_folder="templates")
PROVISIONS = Link("/lagrum", N_("Lagrum"))
QUEUE = "/kommentarer?flik=alla&sekretess=1"
FIELDS = ("drag", "lagrum", "datum", "namnd", "omfattning", "varfor", "incident", "kant_dag",
          "kant_tid", "satt", "av")


def values(record: Record) -> dict[str, Any]:
    """Return what the secrecy part of a record's page shows."""
    return {"secret": shown(standing.of(record), {})}


def shown(now: Standing, form: Form) -> dict[str, Any]:
    """Return the state, what was said, and the form: as it was sent, else as it stands."""
    said, breach = now.latest("secrecy"), now.latest("breach")
    marked = said if said and said["move"] == "mark" else {}
    clock = rooms().real_store.clock.now()
    today = dates.local_day(clock).isoformat()
    first = dict.fromkeys(FIELDS, "") | {
        "lagrum": marked.get("provision") or "", "datum": marked.get("date") or today,
        "namnd": marked.get("authority") or "",
        "omfattning": marked.get("extent") or secrecy_moves.EXTENT,
        "incident": (breach or {}).get("answer", ""), "kant_dag": today,
        "kant_tid": f"{dates.local(clock):%H.%M}", "sett": str(now.seen)}
    until = secrecy_moves.deadline(breach)
    return {
        "state": secrecy.of(now.record.row).value, "marked": marked, "breach": breach,
        "deadline": until, "late": bool(until and until < clock),
        "handover": now.latest("handover"), "form": first | form,
        "provisions": provisions.everything(rooms().real_store),
        "answers": words_of(secrecy_moves.ANSWERS), "ways": words_of(secrecy_moves.WAYS)}


@blueprint.get(RECORD + "/sekretess")
@blueprint.get(PRACTICE + RECORD + "/sekretess")
def page(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show the secrecy part alone."""
    return _page(record_id, practice, {}, None)


@blueprint.post(RECORD + "/sekretess")
@blueprint.post(PRACTICE + RECORD + "/sekretess")
def put(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Close, mark or open a comment."""
    return _kept(record_id, practice, secrecy_moves.put)


@blueprint.post(RECORD + "/incident")
@blueprint.post(PRACTICE + RECORD + "/incident")
def breach(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep whether it is a personal data breach."""
    return _kept(record_id, practice, secrecy_moves.answer_breach)


@blueprint.post(RECORD + "/overlamnad")
@blueprint.post(PRACTICE + RECORD + "/overlamnad")
def handover(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep how a closed comment was handed over."""
    return _kept(record_id, practice, secrecy_moves.hand_over)


def _kept(record_id: uuid.UUID, practice: str | None, job: forms.Job) -> Shown:
    return forms.kept(record_id, practice, job, _page, "sekretess")


def _page(
    record_id: uuid.UUID, practice: str | None, form: Form, error: BevaraError | None
) -> str:
    record = show.record(rooms().store_of(practice), str(record_id))
    now = standing.of(record)
    return render_template(
        "sekretess.html", base=forms.base(record_id, practice), practice=practice, record=record,
        tab=forms.tab(), secret=shown(now, form), named_before=names.all_names(rooms().real_store),
        error=in_words(error) if error else None,
        names=register.names(rooms().real_store, rooms().config.port),
        changed=now.last if isinstance(error, Changed) else None, theirs=shown(now, {})["form"])


@blueprint.get("/lagrum")
def listing() -> str:
    """List the provisions, each with its source and whether it was checked."""
    return _listing(None)


@blueprint.post("/lagrum")
def add() -> Shown:
    """Add a provision, note that one is checked, or take one away."""
    form, store = request.form.to_dict(), rooms().real_store
    try:
        if "kontrollerat" in form:
            provisions.check(store, form["kontrollerat"], form)
        elif "bort" in form:
            provisions.remove(store, form["bort"])
        else:
            provisions.add(store, form)
    except (Invalid, Conflict) as error:
        return _listing(error), error.status
    return redirect(PROVISIONS.path, 303)


def _listing(error: BevaraError | None) -> str:
    return render_template(
        "lagrum.html", provisions=provisions.everything(rooms().real_store), form=request.form,
        error=in_words(error) if error else None)


def todo() -> list[Line]:
    """Offer what is closed without anyone having decided on it."""
    waiting = list_records.number(rooms().real_store, Filters(possible=True))
    words = ngettext("kommentar kan innehålla sekretess", "kommentarer kan innehålla sekretess",
                     waiting)
    return [Line(waiting, words, QUEUE, frozenset({REGISTRAR}))]


slots.provide("sekretess-delar.html", values, "secrecy.put")
