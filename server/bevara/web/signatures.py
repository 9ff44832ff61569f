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


MINUTE = 60


def read(request: Request) -> structured.SignatureInput:
    """Return what the request says of its signature, its key's id for one; raise `Unsigned`."""
    found = structured.read_input(request.environ.get("HTTP_SIGNATURE_INPUT", ""))
    if found is None:
        raise Unsigned("Anropet saknar Bevaras underskrift.")
    return found


def check(
    request: Request, found: structured.SignatureInput, public: bytes, clock: Clock, window: int
) -> bytes:
    """Return the body's SHA-256; raise unless `public` signed this request within `window` s."""
    environ = request.environ
    signature = structured.read_signature(environ.get("HTTP_SIGNATURE", ""))
    if signature is None:
        raise Unsigned("Anropet saknar Bevaras underskrift.")
    sha256 = hashlib.sha256(request.get_data()).digest()
    digest = "sha-256=" + structured.wrap(sha256)
    if environ.get("HTTP_CONTENT_DIGEST") != digest:
        raise BadSignature("Innehållet är ett annat än det som skrevs under.")
    if not verify(public, signature, _request_base(environ, digest, found.params)):
        raise BadSignature("Underskriften stämmer inte med anropet.")
    if abs(clock.unix() - found.created) > window:
        minutes = "en minut" if window == MINUTE else f"{window // MINUTE} minuter"
        raise StaleSignature(f"Underskriften är äldre än {minutes}.")
    return sha256


def _request_base(environ: WSGIEnvironment, digest: str, params: str) -> bytes:
    path = str(environ.get("REQUEST_URI", environ["PATH_INFO"])).partition("?")[0]
    return structured.base_of([
        ('"@method"', environ["REQUEST_METHOD"]),
        ('"@authority"', environ.get("HTTP_HOST", "").lower()),
        ('"@path"', path),
        ('"@query"', "?" + environ.get("QUERY_STRING", "")),
        ('"content-type"', environ.get("CONTENT_TYPE", "")),
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
        signed = self.sign(status, dict(headers).get("Content-Type", ""), body,
                           environ.get("HTTP_SIGNATURE", ""))
        start(status, [*headers, *signed])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def sign(self, status: str, media_type: str, body: bytes, asked: str) -> list[tuple[str, str]]:
        """Return the headers that sign an answer; `asked` is the request's Signature, or empty."""
        digest = "sha-256=" + structured.wrap(hashlib.sha256(body).digest())
        lines = [
            ('"@status"', status.split()[0]),
            ('"content-type"', media_type),
            ('"content-digest"', digest),
        ]
        request = structured.read_signature(asked)
        components = structured.UNBOUND_COMPONENTS
        if request:
            components = structured.ANSWER_COMPONENTS
            lines.append(('"signature";req;key="bevara"', structured.wrap(request)))
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
