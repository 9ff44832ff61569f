"""Answer with JSON, and with problems as RFC 9457."""

from __future__ import annotations

import json
import logging

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from bevara.errors import (
    BevaraError,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Quota,
    TooLarge,
    UnsupportedMediaType,
)
from bevara.kernel.faults import translate
from bevara.kernel.text import storable
from bevara.web import typed
from bevara.web.translations import gettext

log = logging.getLogger(__name__)
BY_STATUS: dict[int, type[BevaraError]] = {
    404: NotFound, 405: MethodNotAllowed, 413: TooLarge, 415: UnsupportedMediaType,
}


def answer(body: object, status: int) -> Response:
    """Return a JSON answer that nothing caches."""
    text = storable(json.dumps(body, ensure_ascii=False, separators=(",", ":")))
    return Response(text, status, {"Cache-Control": "no-store"}, content_type="application/json")


def problem(error: BevaraError) -> Response:
    """Return the error as problem+json on the API and as a page elsewhere."""
    if not request.path.startswith("/api/"):
        return Response(render_template("problem.html", problem=in_words(error),
                                        typed=typed.kept(error)), error.status,
                        {"Cache-Control": "no-store"}, content_type="text/html; charset=utf-8")
    body = {"type": "about:blank", "title": error.title, "status": error.status,
            "code": error.code, "detail": error.detail, **error.extra}
    if error.field:
        body["field"] = error.field
    if error.next_step:
        body["next"] = error.next_step
    response = answer(body, error.status)
    response.content_type = "application/problem+json"
    if isinstance(error, Quota):
        response.headers["Retry-After"] = str(error.wait)
    return response


def in_words(error: BevaraError) -> dict[str, str | None]:
    """Return what a page says of an error, in the page's language."""
    return {"title": gettext(error.title), "detail": gettext(error.detail),
            "field": error.field,
            "next_step": gettext(error.next_step) if error.next_step else None}


def handle_errors(app: Flask) -> None:
    """Turn every exception into a problem; log the unexpected without the request's content."""
    app.register_error_handler(BevaraError, problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _http(error: HTTPException) -> Response:
    kind = BY_STATUS.get(error.code or 500)
    if kind:
        return problem(kind())
    if (error.code or 500) < 500:
        return problem(Invalid("/", error.description or error.name))
    return problem(BevaraError())


def _unexpected(error: Exception) -> Response:
    known = translate(error)
    if known is None:
        log.error("unexpected %s in %s", type(error).__name__, request.endpoint, exc_info=error)
    return problem(known or BevaraError("Bevara gjorde fel. Inget är borttaget."))
