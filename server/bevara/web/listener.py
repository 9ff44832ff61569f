"""Waitress, told never to read or write to disk more than a call may carry.

Waitress reads a whole body before the app sees the request, and spills what is large to a
temporary file. Here a request that is too large reaches the app without its body, which answers
with a signed refusal; and nothing of a comment lies in a temporary file. What Waitress itself
refuses is answered as the app would: a problem, signed.
"""

from __future__ import annotations

import json
import socket
from typing import Any

from flask import Flask
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask

from bevara.errors import BevaraError, Invalid, TooLarge
from bevara.web import limits
from bevara.web.signatures import SignAnswers

PROBLEM = "application/problem+json"
SERVING: dict[str, Any] = {
    "threads": 8, "ident": None, "connection_limit": 60, "channel_timeout": 30,
    "max_request_header_size": 64 << 10, "max_request_body_size": limits.LARGEST + (1 << 20),
    "recv_bytes": 256 << 10, "inbuf_overflow": 18 << 20, "outbuf_overflow": 64 << 20,
}
"""How waitress serves. Large bodies stay in memory: by default it would lay a picture of more than
512 KB in a temporary file, and a cancelled capture must leave no trace on the disk."""


class Parser(HTTPRequestParser):
    """Reads no body that its address does not allow, whatever it says of its length."""

    path: str
    headers: dict[str, str]

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head; leave a body unread that says it is too large."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:
            raise ParsingError(f"Invalid address: {error}") from None
        if self.content_length > limits.of(self.path):
            self._leave_unread(self.content_length)

    def received(self, data: bytes) -> int:
        """Take `data`; stop at the limit when the body has not said how long it is."""
        used: int = super().received(data)
        if self.body_rcv is not None and self.body_bytes_received > limits.of(self.path):
            self._leave_unread(self.body_bytes_received)
        return used

    def _leave_unread(self, length: int) -> None:
        self.close()
        self.body_rcv, self.content_length, self.chunked = None, 0, False
        self.error, self.expect_continue, self.completed = None, False, True
        self.headers["CONTENT_LENGTH"] = str(length)
        self.headers["CONNECTION"] = "close"
        self.connection_close = True


class Refusal(ErrorTask):
    """Answers what is not HTTP, or has too long a head, as the app answers: a signed problem.

    It is bound to the request's signature when so much of the head could be read.
    """

    signer: SignAnswers

    def execute(self) -> None:
        """Write the answer and close the connection."""
        request: Any = self.request
        status, body = f"{request.error.code} {request.error.reason}", _problem(request.error.code)
        self.status, self.content_length = status, len(body)
        asked = request.headers.get("SIGNATURE", "")
        self.response_headers = [("Content-Type", PROBLEM), ("Cache-Control", "no-store"),
                                 *self.signer.sign(status, PROBLEM, body, asked)]
        self.set_close_on_finish()
        self.write(body)



def _problem(status: int) -> bytes:
    error = BevaraError("Bevara gjorde fel. Inget är borttaget.")
    if status in (413, 431):
        error = TooLarge("Anropet är för stort.")
    elif status != 500:
        error = Invalid("/", "Anropet går inte att läsa.")
    return json.dumps({"type": "about:blank", "title": error.title, "status": status,
                       "code": error.code, "detail": error.detail}, ensure_ascii=False).encode()


class Channel(HTTPChannel):
    """A connection that reads with `Parser`."""

    parser_class = Parser


def listen(app: Flask, listeners: list[socket.socket]) -> Any:
    """Return a server on `listeners` for an app whose outermost layer is `SignAnswers`.

    It is not yet running (`run`, `close`).
    """
    refusal = type("SignedRefusal", (Refusal,), {"signer": app.wsgi_app})
    channel = type("SignedChannel", (Channel,), {"error_task_class": refusal})
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, sockets=listeners, **SERVING)
    for one in sockets.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = channel
    return server
