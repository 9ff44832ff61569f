"""The page where an administrator adds and closes users, changes their roles and ends sessions."""

from __future__ import annotations

import uuid

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from bevara.errors import BevaraError, Conflict, Invalid, NotFound
from bevara.identity import devices, users
from bevara.web import hosts
from bevara.web.answers import in_words
from bevara.web.navigation import ADMINISTRATOR, Link
from bevara.web.rooms import Rooms, rooms
from bevara.web.translations import N_, words_of

blueprint = Blueprint("users", __name__, template_folder="templates")
USERS = Link("/anvandare", N_("Användare"), frozenset({ADMINISTRATOR}),
             shown=lambda: rooms().config.shared is not None)
USER = "/anvandare/<uuid:user_id>"
Shown = str | tuple[str, int] | Response


@blueprint.before_request
def only_shared() -> None:
    """On one computer there is one owner, and no users."""
    if not rooms().config.shared:
        raise NotFound()


@blueprint.get("/anvandare")
def listed() -> str:
    """List the users and their sessions."""
    return _page()


@blueprint.post("/anvandare")
def add() -> Shown:
    """Add a user and show the address where the person chooses a password, once."""
    try:
        id_ = users.add(rooms().real_store, request.form.get("name", ""),
                        request.form.getlist("roles"), g.name)
    except (Invalid, Conflict) as error:
        return _page(error), error.status
    return _invited(id_)


@blueprint.post(USER + "/roller")
def roles(user_id: uuid.UUID) -> Shown:
    """Give a user other roles, from the next page on."""
    try:
        users.change_roles(rooms().real_store, str(user_id), request.form.getlist("roles"), g.name)
    except (Invalid, Conflict) as error:
        return _page(error, str(user_id)), error.status
    return redirect(f"/anvandare#u-{user_id}", 303)


@blueprint.post(USER + "/avsluta")
def close(user_id: uuid.UUID) -> Shown:
    """Let a user in no more, at once, nor the browsers that the user paired."""
    try:
        users.close(rooms().real_store, str(user_id), g.name)
    except Conflict as error:
        return _page(error, str(user_id)), error.status
    rooms().sessions.end_all_of(str(user_id))
    devices.revoke_all_of(rooms().real_store, str(user_id))
    return redirect("/anvandare", 303)


@blueprint.post(USER + "/adress")
def invite(user_id: uuid.UUID) -> Shown:
    """Show a new address where the person chooses a password; one before it works no more."""
    user = users.find(rooms().real_store, str(user_id))
    if user is None or user.closed_at:
        raise NotFound(N_("Användaren finns inte."))
    users.log(rooms().real_store, "invited", user.id, g.name)
    return _invited(user.id)


@blueprint.post("/anvandare/inloggningar/<session_id>/avsluta")
def sign_out(session_id: str) -> Response:
    """End one session."""
    whose = rooms().sessions.end_one(session_id)
    if whose is None:
        raise NotFound(N_("Inloggningen finns inte."))
    users.log(rooms().real_store, "ended", whose, g.name)
    return redirect("/anvandare#inloggningar", 303)


def address_for(house: Rooms, user_id: str) -> str:
    """Return a new one-time address where a user chooses a password."""
    desk = hosts.desk_address(house.instance, house.config)
    return f"{desk}/valj-losenord/{house.sessions.invite(user_id)}"


def _invited(user_id: str) -> str:
    return _page(invited=users.find(rooms().real_store, user_id),
                 address=address_for(rooms(), user_id))


def _page(
    error: BevaraError | None = None, about: str = "", invited: users.User | None = None,
    address: str = "",
) -> str:
    found = users.everyone(rooms().real_store)
    return render_template(
        "anvandare.html", users=found, roles=words_of(users.ROLES), form=request.form,
        chosen=request.form.getlist("roles"), about=about, invited=invited, address=address,
        error=in_words(error) if error else None, sessions=rooms().sessions.ongoing(),
        names={one.id: one.name for one in found}, mine=g.session.id)
