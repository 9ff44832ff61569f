"""Text from elsewhere, made fit for UTF-8."""

from __future__ import annotations

import unicodedata


def storable(text: str) -> str:
    """Return `text` with U+FFFD for each lone surrogate, which UTF-8 and SQLite cannot hold.

    JSON can carry half a character (RFC 8259, section 8.2); the document's own bytes keep it.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def foldable(*texts: str | None) -> str:
    """Return the texts as one, folded so that case and composition make no difference."""
    return unicodedata.normalize("NFKC", "\n".join(filter(None, texts))).casefold()
