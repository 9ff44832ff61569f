"""The reading copy of a comment, to download."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request

from bevara.accounts import register
from bevara.errors import Closed
from bevara.records import quoted, show, viewings
from bevara.records.reading import compose, make
from bevara.web.rooms import rooms

blueprint = Blueprint("reading", __name__)
PATH = "/kommentarer/<uuid:record_id>/lasexemplar.pdf"


@blueprint.get(PATH)
@blueprint.get("/<any(ovning):practice>" + PATH)
def reading_copy(record_id: uuid.UUID, practice: str | None = None) -> Response:
    """Send the comment as a PDF; raise `Closed` when whoever asks may not see it, `NotMade`."""
    store = rooms().store_of(practice)
    viewing = viewings.of_key(rooms().ephemeral, request.args.get("visning", ""))
    found = show.record(store, str(record_id), viewing)
    if found.shut:
        raise Closed("Läsexemplaret visar innehållet.")
    accounts = register.names(rooms().real_store, rooms().config.port)
    account = accounts.get(found.row.account_id or "", "Okänt konto")
    capture = quoted.shown(store, found, found.latest, viewing)
    data = make.pdf(compose.paper(store, found, capture, account, "namn" in request.args))
    return Response(data, content_type="application/pdf", headers={
        "Content-Disposition": f"attachment; filename=lasexemplar-{record_id}.pdf"})
