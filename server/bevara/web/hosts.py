"""Refuse every address but our own, so that DNS rebinding reaches nothing."""

from __future__ import annotations

from flask import Flask, request

from bevara.errors import ForeignOrigin, UnknownHost
from bevara.web.rooms import rooms

API = "/api/v1/"


def guard(app: Flask) -> None:
    """Check Host and Origin before anything else looks at a request."""
    app.before_request(_check)


def desk_host(instance: str, port: int) -> str:
    """Return the desk's own address: a name that no other page can guess."""
    return f"{instance}.localhost:{port}"


def _check() -> None:
    port = rooms().config.port
    desk = desk_host(rooms().instance, port)
    if request.host not in (f"127.0.0.1:{port}", f"localhost:{port}", desk):
        raise UnknownHost("Bevara svarar bara på sin egen adress.")
    _refuse_other_pages()


def _refuse_other_pages() -> None:
    origin = request.headers.get("Origin")
    changes = request.method not in ("GET", "HEAD") and not request.path.startswith("/api/")
    if changes and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise ForeignOrigin("Formuläret kom från en annan sida.")
    if origin is None or (origin == "null" and not request.path.startswith("/api/")):
        return
    if request.path.startswith("/api/"):
        if origin.startswith(("http://", "https://")) or origin == "null":
            raise ForeignOrigin("En webbsida får inte anropa Bevara.")
    elif changes and origin != f"http://{request.host}":
        raise ForeignOrigin("Formuläret kom från en annan sida.")
