"""Deny by default: the API needs a paired browser, the desk needs its owner."""

from __future__ import annotations

from flask import Flask, g, redirect, request
from werkzeug.wrappers import Response

from bevara.errors import BadCsrf, ForeignOrigin, NotSignedIn, UnknownHost
from bevara.identity import cors, devices
from bevara.web import hosts, navigation, signatures
from bevara.web.rooms import is_practice, rooms

COOKIE = "bevara"
SAFE = {"GET", "HEAD", "OPTIONS"}
UNPAIRED = {"identity_api.hello", "identity_api.pair"}
OPEN = {"static", "identity.start", "identity.control", "health"}


def guard(app: Flask) -> None:
    """Check who asks, after the address is checked and before any view runs."""
    app.before_request(_check)
    app.context_processor(lambda: {"csrf": csrf_token()})


def signed_in() -> bool:
    """Tell whether the desk's owner asks."""
    return rooms().sessions.csrf(request.cookies.get(COOKIE, "")) is not None


def csrf_token() -> str:
    """Return the form token of the session that asks."""
    return rooms().sessions.csrf(request.cookies.get(COOKIE, "")) or ""


def _check() -> Response | None:
    endpoint = request.endpoint
    if request.path.startswith("/api/"):
        if endpoint is None or endpoint in UNPAIRED:
            return None
        if cors.is_preflight():
            return Response(status=204)
        _device()
        return None
    g.roles = navigation.EVERYONE if signed_in() else frozenset()
    if endpoint in OPEN or endpoint is None:
        return None
    if is_practice():
        if endpoint == "identity.home":
            return redirect("/torget/")
        if not endpoint.startswith("practice."):
            raise UnknownHost("Här finns bara övningen.")
    else:
        _owner()
    return None


def _device() -> None:
    signed, store = signatures.read(request), rooms().real_store
    device = devices.paired(store, signed.keyid)
    g.sha256 = signatures.check(request, signed, device.public, store.clock).hex()
    origin = request.headers.get("Origin")
    if origin and device.origin and origin != device.origin:
        raise ForeignOrigin("Underskriften kommer från ett annat tillägg än det som kopplades.")
    g.device_id = signed.keyid


def _owner() -> None:
    if request.host != hosts.desk_host(rooms().instance, rooms().config.port):
        raise UnknownHost("Öppna Bevara från Start-menyn eller med bevara open.")
    if not signed_in():
        raise NotSignedIn("Adressen gäller en gång, eller så har Bevara startats om.")
    if request.method not in SAFE and not rooms().sessions.valid_csrf(
        request.cookies.get(COOKIE, ""), request.form.get("csrf", "")
    ):
        raise BadCsrf()
