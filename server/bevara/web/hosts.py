"""Refuse every address but our own, so that DNS rebinding reaches nothing."""

from __future__ import annotations

from flask import Flask, request

from bevara.config import HTTPS_PORT, Config
from bevara.errors import ForeignOrigin, UnknownHost
from bevara.web.rooms import rooms
from bevara.web.translations import N_

API = "/api/v1/"
RESTORED = N_("Öppna Bevara från Start-menyn eller med bevara open. Är det återställt från en "
              "säkerhetskopia har det en ny adress, och webbläsaren kopplas på nytt.")


def guard(app: Flask) -> None:
    """Check Host and Origin before anything else looks at a request."""
    app.before_request(_check)


def desk_host(instance: str, config: Config) -> str:
    """Return the desk's own host: *gemensam* the first of its names, on one computer a name that no
    other page can guess.
    """
    return _named(config)[0] if config.shared else f"{instance}.localhost:{config.port}"


def desk_address(instance: str, config: Config) -> str:
    """Return what the address of every page of the desk begins with."""
    return f"{scheme(config)}://{desk_host(instance, config)}"


def scheme(config: Config) -> str:
    """Return `https` where more than this computer may ask."""
    return "https" if config.shared else "http"


def desk_hosts(instance: str, config: Config) -> list[str]:
    """Return every host that the desk answers on."""
    return _named(config) if config.shared else [desk_host(instance, config)]


def _named(config: Config) -> list[str]:
    port = "" if config.port == HTTPS_PORT else f":{config.port}"
    return [f"{name}{port}" for name in config.shared.hosts] if config.shared else []


def _check() -> None:
    house = rooms()
    port, known = house.config.port, desk_hosts(house.instance, house.config)
    if not house.config.shared:
        known += [f"127.0.0.1:{port}", f"localhost:{port}"]
    if request.host not in known:
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
    if elsewhere or origin not in (None, "null", f"{request.scheme}://{request.host}"):
        raise ForeignOrigin("Formuläret kom från en annan sida.")
