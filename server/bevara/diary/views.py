"""The registrar's part of a record's page, what waits for a number, and what is kept in order."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request

from bevara.accounts import register
from bevara.diary import (
    account_templates,
    assessments,
    card,
    decide,
    forms,
    numbers,
    proposal,
    returned,
    standing,
    states,
    told,
    waiting,
)
from bevara.diary.decide import Changed
from bevara.diary.delivery import outbox, settings
from bevara.diary.delivery import views as delivery
from bevara.diary.forms import PRACTICE, RECORD, Form, Shown
from bevara.diary.standing import Standing
from bevara.diary.states import Move, State
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.identity import names
from bevara.kernel.store import Store
from bevara.records import list_records, secrecy, show, slots, tabs, viewings
from bevara.records.show import Record
from bevara.web.answers import in_words
from bevara.web.navigation import REGISTRAR
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import ngettext, words_of

__all__ = ["blueprint", "todo", "told"]
blueprint = Blueprint("diary", __name__, template_folder="templates")
STATES = {State.WAITING: "is-next", State.REGISTERED: "is-safe", State.KEPT: "tag-open",
          State.MINOR: "tag-open"}


def values(record: Record) -> dict[str, Any]:
    """Return what the registrar's part of a record's page shows."""
    practice = (request.view_args or {}).get("practice")
    return {"diary": shown(standing.of(record), {}), "named_before": names.all_names(_real()),
            "handed": _handed(practice, record)}


def shown(now: Standing, form: Form) -> dict[str, Any]:
    """Return the state, what was said, and the form: kept, suggested, or as it was sent."""
    capture = now.record.latest
    kept = (proposal.as_form(now.proposal) if now.proposal
            else account_templates.suggested(
                capture, _accounts().get(now.record.row.account_id or ""),
                secrecy.closed(now.record.row),
                account_templates.everything(_real()).get(now.record.row.account_id or "")))
    decision, own = now.latest("decision"), now.latest("assessment")
    removed = capture["mode"] in states.REMOVED
    first = {
        "beslut": now.record.row.exit or (Move.REGISTER.value if removed else ""),
        "sekretess": "nej" if now.state in (State.KEPT, State.MINOR) else "", "av": "",
        "grund": decision["ground"] if decision and now.record.row.exit else "",
        "kategori": (own or {}).get("category") or "", "nummer": now.record.row.diary_number or "",
        "bedomning": (own or {}).get("ground", ""), "sett": str(now.seen),
    }
    marked = (request.form.getlist("markning") if "bedomning" in form
              else (own or {}).get("tags", ()))
    return {
        "stays": not removed, "state": now.state.value, "kind": STATES.get(now.state, ""),
        "now": now,
        "decision": decision if now.record.row.exit else None, "assessment": own,
        "assessed": assessments.views(now), "more": assessments.lacking(now), "marked": marked,
        "registration": now.latest("registration"), "form": {**first, **kept, **form},
        "time_shown": None if capture["comment"]["time_exact"] else
        capture["comment"]["time_shown"] or "",
        "choices": {
            "directions": words_of(proposal.DIRECTIONS),
            "precisions": words_of(proposal.PRECISIONS),
            "retentions": words_of(proposal.RETENTIONS), "cases": words_of(proposal.CASES)},
    }


@blueprint.get(RECORD + "/registrering")
@blueprint.get(PRACTICE + RECORD + "/registrering")
def page(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show the registrar's part alone."""
    return _page(record_id, practice, {}, None)


