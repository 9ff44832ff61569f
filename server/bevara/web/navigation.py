"""Where the pages are: the main menu by role, and the menu of the settings.

A room says which of its pages belong there; `app.py` puts them in order. `web` knows no room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, g, request

from bevara.web.translations import N_, gettext

MODERATOR, REGISTRAR, ARCHIVIST = "moderator", "registrator", "arkivarie"
INFORMATION_OFFICER, ADMINISTRATOR = "informatör", "administratör"
EVERYONE = frozenset({MODERATOR, REGISTRAR, ARCHIVIST, INFORMATION_OFFICER, ADMINISTRATOR})
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
    settings = tuple(settings)
    inside = tuple(link.path for link in settings)
    main = (*main, Link(inside[0], N_("Inställningar"), below=inside))
    app.context_processor(lambda: {
        "main_menu": lambda: menu(main), "settings_menu": lambda: menu(settings)})


def menu(links: Iterable[Link]) -> list[Shown]:
    """Return the links that the roles of whoever asks may see, the current one marked."""
    roles: frozenset[str] = g.get("roles", frozenset())
    return [Shown(link.path, gettext(link.words), _current(link)) for link in links
            if link.roles & roles and link.shown()]


def _current(link: Link) -> bool:
    if link.path == "/":
        return request.path in ("/", "/koppla")
    return request.path.startswith((link.path, *link.below))
