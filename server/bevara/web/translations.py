"""Swedish in the code and the templates, English beside it.

The source strings are Swedish. Each room keeps its English in `translations/en.po`, read as it
stands: nothing is compiled. A string without an English one is shown in Swedish.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask, has_request_context, request

ROOMS = Path(__file__).parents[1]
LANGUAGES = {"sv": "Svenska", "en": "English"}
SOURCE = "sv"
COOKIE = "sprak"
KNOWN = "bevara.language"
"""Where a request remembers its language: a page asks for it a thousand times."""


def N_(message: str) -> str:
    """Mark a string that is translated where it is shown."""
    return message


def language() -> str:
    """Return the language of the page being made: the one chosen, else the browser's."""
    if not has_request_context():
        return SOURCE
    asked = request.environ
    found: str | None = asked.get(KNOWN)
    if found is None:
        found = asked[KNOWN] = _asked_for()
    return found


def _asked_for() -> str:
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(list(LANGUAGES), SOURCE) or SOURCE


def gettext(message: str) -> str:
    """Return `message` in the page's language."""
    return message if language() == SOURCE else english().get(message, (message,))[0]


def ngettext(one: str, many: str, count: int) -> str:
    """Return the form of the page's language for `count`."""
    forms = (one, many)
    if language() != SOURCE:
        forms = english().get(one, forms)  # type: ignore[assignment]
    return forms[0] if count == 1 else forms[-1]


def words_of(codes: Mapping[str, str]) -> dict[str, str]:
    """Return codes with their words in the page's language."""
    return {code: gettext(words) for code, words in codes.items()}


def catalogues() -> list[Path]:
    """Return every room's catalogue, sorted."""
    return sorted(ROOMS.glob("*/translations/en.po"))


@cache
def english() -> dict[str, tuple[str, ...]]:
    """Return every English string by its Swedish one; two for what is counted."""
    found: dict[str, tuple[str, ...]] = {}
    for path in catalogues():
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                forms = message.string if isinstance(message.string, tuple) else (message.string,)
                first = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                if first and all(forms):
                    found[first] = tuple(map(str, forms))
    return found


def prepare(app: Flask) -> None:
    """Give templates `_`, `ngettext` and `{% trans %}`."""
    english()
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True)
