"""Hand over what is ready, see what became of it, and choose how it reaches the diary."""

from __future__ import annotations

import uuid
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import register
from bevara.diary import forms
from bevara.diary.channels import Passing, Permanent, eml, http, rest, tree
from bevara.diary.delivery import (
    letter,
    outbox,
    ready,
    receipts,
    rest_settings,
    settings,
    tasks,
    vault,
    worker,
)
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.ready import Scope
from bevara.diary.delivery.settings import Settings
from bevara.diary.forms import PRACTICE, Shown
from bevara.errors import BevaraError, Conflict, Invalid, NotFound
from bevara.kernel.store import Store
from bevara.records.reading import make
from bevara.web import dates
from bevara.web.answers import in_words
from bevara.web.navigation import REGISTRAR, Link
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, gettext, ngettext, words_of

blueprint = Blueprint("delivery", __name__, template_folder="../templates")
DIARY = Link("/diariet", N_("Diarium och leveranssätt"))
PLACE = "/leveranser"
ONE = f"{PLACE}/<uuid:delivery_id>"
STATES = {
    State.QUEUED: N_("Väntar på att skickas"), State.CLAIMED: N_("Skickas nu"),
    State.SENT: N_("Överlämnad"), State.UNCERTAIN: N_("Kan ha skickats"),
    State.FAILED: N_("Gick inte att skicka"), State.STOPPED: N_("Tillbakatagen"),
}
KINDS = {State.SENT: "is-safe", State.UNCERTAIN: "is-unsure", State.FAILED: "is-danger",
         State.STOPPED: "tag-open"}


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    return {"delivery_states": {state.value: gettext(words) for state, words in STATES.items()},
            "delivery_kinds": {state.value: KINDS.get(state, "is-next") for state in State},
            "channels": {id_: gettext(words) for id_, words in settings.CHANNELS.items()}}


@blueprint.post(PLACE)
@blueprint.post(PRACTICE + PLACE)
def hand_over(practice: str | None = None) -> Answer:
    """Make a delivery of what is ready: as a file to save, or to be sent by itself."""
    made: list[str] = []
    for how in settings.everything(rooms().config):
        as_file = practice is not None or "fil" in request.form or not how.by_itself
        channel, state = (settings.EML, State.SENT) if as_file else (how.channel, State.QUEUED)
        with suppress(Conflict):
            id_ = ready.hand_over(rooms().store_of(practice), channel, how.domain, state=state,
                                  scope=Scope(how.diary, how.others))
            made.append(f"{_place(practice)}/{id_}{'?spara=1' if as_file else ''}")
    if not made:
        raise Conflict(N_("Inget väntar på att lämnas över."))
    tasks.wake(rooms().config)
    return redirect(made[0] if len(made) == 1 else _place(practice), 303)


@blueprint.get(PLACE)
@blueprint.get(PRACTICE + PLACE)
def listed(practice: str | None = None) -> str:
    """List the newest deliveries, and the receipts that could not be taken."""
    store = rooms().store_of(practice)
    return render_template(
        "leveranser.html", practice=practice, place=_place(practice), rows=outbox.newest(store),
        odd=receipts.open_ones(store), faults=words_of(receipts.FAULTS),
        to_do=words_of({code: receipts.TO_DO.get(code, receipts.ASK) for code in receipts.FAULTS}))


@blueprint.post(f"{PLACE}/kvittenser/<uuid:receipt_id>")
def settled(receipt_id: uuid.UUID) -> Answer:
    """Take a receipt that was set aside off the list."""
    receipts.settle(rooms().real_store, str(receipt_id))
    return redirect(PLACE, 303)


@blueprint.get(ONE)
@blueprint.get(PRACTICE + ONE)
def one(delivery_id: uuid.UUID, practice: str | None = None) -> str:
    """Show a delivery: what it says, how it stands, and what a person can say of it."""
    return _one(delivery_id, practice, None)


@blueprint.get(f"{ONE}/e-post.eml")
@blueprint.get(f"{PRACTICE}{ONE}/e-post.eml")
def as_mail(delivery_id: uuid.UUID, practice: str | None = None) -> Response:
    """Send the delivery as an e-mail that a mail program opens ready to be sent."""
    store = rooms().store_of(practice)
    row = outbox.read(store, str(delivery_id))
    how = settings.read(rooms().config, row.diary)
    found = letter.compose(store, row, how, accounts(), make.WAIT)
    if row.channel != settings.EML or row.state == State.STOPPED or not found.entries:
        raise Conflict(N_("Det finns inget att spara som e-post."))
    outbox.composed(store, row, found.as_text)
    day = dates.local_day(row.created_at).isoformat()
    return Response(eml.message(found, how, draft=True), content_type="message/rfc822", headers={
        "Content-Disposition": f"attachment; filename=bevara-{day}-{row.id[:8]}.eml"})


@blueprint.post(f"{ONE}/svar")
@blueprint.post(f"{PRACTICE}{ONE}/svar")
def answer(delivery_id: uuid.UUID, practice: str | None = None) -> Shown:
    """Keep what a person says became of it."""
    try:
        outbox.settle(rooms().store_of(practice), str(delivery_id), request.form.get("svar", ""))
    except Conflict as error:
        return _one(delivery_id, practice, error), error.status
    tasks.wake(rooms().config)
    return redirect(f"{_place(practice)}/{delivery_id}", 303)


