"""The queue and the record's own page."""

from __future__ import annotations

import json
import uuid

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara import contract
from bevara.accounts import register
from bevara.capture import annotate
from bevara.errors import Invalid, NotFound
from bevara.kernel.store import Store
from bevara.records import list_records, show
from bevara.web.rooms import rooms

blueprint = Blueprint("records", __name__)
DESK = "desk"
MAX_PAGE = 1_000_000
PICTURES = {"image/png", "image/jpeg", "image/webp", "image/gif"}


def store_of(practice: str | None) -> Store:
    """Return the practice store when the address says so, else the real one."""
    return rooms().practice_store if practice else rooms().real_store


@blueprint.get("/kommentarer")
@blueprint.get("/<any(ovning):practice>/kommentarer")
def queue(practice: str | None = None) -> str:
    """List saved comments."""
    tab = request.args.get("flik", "saknar-skal")
    number = request.args.get("sida", 1, type=int)
    if tab not in list_records.TABS or not 1 <= number <= MAX_PAGE:
        raise NotFound("Sidan finns inte.")
    search = request.args.get("sok", "").strip()
    page = list_records.page(store_of(practice), tab, search, number)
    return render_template(
        "kommentarer.html", page=page, tab=tab, search=search, number=number,
        practice=practice, pages=-(-page.total // list_records.PAGE), names=_names(),
    )


@blueprint.get("/kommentarer/<uuid:record_id>")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>")
def record(record_id: uuid.UUID, practice: str | None = None) -> str:
    """Show one saved comment."""
    found = show.record(store_of(practice), str(record_id))
    return render_template("kommentar.html", record=found, capture=found.latest,
                           practice=practice, names=_names(), pictures=PICTURES)


@blueprint.post("/kommentarer/<uuid:record_id>/skal")
@blueprint.post("/<any(ovning):practice>/kommentarer/<uuid:record_id>/skal")
def reason(record_id: uuid.UUID, practice: str | None = None) -> Answer:
    """Keep the reason chosen at the desk."""
    store = store_of(practice)
    found = show.record(store, str(record_id))
    category = request.form.get("skal", "")
    known = [item["id"] for item in contract.load("categories.json")["categories"]]
    if category not in known:
        raise Invalid("skal", "Välj ett av skälen.", "Gå tillbaka och välj ett skäl.")
    body = {"category": category, "possible_secrecy": "sekretess" in request.form,
            "moderator": found.row.moderator, "at": store.clock.now()}
    annotate.put_reason(store, found.latest["capture_id"],
                        json.dumps(body, ensure_ascii=False).encode(), DESK)
    return redirect(request.path.removesuffix("/skal"), 303)


@blueprint.get("/kommentarer/<uuid:record_id>/bild/<digest>")
@blueprint.get("/<any(ovning):practice>/kommentarer/<uuid:record_id>/bild/<digest>")
def picture(record_id: uuid.UUID, digest: str, practice: str | None = None) -> Response:
    """Send a picture of a record, with the type that the capture says, never as a page."""
    store = store_of(practice)
    name = f"sha256:{digest}"
    for version in show.record(store, str(record_id)).versions:
        media_type = _media_type(version.capture, name)
        if media_type:
            return Response(store.blob(name), content_type=media_type,
                            headers={"Content-Security-Policy": "default-src 'none'; sandbox"})
    raise NotFound("Bilden finns inte.")


def _media_type(capture: dict[str, object], name: str) -> str | None:
    comment = capture["comment"]
    assert isinstance(comment, dict)
    for item in [capture["picture"], *comment["attachments"]]:
        if isinstance(item, dict) and item["blob"] == name:
            kind = str(item["media_type"])
            return kind if kind in PICTURES else "application/octet-stream"
    return None


def _names() -> dict[str, str]:
    known = [*register.all_accounts(rooms().real_store),
             register.practice_account(rooms().config.port)]
    return {item["id"]: item["name"] for item in known}
