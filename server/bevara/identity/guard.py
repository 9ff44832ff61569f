"""Deny by default: the API needs a paired browser, the desk needs its owner."""

from __future__ import annotations

from flask import Flask, g, redirect, request
from werkzeug.wrappers import Response

from bevara.errors import BadCsrf, NotSignedIn, UnknownHost
from bevara.identity import devices
from bevara.web import hosts, signatures
from bevara.web.rooms import is_practice, rooms

COOKIE = "bevara"
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
        if endpoint is not None and endpoint not in UNPAIRED:
            _device()
    elif endpoint in OPEN or endpoint is None:
        return None
    elif is_practice():
        if endpoint == "identity.home":
            return redirect("/torget/")
        if not endpoint.startswith("practice."):
            raise UnknownHost("Här finns bara övningen.")
    else:
        _owner()
    return None


def _device() -> None:
    id_ = signatures.signer(request)
    key = devices.public_key(rooms().real_store, id_)
    signatures.check(request, key, rooms().real_store.clock)
    g.device_id = id_


def _owner() -> None:
    if request.host != hosts.desk_host(rooms().instance, rooms().config.port):
        raise UnknownHost("Öppna Bevara från Start-menyn eller med bevara open.")
    if not signed_in():
        raise NotSignedIn("Adressen gäller en gång, eller så har Bevara startats om.")
    if request.method == "POST" and not rooms().sessions.valid_csrf(
        request.cookies.get(COOKIE, ""), request.form.get("csrf", "")
    ):
        raise BadCsrf()
