"""The body of a request, of the type that the call takes."""

from __future__ import annotations

import json
from typing import Any

from flask import request

from bevara.errors import Invalid, UnsupportedMediaType


def document() -> bytes:
    """Return the request's JSON document as the bytes that came.

    Raises `UnsupportedMediaType` for another type and `Invalid` for nothing at all.
    """
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Här tas bara JSON emot.")
    data = request.get_data()
    if not data:
        raise Invalid("/", "Dokumentet är tomt.")
    return data


def parse(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; raise `Invalid` for anything else."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Invalid("/", f"Dokumentet är inte JSON: {error}") from None
    if not isinstance(data, dict):
        raise Invalid("/", "Dokumentet är inte ett JSON-objekt.")
    return data
