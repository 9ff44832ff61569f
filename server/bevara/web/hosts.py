"""Refuse every address but our own, so that DNS rebinding reaches nothing."""

from __future__ import annotations

from flask import Flask, request

from bevara.errors import ForeignOrigin, UnknownHost
from bevara.web.rooms import rooms
from bevara.web.translations import N_

API = "/api/v1/"
RESTORED = N_("Öppna Bevara från Start-menyn eller med bevara open. Är det återställt från en "
              "säkerhetskopia har det en ny adress, och webbläsaren kopplas på nytt.")


def guard(app: Flask) -> None:
    """Check Host and Origin before anything else looks at a request."""
    app.before_request(_check)


def desk_host(instance: str, port: int) -> str:
    """Return the desk's own address: a name that no other page can guess."""
    return f"{instance}.localhost:{port}"


def _check() -> None:
    house = rooms()
    port = house.config.port
    if request.host not in (f"127.0.0.1:{port}", f"localhost:{port}",
                            desk_host(house.instance, port)):
        raise UnknownHost("Bevara svarar bara på sin egen adress.", next_step=RESTORED)
    _refuse_other_pages()


def _refuse_other_pages() -> None:
    if request.path.startswith("/api/"):
        _refuse_pages_to_the_api(request.headers.get("Origin"))
    elif request.method not in ("GET", "HEAD"):
        _refuse_forms_of_others(request.headers.get("Origin"))


def _refuse_pages_to_the_api(origin: str | None) -> None:
    """An extension sends its own origin, or none at all on GET; then the browser says whose."""
    elsewhere = request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")
    page = origin is not None and not origin.partition("://")[0].endswith("-extension")
    if page or (origin is None and elsewhere):
        raise ForeignOrigin("En webbsida får inte anropa Bevara.")


def _refuse_forms_of_others(origin: str | None) -> None:
    """Our own forms have the origin `null`, because nothing refers (Referrer-Policy)."""
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"
    if elsewhere or origin not in (None, "null", f"http://{request.host}"):
        raise ForeignOrigin("Formuläret kom från en annan sida.")
