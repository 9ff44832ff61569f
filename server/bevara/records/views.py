"""The queue and the record's own page."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, render_template, request
from sqlalchemy import Row
from werkzeug.wrappers import Response as Answer

from bevara import contract
from bevara.accounts import register
from bevara.capture import annotate, save_capture
from bevara.errors import Erased, Invalid, NotFound, Withheld
from bevara.identity import guard, permitted
from bevara.kernel.store import Store
from bevara.kernel.text import pieces, storable
from bevara.records import (
    history,
    list_records,
    quoted,
    secrecy,
    show,
    slots,
    tabs,
    viewings,
    what_came,
)
from bevara.records.picture import shown
from bevara.records.proof import bundle, stamps
from bevara.records.secrecy import Viewing
from bevara.web import dates
from bevara.web.answers import in_words
from bevara.web.navigation import EVERYONE, Link
from bevara.web.rooms import rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, ngettext, words_of

blueprint = Blueprint("records", __name__, template_folder="templates")
QUEUE = Link("/kommentarer", N_("Kommentarer"), EVERYONE)
DESK = "desk"
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}
FRAGMENT_POLICY = "default-src 'none'; sandbox; frame-ancestors 'self'"
KINDS = {"picture": N_("Bild"), "link": N_("Länk"), "video": N_("Video"),
         "sticker": N_("Klistermärke"), "other": N_("Bilaga")}
SOURCES = {"page_json": N_("ur sidans data"), "title": N_("ur sidans titel"),
           "network": N_("ur sidans anrop")}


@blueprint.get("/kommentarer")
@blueprint.get("/<any(ovning):practice>/kommentarer")
def queue(practice: str | None = None) -> str | tuple[str, int]:
    """List saved comments; a bad date is said beside its field and nothing is filtered."""
    try:
        return _queue(practice, _filters())
    except Invalid as error:
        return _queue(practice, list_records.Filters(), error), error.status


def _queue(
    practice: str | None, filters: list_records.Filters, error: Invalid | None = None
) -> str:
    tab = request.args.get("flik", "saknar-skal")
    page = list_records.page(
        rooms().store_of(practice), tab, filters, after=request.args.get("efter", ""),
        before=request.args.get("fore", ""))
    return render_template(
        "kommentarer.html", page=page, tab=tab, practice=practice, names=_names(practice),
        tabs=tabs.shown(), asked=request.args, filtered=filters != list_records.Filters(),
        error=in_words(error) if error else None, days=_by_day(page.rows),
        address=partial(_address, practice), decided=request.args.get("beslutade", 0, type=int),
        practised=lambda: list_records.count(rooms().practice_store, "alla"),
        latest=lambda: next((row.created_at for row in list_records.page(
            rooms().store_of(practice)).rows), None),
    )


def _filters() -> list_records.Filters:
    asked = request.args
    return list_records.Filters(
        words=asked.get("sok", "").strip(), account=asked.get("konto", ""),
        category=asked.get("skal", ""), action=asked.get("atgard", ""),
        possible="sekretess" in asked,
        since=asked.get("fran", "").strip(), until=asked.get("till", "").strip())


def _address(practice: str | None, **changes: str | None) -> str:
    """Return the queue's address with what is asked for now and `changes`; None takes away."""
    kept = {key: request.args.get(key) for key in ("flik", "sok", "konto", "skal", "atgard",
                                                   "fran", "till", "sekretess")}
    query = urlencode({key: value for key, value in {**kept, **changes}.items() if value})
    return f"{'/ovning' if practice else ''}/kommentarer?{query}"


def _by_day(rows: list[Row[Any]]) -> list[tuple[str, list[Row[Any]]]]:
    return [(day, list(same)) for day, same in
            groupby(rows, key=lambda row: dates.weekday(row.created_at))]


@blueprint.get("/ovning")
def practice_guide() -> str:
    """Say what practising is, and where what was saved by it lies."""
    return render_template("ovning.html", page=list_records.page(rooms().practice_store))


def _pieces(text: str | None) -> list[str]:
    """Return what is too long to be laid out at once, in pieces; nothing for other texts."""
    return pieces(text) if text and len(text) > 20_000 else []


@blueprint.get("/kommentarer/<uuid:record_id>")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>")
def record(record_id: uuid.UUID, practice: str | None = None) -> str | Answer:
    """Show one saved comment, or that it is withheld or erased."""
    try:
        return _record(record_id, practice)
    except (Withheld, Erased):
        return redirect(f"{request.path}/sparrad", 303)


@blueprint.post("/kommentarer/<uuid:record_id>/visa")
@blueprint.post("/<any(ovning):practice>/kommentarer/<uuid:record_id>/visa")
def view(record_id: uuid.UUID, practice: str | None = None) -> str | tuple[str, int]:
    """Let a named person look at closed content once, and keep that they did."""
    try:
        viewing = viewings.begin(
            rooms().store_of(practice), rooms().real_store, str(record_id),
            request.form.get("vem", ""), request.form.get("andamal", ""))
    except Invalid as error:
        return _record(record_id, practice, error=error), error.status
    return _record(record_id, practice, viewing)