def _one(delivery_id: uuid.UUID, practice: str | None, error: BevaraError | None) -> str:
    store = rooms().store_of(practice)
    row = outbox.read(store, str(delivery_id))
    found = letter.foreseen(
        store, row, settings.read(rooms().config, row.diary), accounts())
    return render_template(
        "leverans.html", practice=practice, place=_place(practice), row=row, letter=found,
        left_out=len(outbox.items(store, row.id)) - len(found.entries),
        saves="spara" in request.args and row.channel == settings.EML,
        error=in_words(error) if error else None)


@blueprint.get(DIARY.path)
def diary() -> str:
    """Show how proposals reach the diary."""
    return _diary(_asked(), {}, None)


@blueprint.post(f"{DIARY.path}/diarier")
def change_diaries() -> Shown:
    """Give a diary settings of its own, or let it go with the rest."""
    config = rooms().config
    if "ta_bort" in request.form:
        settings.remove(config, request.form["ta_bort"])
        return redirect(DIARY.path, 303)
    try:
        name = settings.add(config, request.form.get("namn", ""))
    except Invalid as error:
        return _diary(settings.read(config), {"namn": request.form.get("namn", "")},
                      error), error.status
    return redirect(_to(name), 303)


@blueprint.post(DIARY.path)
def choose() -> Shown:
    """Keep how proposals reach the diary."""
    try:
        settings.change(rooms().config, request.form, request.form.getlist("bilagor"),
                        _asked().diary)
    except Invalid as error:
        return _diary(_asked(), request.form.to_dict(), error), error.status
    return redirect(_to(_asked().diary, sparat=1), 303)


@blueprint.post(f"{DIARY.path}/paus")
def pause() -> Answer:
    """Send nothing by itself, or go on."""
    settings.pause(rooms().config, "pausa" in request.form, _asked().diary)
    tasks.wake(rooms().config)
    return redirect(_to(_asked().diary), 303)


@blueprint.post(f"{DIARY.path}/prova")
def try_out() -> str:
    """Do all that a delivery does but send it, and say how it went."""
    how, shown = _asked(), None
    try:
        shown = worker.TRIALS[how.channel](how)
        said = ("is-safe", gettext("Det fungerar. Inget skickades."), "")
    except (Passing, Permanent, http.NoAnswer) as error:
        words = gettext(str(error) or rest.NO_ANSWER)
        said = ("is-danger", gettext("Det gick inte. Inget skickades."), words)
    except Invalid as error:
        wrong = in_words(error)
        said = ("is-danger", gettext("Det gick inte. Inget skickades."),
                f"{wrong['detail']} {wrong['next_step'] or ''}")
    return _diary(how, {}, None, said, shown)


def _asked() -> Settings:
    """Return the settings of the diary that the page is about; raise `NotFound`."""
    name = request.values.get("diarium", "")
    if name and name not in settings.diaries(rooms().config):
        raise NotFound(N_("Diariet har inga egna inställningar längre."))
    return settings.read(rooms().config, name)


def _to(name: str, **also: int) -> str:
    said = urlencode(({"diarium": name} if name else {}) | also)
    return f"{DIARY.path}?{said}" if said else DIARY.path


def _diary(
    how: Settings, form: dict[str, str], error: BevaraError | None,
    tried: tuple[str, str, str] | None = None, request_shown: str | None = None,
) -> str:
    kept = {"leveranssatt": how.channel, "till": how.to, "klockslag": how.hour.replace(":", "."),
            "falt": "\n".join(how.fields), "fran": how.sender, "server": how.host,
            "port": how.port, "skydd": how.security, "anvandare": how.user,
            "mapp": how.folder, "nummerform": "\n".join(how.forms)}
    _, preset = rest_settings.PRESETS.get(request.args.get("forval", ""), ("", None))
    kept |= rest_settings.as_form(preset or how.rest)
    kept |= {"leveranssatt": settings.REST} if preset else {}
    kept["namn"] = ""
    chosen = request.form.getlist("bilagor") if error else list(how.extras)
    return render_template(
        "diariet.html", how=how, form=kept | form, error=in_words(error) if error else None,
        chosen=chosen, tried=tried, security=words_of(settings.SECURITY),
        extras=words_of(settings.EXTRAS), auths=words_of(rest_settings.AUTHS), preset=preset,
        presets={id_: name for id_, (name, _) in rest_settings.PRESETS.items()},
        diaries=settings.diaries(rooms().config), template_fields=tree.KNOWN,
        secret=vault.DIARY.of(how.diary).variable, password=vault.SMTP.of(how.diary).variable,
        request_shown=request_shown, saved="sparat" in request.args)


def waiting(store: Store, records: list[str]) -> dict[str, Any]:
    """Return what the list of what waits for a number shows of handing over."""
    every = settings.everything(rooms().config)
    sends = next((how for how in every if how.by_itself), every[0])
    return {"ready": ready.number(store), "how": sends,
            "handed": outbox.of_records(store, records)}


def todo() -> list[Line]:
    """Offer the deliveries that a person has to settle."""
    number = outbox.number_of(rooms().real_store, State.UNCERTAIN, State.FAILED)
    words = ngettext("leverans att ta ställning till", "leveranser att ta ställning till", number)
    odd = receipts.number_open(rooms().real_store)
    said = ngettext("kvittens som inte kunde läsas in", "kvittenser som inte kunde läsas in", odd)
    return [Line(number, words, PLACE, frozenset({REGISTRAR})),
            Line(odd, said, PLACE, frozenset({REGISTRAR}))]


def accounts() -> dict[str, str]:
    """Return the accounts' names by id."""
    return register.names(rooms().real_store, rooms().config.port)


def _place(practice: str | None) -> str:
    return forms.place(practice) + PLACE
