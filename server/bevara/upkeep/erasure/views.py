"""The pages that withhold a comment, ask two people, and show what was erased."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from bevara.accounts import register
from bevara.errors import BevaraError, Invalid, NotFound
from bevara.kernel.tables import archive_deliveries as deliveries
from bevara.kernel.tables import archive_items as items
from bevara.kernel.tables import records
from bevara.records import withheld, withhold
from bevara.upkeep.erasure import approvals, everywhere, rows, service
from bevara.upkeep.erasure.approvals import Approvals, Request
from bevara.web import hosts
from bevara.web.rooms import rooms

blueprint = Blueprint("erasure", __name__, template_folder="templates")
RECORD = "/kommentarer/<uuid:record_id>"
PRACTICE = "/<any(ovning):practice>" + RECORD


def waiting() -> Approvals:
    """Return what waits for two people in this running Bevara."""
    found: Approvals = current_app.extensions.setdefault("bevara_approvals", Approvals())
    return found


@blueprint.get(RECORD + "/sparra")
@blueprint.get(PRACTICE + "/sparra")
def ask(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Explain what withholding does and ask for name and reason."""
    store = rooms().store_of(practice)
    with store.read() as connection:
        if not _saved(connection, str(record_id)):
            raise NotFound("Kommentaren finns inte.")
    return _ask(record_id, practice, None)


@blueprint.post(RECORD + "/sparra")
@blueprint.post(PRACTICE + "/sparra")
def do(record_id: uuid.UUID, practice: str | None = None) -> Response | tuple[str, int]:
    """Withhold the comment at once."""
    try:
        withhold.from_desk(rooms().store_of(practice), str(record_id), request.form.get("by", ""),
                           request.form.get("reason", ""))
    except Invalid as error:
        return _ask(record_id, practice, error), error.status
    return redirect(f"{_base(record_id, practice)}/sparrad", 303)


@blueprint.get(RECORD + "/sparrad")
@blueprint.get(PRACTICE + "/sparrad")
def status(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show that a comment is withheld or erased: since when, by whom and why; nothing of it."""
    return _status(record_id, practice, ())


@blueprint.post(RECORD + "/sparrad")
@blueprint.post(PRACTICE + "/sparrad")
def begin(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show the two addresses, once."""
    purpose = request.form.get("purpose", "")
    if purpose not in (approvals.ERASE, approvals.LIFT):
        raise Invalid("purpose", "Välj att radera eller att häva spärren.")
    keys = service.begin(
        rooms().store_of(practice), waiting(), bool(practice), str(record_id), purpose)
    desk = hosts.desk_address(rooms().instance, rooms().config)
    addresses = tuple(f"{desk}/godkann/{key}" for key in keys)
    return _status(record_id, practice, addresses, purpose)


@blueprint.get("/godkann/<key>")
def look(key: str) -> str:
    """Tell one of the two what they are about to approve, and ask for their name."""
    return _look(key, waiting().look(key), None)


@blueprint.post("/godkann/<key>")
def approve(key: str) -> Response | tuple[str, int] | str:
    """Keep one person's approval; with the second one, do what was asked."""
    asked = waiting().look(key)
    store = rooms().practice_store if asked.practice else rooms().real_store
    try:
        service.approve(store, rooms().ephemeral, rooms().config, waiting(), key,
                        request.form.get("by", ""))
    except Invalid as error:
        return _look(key, asked, error), error.status
    if len(asked.by) < service.NEEDED:
        return render_template("godkand.html", asked=asked)
    practice = "ovning" if asked.practice else None
    done = _base(uuid.UUID(asked.record_id), practice)
    return redirect(done if asked.purpose == approvals.LIFT else f"{done}/sparrad", 303)


def _ask(record_id: uuid.UUID, practice: str | None, error: BevaraError | None) -> str:
    return render_template("sparra.html", base=_base(record_id, practice), practice=practice,
                           error=error, form=request.form)


def _look(key: str, asked: Request, error: BevaraError | None) -> str:
    store = rooms().practice_store if asked.practice else rooms().real_store
    with store.read() as connection:
        held = withheld.find(connection, asked.record_id)
        saved = _saved(connection, asked.record_id)
    return render_template("godkann.html", key=key, asked=asked, error=error, held=held,
                           saved=saved, form=request.form)


def _status(
    record_id: uuid.UUID, practice: str | None, addresses: tuple[str, ...], purpose: str = ""
) -> str:
    id_ = str(record_id)
    with rooms().store_of(practice).read() as connection:
        held, tombstone = withheld.find(connection, id_), withheld.tombstone(connection, id_)
        if held is None and tombstone is None:
            raise NotFound("Kommentaren är inte spärrad.")
        saved = _saved(connection, id_)
        elsewhere = rows.seen_elsewhere(connection, id_) if held else []
        archived = _archived(connection, id_)
    return render_template(
        "sparrad.html", base=_base(record_id, practice), practice=practice, held=held,
        tombstone=tombstone, saved=saved, elsewhere=elsewhere, archived=archived,
        addresses=addresses, purpose=purpose, record_id=id_, places=everywhere.outcomes(
            rooms().config, everywhere.name("practice" if practice else "register", id_)),
        names=register.names(rooms().real_store, rooms().config.port))


def _saved(connection: Connection, record_id: str) -> Any:
    return connection.execute(select(
        records.c.id, records.c.platform, records.c.account_id, records.c.created_at,
    ).where(records.c.id == record_id)).first()


def _archived(connection: Connection, id_: str) -> list[Any]:
    """Return the deliveries whose packages an archive has got with the comment, oldest first."""
    return list(connection.execute(
        select(deliveries.c.id, deliveries.c.sent_at, deliveries.c.place, deliveries.c.archive_id)
        .join(items, items.c.delivery_id == deliveries.c.id)
        .where(items.c.record_id == id_, items.c.left_out.is_(None),
               deliveries.c.sent_at.is_not(None) | deliveries.c.archive_id.is_not(None))
        .order_by(deliveries.c.created_at)))


def _base(record_id: uuid.UUID, practice: str | None) -> str:
    return f"{'/ovning' if practice else ''}/kommentarer/{record_id}"