def _record(
    record_id: uuid.UUID, practice: str | None, viewing: Viewing | None = None,
    error: Invalid | None = None,
) -> str:
    store, tab = rooms().store_of(practice), request.args.get("flik", "alla")
    found = show.record(store, str(record_id), viewing)
    before, after = list_records.beside(store, tab, found.row)
    return render_template(
        "kommentar.html", record=found, practice=practice,
        capture=quoted.shown(store, found, found.latest, viewing),
        secrecy=secrecy.of(found.row).value, viewing=viewing,
        viewing_key=viewings.key_for(rooms().ephemeral, viewing) if viewing else "",
        viewing_error=in_words(error) if error else None, asked=request.form,
        permitted=permitted.everyone(rooms().real_store), roles=words_of(permitted.ROLES),
        purposes=words_of(viewings.PURPOSES),
        names=_names(practice), pictures=PICTURES, tab=tab,
        beside={"before": before, "after": after},
        named="namn" in request.args, kept_reason=request.args.get("skal") == "sparat",
        came=what_came.parts(found.latest),
        history=history.of(found), pieces=_pieces(found.latest["comment"]["text"]),
        kinds=words_of(KINDS), sources=words_of(SOURCES),
        proof_key=bundle.key_of(store), slots=slots.templates(guard.may), **slots.values(found),
        stamps=stamps.of_entry(store, found.versions[-1].receipt["ledger_index"]))


def _viewing() -> Viewing | None:
    """Return the viewing that a page's picture, markup or proof belongs to."""
    return viewings.of_key(rooms().ephemeral, request.args.get("visning", ""))


@blueprint.get("/kommentarer/<uuid:record_id>/bevis.zip")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>/bevis.zip")
def proof(record_id: uuid.UUID, practice: str | None = None) -> Response:
    """Send the bundle that anyone can check."""
    data = bundle.make(rooms().store_of(practice), str(record_id), _viewing())
    return Response(data, content_type="application/zip", headers={
        "Content-Disposition": f"attachment; filename=bevis-{record_id}.zip"})


@blueprint.get("/kommentarer/<uuid:record_id>/kod/<uuid:capture_id>")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>/kod/<uuid:capture_id>")
def fragment(record_id: uuid.UUID, capture_id: uuid.UUID, practice: str | None = None) -> Response:
    """Send the captured markup to a frame where nothing in it can run, load or lead anywhere."""
    for capture in _captures(record_id, practice):
        if capture["capture_id"] == str(capture_id):
            text = storable(capture["comment"]["fragment"] or "")
            return Response(text, content_type="text/html; charset=utf-8", headers={
                "Content-Security-Policy": FRAGMENT_POLICY, "X-DNS-Prefetch-Control": "off"})
    raise NotFound("Kommentaren finns inte.")


def _captures(record_id: uuid.UUID, practice: str | None) -> Iterator[dict[str, Any]]:
    """Yield the captures of a comment as whoever asks may see them."""
    store, viewing = rooms().store_of(practice), _viewing()
    found = show.record(store, str(record_id), viewing)
    for version in found.versions:
        yield quoted.shown(store, found, version.capture, viewing)


@blueprint.post("/kommentarer/<uuid:record_id>/skal")
@blueprint.post("/<any(ovning):practice>/kommentarer/<uuid:record_id>/skal")
def reason(record_id: uuid.UUID, practice: str | None = None) -> Answer:
    """Keep the reason chosen at the desk."""
    _keep_reason(rooms().store_of(practice), str(record_id), "sekretess" in request.form)
    back = request.full_path.replace("/skal?", "?").rstrip("?")
    return redirect(f"{back}{'&' if '?' in back else '?'}skal=sparat#skal", 303)


@blueprint.post("/kommentarer/skal")
@blueprint.post("/<any(ovning):practice>/kommentarer/skal")
def reasons(practice: str | None = None) -> Answer:
    """Keep one reason for every ticked comment."""
    chosen = request.form.getlist("val")
    if not chosen:
        raise Invalid("val", N_("Ingen kommentar är vald."),
                      N_("Gå tillbaka, kryssa för en eller flera och välj skälet igen."))
    for id_ in chosen[:list_records.PAGE]:
        _keep_reason(rooms().store_of(practice), id_, False)
    return redirect(_address(practice), 303)


def _keep_reason(store: Store, record_id: str, secret: bool) -> None:
    """Keep the chosen reason as one more document; it can close the comment and never open it."""
    category = request.form.get("skal", "")
    known = [item["id"] for item in contract.load("categories.json")["categories"]]
    if category not in known:
        raise Invalid("skal", N_("Välj ett av skälen."), N_("Gå tillbaka och välj ett skäl."))
    found = show.record(store, record_id)
    body = {"category": category, "possible_secrecy": secret or category == "secrecy",
            "moderator": g.get("name") or found.row.moderator, "at": store.clock.now()}
    annotate.put_reason(store, found.latest["capture_id"],
                        json.dumps(body, ensure_ascii=False).encode(), DESK)


def todo() -> list[Line]:
    """Offer what lacks a reason, and say how many of them somebody has forgotten."""
    missing, late = list_records.without_reason(rooms().real_store)
    words = ngettext("kommentar saknar skäl", "kommentarer saknar skäl", missing)
    if late:
        words += ngettext(", %(number)s sedan mer än en arbetsdag",
                          ", %(number)s sedan mer än en arbetsdag", late) % {
                              "number": dates.many(late)}
    return [Line(missing, words, "/kommentarer?flik=saknar-skal", EVERYONE)]


@blueprint.get("/kommentarer/<uuid:record_id>/bild/<digest>")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>/bild/<digest>")
def picture(record_id: uuid.UUID, digest: str, practice: str | None = None) -> Response:
    """Send a picture of a record drawn anew, never as the bytes that came."""
    name = f"sha256:{digest}"
    for capture in _captures(record_id, practice):
        if name in save_capture.all_names(capture):
            return Response(shown(rooms().store_of(practice).blob(name)), content_type="image/png",
                            headers={"Content-Security-Policy": "default-src 'none'; sandbox"})
    raise NotFound("Bilden finns inte.")


def _names(practice: str | None) -> dict[str, str]:
    port = rooms().config.port
    practised = register.practice_account(port)["id"]
    return {id_: name for id_, name in register.names(rooms().real_store, port).items()
            if (id_ == practised) == bool(practice)}
