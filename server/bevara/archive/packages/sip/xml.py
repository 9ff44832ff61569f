"""XML as text, element by element, so that a document is never in memory as a whole.

Text is hostile: what XML cannot carry becomes U+FFFD, and `unfit` says how many such there were.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bevara.kernel.text import storable

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is no `Char` of XML 1.0, section 2.2."""
_SPECIAL = re.compile('[\x00-\x1f&<>"\ud800-\udfff\ufffe\uffff]')
"""What cannot stand as it is."""
_AS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;",
       "\r": "&#13;"}
_NONE: Mapping[str, str] = {}


class Xml(str):
    """Text that is XML already."""

    __slots__ = ()


def tag(name: str, *inside: str, at: Mapping[str, str] = _NONE) -> Xml:
    """Return an element with what is inside it, escaped unless it is `Xml`; `at` its attributes."""
    head = name + _attributes(at) if at else name
    body = "".join([one if type(one) is Xml else escaped(one) for one in inside])
    return Xml(f"<{head}>{body}</{name}>" if body else f"<{head}/>")


def some(name: str, text: str, at: Mapping[str, str] = _NONE) -> Xml:
    """Return an element with a text, or nothing when there is none."""
    return tag(name, text, at=at) if text else Xml()


def opened(name: str, at: Mapping[str, str] = _NONE) -> Xml:
    """Return the start of an element that is closed later."""
    return Xml(f"<{name}{_attributes(at)}>")


def escaped(text: str) -> str:
    """Return text as it may stand in an element or an attribute."""
    if not _SPECIAL.search(text):
        return text
    return _SPECIAL.sub(lambda found: _AS.get(found.group(), "\ufffd"), storable(text))


def _attributes(at: Mapping[str, str]) -> str:
    return "".join([f' {key}="{escaped(value)}"' for key, value in at.items()])


def unfit(*texts: str) -> int:
    """Return how many characters of the texts XML cannot carry."""
    return sum(len(_ILLEGAL.findall(text)) for text in texts)
