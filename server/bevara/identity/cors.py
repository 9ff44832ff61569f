"""Let the paired extensions, and nobody else, read two answers across origins.

flask-cors copies its list when the app is made, so a browser that is paired later would be left
out and a revoked one kept. Here each answer asks the register, and the origin must be equal to the
last character: flask-cors alone ignores case and takes some texts for patterns.
"""

from __future__ import annotations

import re

from flask import Flask, Response, request
from flask_cors import core

from bevara.identity import devices
from bevara.web.rooms import rooms

PATHS = {"/api/v1/setup", "/health"}
HEADERS = ["Content-Digest", "Content-Type", "If-None-Match", "Signature", "Signature-Input"]
SHOWN = ["Content-Digest", "ETag", "Signature", "Signature-Input"]
_EXTENSION = re.compile(r"(?:chrome|moz)-extension://[a-z0-9-]{1,64}")


def allow(app: Flask) -> None:
    """Mark the two answers as readable by the origins that are bound at that moment."""
    app.after_request(_allow)


def extension(origin: str | None) -> str | None:
    """Return the origin of an extension as it is bound at pairing, or None for anything else."""
    return origin if origin and _EXTENSION.fullmatch(origin) else None


def is_preflight() -> bool:
    """Tell whether a paired extension asks what it may ask; such a request cannot be signed."""
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return asks and request.path in PATHS and _bound() is not None


def _bound() -> str | None:
    origin = extension(request.headers.get("Origin"))
    return origin if origin in devices.bound_origins(rooms().real_store) else None


def _allow(response: Response) -> Response:
    if request.path not in PATHS:
        return response
    response.vary.add("Origin")
    origin = _bound()
    if origin:
        core.set_cors_headers(response, core.get_cors_options(None, {
            "origins": [origin], "methods": ["GET"], "allow_headers": HEADERS,
            "expose_headers": SHOWN, "supports_credentials": False, "send_wildcard": False,
            "always_send": False, "vary_header": False,
        }))
    return response
