"""The start page, pairing, and the list of browsers."""

from __future__ import annotations

import hmac
from dataclasses import replace

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from bevara.accounts import register
from bevara.errors import Conflict, Invalid, NotFound, NotSignedIn
from bevara.identity import devices, extension, guard, heartbeats, names, permitted, users
from bevara.identity.guard import set_cookie
from bevara.identity.user_views import address_for
from bevara.records import list_records
from bevara.web import hosts
from bevara.web.answers import in_words
from bevara.web.navigation import ADMINISTRATOR, EVERYONE, INFORMATION_OFFICER, Link
from bevara.web.rooms import Rooms, rooms
from bevara.web.todo import Line
from bevara.web.translations import N_, gettext, ngettext

blueprint = Blueprint("identity", __name__, template_folder="templates")
START = Link("/", N_("Start"), EVERYONE)
BROWSERS = Link("/webblasare", N_("Webbläsare"))
NAMES = Link("/namn", N_("Namn"))
PERMITTED = Link("/skyddat-innehall", N_("Skyddat innehåll"))
STATES = {
    "armed": {"words": N_("På"), "look": "is-safe"},
    "unsure": {"words": N_("Någon sida känns inte igen"), "look": "is-unsure"},
    "waiting": {"words": N_("Har inte skickat allt"), "look": "is-unsure"},
    "silent": {"words": N_("Har inte hörts av på tre dagar"), "look": "is-unsure"},
    "never": {"words": N_("Har inte hörts av än"), "look": ""},
}


@blueprint.get("/start")
def start() -> Answer:
    """Exchange the owner's one-time key for a cookie and go to the start page."""
    cookie = rooms().sessions.enter(request.args.get("key", ""))
    if cookie is None or rooms().config.shared:
        raise NotSignedIn("Adressen är redan använd eller för gammal.")
    return set_cookie(redirect("/", 303), cookie)


@blueprint.get("/")
def home() -> str:
    """Show what is done, what is left, and what was saved last."""
    return render_template("start.html", code=None, **_state())


@blueprint.post("/koppla")
def show_code() -> str:
    """Show a new pairing code for two minutes, on the page that it was asked for on."""
    code = rooms().pairing.open(g.user.id if "user" in g else None)
    if request.form.get("sida") == "webblasare":
        return _browsers(code)
    return render_template("start.html", code=code, **_state())


@blueprint.get("/lage")
def state() -> Response:
    """Answer with which steps are done, for the start page to follow."""
    done = _state()
    return jsonify(paired=bool(done["browsers"]), accounts=bool(done["accounts"]),
                   practised=done["practised"])


@blueprint.get("/webblasare")
def browsers() -> str:
    """List the browsers."""
    return _browsers(None)


def _browsers(code: str | None) -> str:
    found = devices.all_devices(rooms().real_store)
    heard = {one.id: one for one in heartbeats.heard(rooms().real_store)}
    return render_template("webblasare.html", devices=found[::-1], code=code, heard=heard,
                           states=STATES, taking=_taking())


def _taking() -> extension.Taking:
    found = extension.taking(request.headers.get("User-Agent", ""))
    return replace(found, chosen=None) if rooms().config.shared else found


def todo() -> list[Line]:
    """Offer the browsers that someone must look at."""
    found = [one for one in heartbeats.heard(rooms().real_store)
             if one.state in ("unsure", "waiting", "silent")]
    words = ngettext("webbläsare behöver ses till", "webbläsare behöver ses till", len(found))
    return [Line(len(found), words, BROWSERS.path, frozenset({INFORMATION_OFFICER, ADMINISTRATOR}))]


@blueprint.post("/webblasare/<device_id>/aterkalla")
def revoke(device_id: str) -> Answer:
    """Stop a browser from speaking with Bevara."""
    devices.revoke(rooms().real_store, device_id)
    return redirect("/webblasare", 303)


@blueprint.get("/namn")
def moderators() -> str:
    """List the names to choose from in the extension."""
    return _moderators(None)


