"""The pages *Arkiv*: what is due, what was delivered, and what the archive answered."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as Answer

from bevara.archive import agreement, gather
from bevara.archive.delivery import choose, pack, receipts, rows, settle, shutting
from bevara.archive.delivery.report import STATES
from bevara.archive.delivery.rows import State
from bevara.archive.packages.parts import Status
from bevara.archive.receivers import settings
from bevara.errors import BevaraError, Conflict, Invalid, NotFound
from bevara.records import slots
from bevara.records.show import Record
from bevara.web.answers import in_words
from bevara.web.navigation import ARCHIVIST, INFORMATION_OFFICER, Link
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, gettext, ngettext, words_of

blueprint = Blueprint("archive", __name__, template_folder="templates")
PLACE, PRACTICE = "/arkiv", "/<any(ovning):practice>"
ONE = f"{PLACE}/leveranser/<uuid:delivery_id>"
ROLES = frozenset({ARCHIVIST, INFORMATION_OFFICER})
KINDS = {State.RECEIVED: "is-safe", State.SENT: "is-safe", State.REFUSED: "is-danger",
         State.FAILED: "is-danger", State.WITHDRAWN: "tag-open"}
Shown = str | tuple[str, int] | Answer


def chosen() -> bool:
    """Tell whether a receiver has been chosen: until then there is no *Arkiv* in the menu."""
    return settings.read(rooms().config).kind != settings.NONE


ARCHIVE = Link(PLACE, N_("Arkiv"), ROLES, shown=chosen)


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    return {"archive_states": {state.value: gettext(words) for state, words in STATES.items()},
            "archive_kinds": {state.value: KINDS.get(state, "is-next") for state in State},
            "package_forms": words_of(agreement.FORMS)}


@blueprint.get(PLACE)
def listed() -> str:
    """Show what is due, and the deliveries."""
    return _listed({}, None)


@blueprint.post(PLACE)
def deliver() -> Shown:
    """Make the deliveries of what is due, or a trial."""
    form, what = request.form, request.form.get("gor", "")
    try:
        by = receipts.named(form.get("av", ""), "av")
        if what == "prov" and rooms().config.shared:
            raise NotFound(N_("Övningen finns bara på en egen dator."))
        if what == "prov":
            id_ = choose.trial(rooms().practice_store, _agreed(), by)
            return redirect(f"/ovning{PLACE}/leveranser/{id_}", 303)
        made = choose.hand_over(rooms().real_store, _agreed(), by, form.getlist("aven"))
    except (Invalid, Conflict) as error:
        return _listed(form.to_dict(), error), error.status
    return redirect(f"{PLACE}/leveranser/{made[0]}" if len(made) == 1 else PLACE, 303)


@blueprint.post(f"{PLACE}/paus")
def pause() -> Answer:
    """Bring nothing until it is switched on again, or switch it on."""
    settings.pause(rooms().config, "pausa" in request.form)
    return redirect(PLACE, 303)


@blueprint.get(ONE)
@blueprint.get(PRACTICE + ONE)
def one(delivery_id: uuid.UUID, practice: str | None = None) -> str:
    """Show a delivery: how it stands, what it lacks, and what can be said of it."""
    return _one(delivery_id, practice, {}, None)


@blueprint.get(f"{ONE}/paket.zip")
@blueprint.get(f"{PRACTICE}{ONE}/paket.zip")
def package(delivery_id: uuid.UUID, practice: str | None = None) -> Response:
    """Send the package to whoever carries it."""
    store = rooms().store_of(practice)
    row = rows.read(store, str(delivery_id))
    path = pack.place(store, row.id)
    if row.state != State.READY or not path.is_file():
        raise NotFound(N_("Paketet finns inte på den här datorn."),
                       next_step=N_("Gå tillbaka till leveransen och läs hur den står."))
    if shutting.shut(store, row.id, settings.read(rooms().config).may_carry_secret):
        raise Conflict(N_("Något i paketet har spärrats eller stängts sedan det gjordes."),
                       next_step=N_("Bevara gör ett nytt paket. Spara det om en stund."))
    return send_file(path, "application/zip", as_attachment=True, download_name=f"{row.id}.zip",
                     conditional=False, etag=False)


@blueprint.post(f"{ONE}/svar")
@blueprint.post(f"{PRACTICE}{ONE}/svar")
def answer(delivery_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep what a person says of it: carried, received, to be done again, or taken back."""
    store, id_, form = rooms().store_of(practice), str(delivery_id), request.form.to_dict()
    by = form.get("av", "")
    try:
        match form.get("gor"):
            case "levererad":
                settle.carried(store, id_, by)
            case "kvittens":
                receipts.by_hand(store, id_, form)
            case "ta-tillbaka":
                settle.withdraw(store, id_, by, form.get(settle.REASON, ""))
            case "igen":
                id_ = choose.again(store, id_, receipts.named(by, "av"))
            case _:
                raise NotFound("Svaret finns inte.")
    except (Invalid, Conflict) as error:
        return _one(delivery_id, practice, form, error), error.status
    return redirect(f"{_base(practice)}/leveranser/{id_}", 303)


def todo() -> list[Line]:
    """Return what an archivist has to look at."""
    store = rooms().real_store
    wrong = rows.number_of(store, State.FAILED, State.REFUSED)
    ready = rows.number_of(store, State.READY)
    return [
        Line(wrong, ngettext("leverans till arkivet kom inte fram",
                             "leveranser till arkivet kom inte fram", wrong), PLACE, ROLES),
        Line(ready, ngettext("leverans är färdig att lämna till arkivet",
                             "leveranser är färdiga att lämna till arkivet", ready), PLACE, ROLES),
    ]


def _of_record(record: Record) -> dict[str, Any]:
    """Return where the archival original of a comment is; only on the real record's page."""
    if (request.view_args or {}).get("practice"):
        return {"original": None}
    kind = choose.type_of(record.row)
    return {"original": {
        "type": gettext(agreement.TYPES[kind]) if kind else "",
        "from_bevara": kind in _agreed().from_bevara,
        "delivery": rows.of_record(rooms().real_store, str(record.row.id))}}


slots.provide("arkivexemplar.html", _of_record, "records.record", last=True)


def _listed(form: dict[str, str], error: BevaraError | None) -> str:
    store, how = rooms().real_store, settings.read(rooms().config)
    return render_template(
        "arkiv.html", waiting=choose.waiting(store, _agreed()), agreed=_agreed(), how=how,
        on_request=choose.number_on_request(store, _agreed()), form=form,
        rows=rows.newest(store), trials=rows.newest(rooms().practice_store),
        error=in_words(error) if error else None)


def _one(
    delivery_id: uuid.UUID, practice: str | None, form: dict[str, str], error: BevaraError | None
) -> str:
    store = rooms().store_of(practice)
    row = rows.read(store, str(delivery_id))
    counts = rows.counted(store, row.id)
    return render_template(
        "arkivleverans.html", practice=practice, row=row, base=_base(practice), form=form,
        number=counts.pop(None, 0), left=counts, why=words_of(gather.LEFT),
        trial=row.status == Status.TEST, without_pdf=rows.without_pdf(store, row.id),
        error=in_words(error) if error else None)


def _base(practice: str | None) -> str:
    return f"/ovning{PLACE}" if practice else PLACE


def _agreed() -> agreement.Agreement:
    return agreement.read(rooms().config)
