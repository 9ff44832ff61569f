"""Text from elsewhere, made fit for UTF-8."""

from __future__ import annotations

import unicodedata
from typing import Any


def storable(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate, which UTF-8 and SQLite cannot hold.

    JSON can carry half a character (RFC 8259, section 8.2); the document's own bytes keep it.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def shown(value: Any) -> Any:
    """Return parsed JSON with every text `storable`: no page can carry half a character either."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [shown(one) for one in value]
    return {name: shown(one) for name, one in value.items()} if isinstance(value, dict) else value


def pieces(text: str, size: int = 4000) -> list[str]:
    """Return `text` in pieces of at most `size` characters, each to the end of a word if it can.

    A browser lays out only the pieces in sight; a million characters in one takes it half a minute.
    """
    found, start = [], 0
    while len(text) - start > size:
        cut = max(text.rfind(mark, start, start + size) for mark in " \n") + 1
        found.append(text[start:cut if cut > start else start + size])
        start += len(found[-1])
    return [*found, text[start:]]


def foldable(*texts: str | None) -> str:
    """Return the texts as one, folded so that case and composition make no difference."""
    return unicodedata.normalize("NFKC", "\n".join(filter(None, texts))).casefold()