@blueprint.post("/namn")
def add_name() -> Answer | tuple[str, int]:
    """Add a name, or show what was wrong beside what was typed."""
    try:
        names.add(rooms().real_store, request.form.get("name", ""))
    except (Invalid, Conflict) as error:
        return _moderators(error), error.status
    return redirect("/namn", 303)


@blueprint.post("/namn/ta-bort")
def remove_name() -> Answer:
    """Take a name away."""
    names.remove(rooms().real_store, request.form.get("name", ""))
    return redirect("/namn", 303)


def _moderators(error: Invalid | Conflict | None) -> str:
    return render_template("namn.html", names=names.all_names(rooms().real_store),
                           error=in_words(error) if error else None, form=request.form)


@blueprint.get("/skyddat-innehall")
def permitted_persons() -> str:
    """List who may see closed content."""
    return _permitted(None)


@blueprint.post("/skyddat-innehall")
def permit() -> Answer | tuple[str, int]:
    """Let a person see, or show what was wrong beside what was typed."""
    try:
        permitted.add(rooms().real_store, _person(request.form.get("name", "")),
                      request.form.get("role", ""))
    except (Invalid, Conflict) as error:
        return _permitted(error), error.status
    return redirect(PERMITTED.path, 303)


def _person(name: str) -> str:
    """Return the name; *gemensam* it has to be a user's, who signs in with it to look."""
    if not rooms().config.shared or not name.strip():
        return name
    user, _ = users.named(rooms().real_store, name)
    if user is None:
        raise Invalid("name", N_("Ingen användare heter så."),
                      N_("Skriv namnet som det står bland användarna."))
    return user.name


@blueprint.post("/skyddat-innehall/ta-bort")
def permit_no_more() -> Answer:
    """Let a person see no more."""
    permitted.remove(rooms().real_store, request.form.get("name", ""))
    return redirect(PERMITTED.path, 303)


def _permitted(error: Invalid | Conflict | None) -> str:
    return render_template(
        "skyddat-innehall.html", persons=permitted.everyone(rooms().real_store),
        roles={id_: gettext(words) for id_, words in permitted.ROLES.items()},
        error=in_words(error) if error else None, form=request.form)


@blueprint.post("/control/<what>")
def control(what: str) -> str | tuple[str, int]:
    """Give a program that can read the data folder a new address or code."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), rooms().control_token.encode()):
        abort(404)
    if what == "open":
        return start_address(rooms())
    if what == "pair":
        return rooms().pairing.open()
    if what not in ("user-add", "user-address"):
        abort(404)
    if not rooms().config.shared:
        return "Användare finns bara när BEVARA_MODE är gemensam.", 409
    try:
        return _invited(what)
    except (Invalid, Conflict, NotFound) as error:
        return f"{error.detail} {error.next_step or ''}", error.status


def _invited(what: str) -> str:
    store, name = rooms().real_store, request.form.get("name", "")
    if what == "user-add":
        id_ = users.add(store, name, request.form.getlist("roles"), users.COMMAND_LINE)
        return address_for(rooms(), id_)
    user, _ = users.named(store, name)
    if user is None:
        raise NotFound(N_("Användaren finns inte."))
    users.log(store, "invited", user.id, users.COMMAND_LINE)
    return address_for(rooms(), user.id)


def start_address(house: Rooms) -> str:
    """Return the start page's address; on one computer one that signs its reader in once."""
    desk = hosts.desk_address(house.instance, house.config)
    return f"{desk}/" if house.config.shared else f"{desk}/start?key={house.sessions.invite()}"


def _state() -> dict[str, object]:
    paired = [d for d in devices.all_devices(rooms().real_store) if not d.revoked_at]
    known = register.all_accounts(rooms().real_store)
    return {
        "browsers": paired, "accounts": known, "taking": _taking(),
        "practised": rooms().config.shared is not None
        or list_records.count(rooms().practice_store, "alla") > 0,
        "latest": list_records.page(rooms().real_store).rows[:5]
        if guard.may("records.record") else [],
        "names": {account["id"]: account["name"] for account in known},
    }
