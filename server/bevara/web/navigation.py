"""Where the pages are: the main menu by role, and the menu of the settings.

A room says which of its pages belong there; `app.py` puts them in order. `web` knows no room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app, g, has_request_context, request

from bevara.web.translations import N_, gettext

MODERATOR, REGISTRAR, ARCHIVIST = "moderator", "registrator", "arkivarie"
INFORMATION_OFFICER, ADMINISTRATOR = "informatör", "administratör"
WEB_OFFICER, DATA_PROTECTION_OFFICER, MANAGER = "webbansvarig", "dataskyddsombud", "närmaste chef"
EVERYONE = frozenset({MODERATOR, REGISTRAR, ARCHIVIST, INFORMATION_OFFICER, ADMINISTRATOR,
                      WEB_OFFICER, DATA_PROTECTION_OFFICER, MANAGER})
"""The owner of *en dator* has every role."""
NOT_THE_MODERATOR = EVERYONE - {MODERATOR}


@dataclass(frozen=True)
class Link:
    """A page in a menu. `below` are the paths that belong to it besides its own."""

    path: str
    words: str
    roles: frozenset[str] = NOT_THE_MODERATOR
    below: tuple[str, ...] = ()
    shown: Callable[[], bool] = lambda: True


@dataclass(frozen=True)
class Shown:
    """A link as the template draws it."""

    path: str
    words: str
    current: bool


def prepare(app: Flask, main: Iterable[Link], settings: Iterable[Link]) -> None:
    """Give every template `main_menu()` and `settings_menu()`, the settings last in the first."""
    main, settings = tuple(main), tuple(settings)
    app.context_processor(lambda: {
        "main_menu": lambda: menu((*main, *_first(settings))),
        "settings_menu": lambda: menu(settings)})


def menu(links: Iterable[Link]) -> list[Shown]:
    """Return the links that the roles of whoever asks may see and follow, the current one marked.
    """
    return [Shown(link.path, gettext(link.words), _current(link)) for link in links
            if _offered(link)]


def reachable(path: str) -> bool:
    """Tell whether whoever asks may open the page of a path, as the guard has it.

    What Bevara does by itself is not held back.
    """
    if not has_request_context():
        return True
    page = path.partition("#")[0].partition("?")[0]
    endpoint, _ = current_app.url_map.bind("").match(page, "GET")
    asked: Callable[[str], bool] = g.get("may", lambda _: False)
    return asked(str(endpoint))


def _offered(link: Link) -> bool:
    roles: frozenset[str] = g.get("roles", frozenset())
    return bool(link.roles & roles) and link.shown() and reachable(link.path)


def _first(settings: tuple[Link, ...]) -> list[Link]:
    """Return the settings as one link, to the first of them that may be opened."""
    inside = tuple(link.path for link in settings)
    return [Link(link.path, N_("Inställningar"), below=inside)
            for link in settings if _offered(link)][:1]


def _current(link: Link) -> bool:
    if link.path == "/":
        return request.path in ("/", "/koppla")
    return request.path.startswith((link.path, *link.below))
