"""Deny by default: the API needs a paired browser, the desk needs its owner or a user whose roles
allow what is asked for (`access`).
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Flask, g, redirect, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from bevara.errors import (
    BadCsrf,
    ForeignOrigin,
    NotAllowed,
    NotFound,
    NotSignedIn,
    UnknownHost,
)
from bevara.identity import access, cors, devices, users
from bevara.identity.sessions import Session, valid_csrf
from bevara.web import hosts, navigation, signatures
from bevara.web.rooms import is_practice, rooms
from bevara.web.translations import N_

COOKIE = "bevara"
SAFE = {"GET", "HEAD", "OPTIONS"}
WHO = ("av", "by", "vem", "removed_by")
"""The fields of forms that say who does what the form says."""
SIGN_IN = "/logga-in"


def guard(app: Flask) -> None:
    """Check who asks, after the address is checked and before any view runs."""
    app.before_request(_check)
    app.context_processor(lambda: {
        "csrf": csrf_token(), "me": me(), "may": may,
        "shared": rooms().config.shared is not None})


def cookie_name() -> str:
    """Return the cookie's name: `__Host-` lets no other name or path set it (RFC 6265bis)."""
    return f"__Host-{COOKIE}" if rooms().config.shared else COOKIE


def set_cookie(answer: Response, cookie: str) -> Response:
    """Give the browser its session."""
    answer.set_cookie(cookie_name(), cookie, httponly=True, samesite="Strict",
                      secure=rooms().config.shared is not None)
    return answer


def may(endpoint: str) -> bool:
    """Tell whether whoever asks may reach an endpoint."""
    return access.may(g.get("roles", frozenset()), endpoint)


def me() -> str:
    """Return the name of the user who asks; empty on one computer."""
    found: str = g.get("name", "")
    return found


def csrf_token() -> str:
    """Return the form token of the session that asks."""
    session: Session | None = g.get("session")
    return session.csrf if session else ""


def _check() -> Response | None:
    endpoint = request.endpoint
    if request.path.startswith("/api/"):
        if endpoint is None or endpoint in access.UNPAIRED:
            return None
        if cors.is_preflight():
            return Response(status=204)
        _device(endpoint)
        return None
    _who_asks()
    if endpoint is None or endpoint in _open():
        return None
    if is_practice():
        if endpoint == "identity.home":
            return redirect("/torget/")
        if endpoint not in access.PRACTICE:
            raise UnknownHost("Här finns bara övningen.")
        return None
    return _desk(endpoint)


def _open() -> frozenset[str]:
    return access.OPEN | access.SIGNING_IN if rooms().config.shared else access.OPEN


def _device(endpoint: str) -> None:
    signed, store = signatures.read(request), rooms().real_store
    device = devices.paired(store, signed.keyid)
    g.sha256 = signatures.check(request, signed, device.public, store.clock,
                                rooms().config.window).hex()
    origin = request.headers.get("Origin")
    if origin and device.origin and origin != device.origin:
        raise ForeignOrigin("Underskriften kommer från ett annat tillägg än det som kopplades.")
    if endpoint not in access.DEVICES:
        raise NotFound
    g.device_id = signed.keyid


def _who_asks() -> None:
    """Say to all that follows which session asks, what it may, and the user's name."""
    g.may = may
    session = rooms().sessions.find(request.cookies.get(cookie_name(), ""))
    if session is None:
        return
    if session.user is None:
        if not rooms().config.shared:
            g.session, g.roles = session, navigation.EVERYONE
    elif (user := users.find(rooms().real_store, session.user)) and not user.closed_at:
        g.session, g.roles, g.user, g.name = session, user.roles, user, user.name


def _desk(endpoint: str) -> Response | None:
    if request.host not in hosts.desk_hosts(rooms().instance, rooms().config):
        raise UnknownHost("Öppna Bevara från Start-menyn eller med bevara open.")
    if "session" not in g:
        return _ask_who()
    if request.method not in SAFE and not valid_csrf(g.session, request.form.get("csrf", "")):
        raise BadCsrf()
    if not may(endpoint):
        raise NotAllowed()
    if rooms().config.shared:
        _as_a_user()
    return None


def _ask_who() -> Response:
    if not rooms().config.shared:
        raise NotSignedIn("Adressen gäller en gång, eller så har Bevara startats om.")
    if request.method not in ("GET", "HEAD"):
        raise NotSignedIn(N_("Du har loggats ut."), next_step=N_(
            "Logga in i en annan flik, gå tillbaka hit och skicka igen."))
    asked = request.full_path.rstrip("?")
    return redirect(SIGN_IN if asked == "/" else f"{SIGN_IN}?{urlencode({'till': asked})}", 303)


def _as_a_user() -> None:
    """Whatever a form says of who sends it, it is the user who is signed in."""
    if (request.view_args or {}).get("practice") or request.endpoint == "records.practice_guide":
        raise NotFound(N_("Övningen finns bara på en egen dator."))
    if request.method not in SAFE:
        typed = [one for one in request.form.items(multi=True) if one[0] not in WHO]
        request.form = ImmutableMultiDict(typed + [(name, g.name) for name in WHO])
