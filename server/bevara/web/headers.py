"""The headers that keep other pages out of ours."""

from __future__ import annotations

from flask import Flask, Response

from bevara.web.rooms import rooms

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
ENCRYPTED_ONLY = ("Strict-Transport-Security", "max-age=31536000")
"""RFC 6797: for a year the browser asks for these names by https alone."""


def protect(app: Flask) -> None:
    """Set the headers on every answer."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    for name, value in USUAL:
        response.headers.setdefault(name, value)
    response.headers.extend(ALWAYS)
    if rooms().config.shared:
        response.headers.add(*ENCRYPTED_ONLY)
    return response
