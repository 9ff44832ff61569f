"""The start page, pairing, and the list of browsers."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import register
from bevara.errors import NotSignedIn
from bevara.identity import devices
from bevara.identity.guard import COOKIE
from bevara.records import list_records
from bevara.web.rooms import rooms

blueprint = Blueprint("identity", __name__)


@blueprint.get("/start")
def start() -> Answer:
    """Exchange a one-time key for a cookie and go to the start page."""
    cookie = rooms().sessions.enter(request.args.get("key", ""))
    if cookie is None:
        raise NotSignedIn("Adressen är redan använd eller för gammal.")
    answer = redirect("/", 303)
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict")
    return answer


@blueprint.get("/")
def home() -> str:
    """Show what is done, what is left, and what was saved last."""
    return render_template("start.html", code=None, **_state())


@blueprint.post("/koppla")
def show_code() -> str:
    """Show a new pairing code for two minutes."""
    return render_template("start.html", code=rooms().pairing.open(), **_state())


@blueprint.get("/lage")
def state() -> Response:
    """Answer with which steps are done, for the start page to follow."""
    done = _state()
    return jsonify(paired=bool(done["browsers"]), accounts=bool(done["accounts"]),
                   practised=done["practised"])


@blueprint.get("/webblasare")
def browsers() -> str:
    """List the browsers."""
    return render_template("webblasare.html", devices=devices.all_devices(rooms().real_store))


@blueprint.post("/webblasare/<device_id>/aterkalla")
def revoke(device_id: str) -> Answer:
    """Stop a browser from speaking with Bevara."""
    devices.revoke(rooms().real_store, device_id)
    return redirect("/webblasare", 303)


@blueprint.post("/control/<what>")
def control(what: str) -> str:
    """Give a program that can read the data folder a new address or code."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), rooms().control_token.encode()):
        abort(404)
    if what == "open":
        host = f"http://{rooms().instance}.localhost:{rooms().config.port}"
        return f"{host}/start?key={rooms().sessions.invite()}"
    if what == "pair":
        return rooms().pairing.open()
    abort(404)


def _state() -> dict[str, object]:
    paired = [d for d in devices.all_devices(rooms().real_store) if not d.revoked_at]
    practised = list_records.page(rooms().practice_store).total
    latest = list_records.page(rooms().real_store)
    return {
        "browsers": paired, "accounts": register.all_accounts(rooms().real_store),
        "practised": practised > 0, "latest": latest.rows[:5], "counts": latest.counts,
    }
