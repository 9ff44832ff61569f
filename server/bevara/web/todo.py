"""What waits for whoever asks: the lines of *Att göra* on the start page.

A room offers its lines as a function; `app.py` puts them in order, the most pressing first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, g

from bevara.web.navigation import NOT_THE_MODERATOR, reachable

MOST = 7


@dataclass(frozen=True)
class Line:
    """How many wait (0 is not shown), what they are in the page's language, and where."""

    number: int
    words: str
    path: str
    roles: frozenset[str] = NOT_THE_MODERATOR


Offer = Callable[[], Iterable[Line]]


def prepare(app: Flask, offers: Iterable[Offer]) -> None:
    """Give every template `todo()`."""
    offers = tuple(offers)
    app.context_processor(lambda: {"todo": lambda: lines(offers)})


def lines(offers: Iterable[Offer]) -> list[Line]:
    """Return at most seven lines that wait for the roles of whoever asks."""
    roles: frozenset[str] = g.get("roles", frozenset())
    waiting = [line for offer in offers for line in offer()
               if line.number and line.roles & roles and reachable(line.path)]
    return waiting[:MOST]
