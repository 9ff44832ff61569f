"""The headers that keep other pages out of ours."""

from __future__ import annotations

from flask import Flask, Response

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
ALWAYS = [
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
]
USUAL = [("Content-Security-Policy", POLICY), ("Cache-Control", "no-store")]
"""Unless the page has said otherwise."""


def protect(app: Flask) -> None:
    """Set the headers on every answer."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    for name, value in USUAL:
        response.headers.setdefault(name, value)
    response.headers.extend(ALWAYS)
    return response