@blueprint.post(RECORD + "/registrering")
@blueprint.post(PRACTICE + RECORD + "/registrering")
def decision(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep a decision, or that it is taken back."""
    return _kept(record_id, practice, decide.decide)


@blueprint.post(RECORD + "/bedomning")
@blueprint.post(PRACTICE + RECORD + "/bedomning")
def assessment(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep the registrar's own view."""
    tags = request.form.getlist("markning")
    return _kept(record_id, practice, partial(decide.assess, tags=tags))


@blueprint.post(RECORD + "/diarienummer")
@blueprint.post(PRACTICE + RECORD + "/diarienummer")
def number(record_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep the diary's number, or that it is taken back."""
    back = "ta_tillbaka" in request.form
    keep = partial(decide.number, forms=_forms(record_id, practice))
    return _kept(record_id, practice, decide.take_back_number if back else keep)


def _kept(record_id: uuid.UUID, practice: str | None, job: forms.Job) -> Shown:
    return forms.kept(record_id, practice, job, _page, "registrering")


def _page(
    record_id: uuid.UUID, practice: str | None, form: Form, error: BevaraError | None
) -> str:
    record = show.record(rooms().store_of(practice), str(record_id))
    now = standing.of(record)
    return render_template(
        "registrering.html", base=forms.base(record_id, practice), practice=practice, record=record,
        tab=forms.tab(), diary=shown(now, form), handed=_handed(practice, record),
        named_before=names.all_names(_real()), names=_accounts(),
        error=in_words(error) if error else None,
        changed=now.last if isinstance(error, Changed) else None,
        theirs=shown(now, {})["form"])


@blueprint.get(RECORD + "/kort")
@blueprint.get(PRACTICE + RECORD + "/kort")
def one_card(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show the card of one comment, to copy from or print; raise `Conflict` when it has none."""
    viewing = viewings.of_key(rooms().ephemeral, request.args.get("visning", ""))
    now = standing.of(show.record(rooms().store_of(practice), str(record_id), viewing))
    if now.state not in (State.WAITING, State.REGISTERED) or now.proposal is None:
        raise Conflict("Kommentaren väntar inte på nummer.")
    row = now.record.row
    account = _accounts().get(row.account_id or "", "")
    return render_template(
        "kort.html", base=forms.base(record_id, practice), practice=practice, row=row,
        fields=card.fields(row.reference, now.proposal, account))


@blueprint.get(states.WAITING_PATH)
@blueprint.get(PRACTICE + states.WAITING_PATH)
def waits(practice: str | None = None) -> str:
    """List what waits for a number, with the box for many numbers."""
    return _waits(practice, "", None, [], request.args.get("sparade", type=int))


@blueprint.post(states.WAITING_PATH)
@blueprint.post(PRACTICE + states.WAITING_PATH)
def pasted(practice: str | None = None) -> Shown:
    """Keep the good lines; show the others again, each with its line and what is wrong."""
    text = request.form.get("rader", "")
    try:
        kept, refused = returned.paste(rooms().store_of(practice), text,
                                       request.form.get("av", ""),
                                       settings.forms_of(rooms().config))
    except Invalid as error:
        return _waits(practice, text, error, [], None), error.status
    if refused:
        left = "\n".join(line.text for line in refused)
        return _waits(practice, left, None, refused, kept), Invalid.status
    return redirect(f"{forms.place(practice)}{states.WAITING_PATH}?sparade={kept}", 303)


def _waits(
    practice: str | None, text: str, error: BevaraError | None, refused: list[numbers.Line],
    kept: int | None,
) -> str:
    store = rooms().store_of(practice)
    found = list_records.page(store, states.WAITING_TAB, after=request.args.get("efter", ""),
                              before=request.args.get("fore", ""))
    return render_template(
        "vantar-pa-nummer.html", practice=practice, place=forms.place(practice), page=found,
        counts=found.counts, tabs=tabs.shown(), text=text, refused=refused, kept=kept,
        error=in_words(error) if error else None, names=_accounts(),
        by=request.form.get("av", ""), named_before=names.all_names(_real()),
        **delivery.waiting(store, [row.id for row in found.rows]))


@blueprint.get(states.WAITING_PATH + ".csv")
@blueprint.get(PRACTICE + states.WAITING_PATH + ".csv")
def csv(practice: str | None = None) -> Response:
    """Send what waits for a number as a table with public fields."""
    data = card.table(waiting.for_number(rooms().store_of(practice)), _accounts())
    return Response(data, content_type="text/csv; charset=utf-8", headers={
        "Content-Disposition": "attachment; filename=vantar-pa-nummer.csv"})


@blueprint.get(states.IN_ORDER_PATH)
@blueprint.get(PRACTICE + states.IN_ORDER_PATH)
def in_order(practice: str | None = None) -> str:
    """List by day what is kept without being registered, of one year, with public fields."""
    store = rooms().store_of(practice)
    years = waiting.years(store)
    asked = request.args.get("ar", "")
    year = asked if asked in years else next(iter(years), "")
    return render_template(
        "ordnade.html", practice=practice, place=forms.place(practice), tabs=tabs.shown(),
        counts=list_records.counts(store), years=years, year=year, names=_accounts(),
        rows=waiting.in_order(store, year) if year else [])


def todo() -> list[Line]:
    """Offer what is to be registered, and what waits for a number."""
    store, registrar = rooms().real_store, frozenset({REGISTRAR})
    undecided = list_records.count(store, states.TO_REGISTER)
    unnumbered = list_records.count(store, states.WAITING_TAB)
    return [
        Line(undecided, ngettext("kommentar att registrera", "kommentarer att registrera",
                                 undecided),
             f"/kommentarer?flik={states.TO_REGISTER}", registrar),
        Line(unnumbered, ngettext("kommentar väntar på nummer", "kommentarer väntar på nummer",
                                  unnumbered), states.WAITING_PATH, registrar),
    ]


def _handed(practice: str | None, record: Record) -> Any:
    """Return the delivery that holds the record, or None."""
    return outbox.of_records(rooms().store_of(practice), [record.row.id]).get(record.row.id)


def _forms(record_id: uuid.UUID, practice: str | None) -> numbers.Forms:
    row = show.record(rooms().store_of(practice), str(record_id)).row
    return settings.forms_of(rooms().config)(row.diary)


def _accounts() -> dict[str, str]:
    return register.names(_real(), rooms().config.port)


def _real() -> Store:
    return rooms().real_store


slots.provide("registrering-delar.html", values, "diary.decision")
