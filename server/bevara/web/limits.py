"""How large a request may be: known from its address, before it is read or its sender known."""

from __future__ import annotations

from flask import Flask, request

from bevara.errors import TooLarge

BLOB = 16 << 20
CAPTURE = 8 << 20
"""A comment of a million characters, its fragment, and what stands beside it."""
NOTE = 64 << 10
FORM = 256 << 10
LARGEST = BLOB


def of(path: str) -> int:
    """Return the bytes that a request to `path` may carry."""
    if not path.startswith("/api/"):
        return FORM
    steps = path.removeprefix("/api/v1/").split("/")
    return {"blobs": BLOB, "captures": CAPTURE}.get(steps[0], NOTE) if len(steps) == 2 else NOTE


def guard(app: Flask) -> None:
    """Refuse what says that it is too large, and stop reading what does not say so."""
    app.before_request(_check)


def _check() -> None:
    limit = of(request.path)
    if request.content_length is None:
        request.max_content_length = limit
    elif request.content_length > limit:
        raise TooLarge(f"Innehållet är större än {_words(limit)}.")


def _words(limit: int) -> str:
    return f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} kB"
