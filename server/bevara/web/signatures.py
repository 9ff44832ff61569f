"""HTTP message signatures (RFC 9421): check a browser's request, sign every answer."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Request

from bevara.errors import BadSignature, StaleSignature, Unsigned
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys, verify
from bevara.web import structured

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WINDOW = 60
"""Seconds that a signature is good for, either way."""


def signer(request: Request) -> str:
    """Return the key id that the request names; raise `Unsigned`."""
    found = structured.read_input(request.headers.get("Signature-Input", ""))
    if found is None:
        raise Unsigned("Anropet saknar Bevaras underskrift.")
    return found.keyid


def check(request: Request, public: bytes, clock: Clock) -> None:
    """Raise unless `public` signed this request, its body included, in the last minute."""
    found = structured.read_input(request.headers.get("Signature-Input", ""))
    signature = structured.read_signature(request.headers.get("Signature", ""))
    if found is None or signature is None:
        raise Unsigned("Anropet saknar Bevaras underskrift.")
    digest = "sha-256=" + structured.wrap(hashlib.sha256(request.get_data()).digest())
    if request.headers.get("Content-Digest") != digest:
        raise BadSignature("Innehållet är ett annat än det som skrevs under.")
    if not verify(public, signature, _request_base(request, digest, found.params)):
        raise BadSignature("Underskriften stämmer inte med anropet.")
    if abs(clock.unix() - found.created) > WINDOW:
        raise StaleSignature("Underskriften är äldre än en minut.")


def _request_base(request: Request, digest: str, params: str) -> bytes:
    environ = request.environ
    path = str(environ.get("REQUEST_URI", request.path)).partition("?")[0]
    return structured.base_of([
        ('"@method"', request.method),
        ('"@authority"', request.host.lower()),
        ('"@path"', path),
        ('"@query"', "?" + request.query_string.decode("latin-1")),
        ('"content-type"', request.headers.get("Content-Type", "")),
        ('"content-digest"', digest),
    ], params)


class SignAnswers:
    """WSGI's outermost layer: signs every answer of the API, refusals and failures included."""

    def __init__(self, app: WSGIApplication, keys: Keys, clock: Clock) -> None:
        self._app, self._keys, self._clock = app, keys, clock

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not str(environ.get("PATH_INFO", "")).startswith("/api/"):
            return self._app(environ, start)
        kept: list[Any] = []

        def hold(
            status: str, headers: list[tuple[str, str]], exc: Any = None
        ) -> Callable[..., Any]:
            kept[:] = [status, headers]
            return lambda _data: None

        result = self._app(environ, hold)
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        status, headers = kept
        start(status, [*headers, *self._sign(environ, status, dict(headers), body)])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _sign(
        self, environ: WSGIEnvironment, status: str, headers: dict[str, str], body: bytes
    ) -> list[tuple[str, str]]:
        digest = "sha-256=" + structured.wrap(hashlib.sha256(body).digest())
        lines = [
            ('"@status"', status.split()[0]),
            ('"content-type"', headers.get("Content-Type", "")),
            ('"content-digest"', digest),
        ]
        asked = structured.read_signature(environ.get("HTTP_SIGNATURE", ""))
        components = structured.UNBOUND_COMPONENTS
        if asked:
            components = structured.ANSWER_COMPONENTS
            lines.append(('"signature";req;key="bevara"', structured.wrap(asked)))
        params = (
            f'{components};created={self._clock.unix()};keyid="{self._keys.keyid}"'
            ';alg="ed25519";tag="bevara-1"'
        )
        signature = self._keys.sign(structured.base_of(lines, params))
        return [
            ("Content-Digest", digest),
            ("Signature-Input", f"bevara={params}"),
            ("Signature", f"bevara={structured.wrap(signature)}"),
        ]
