"""Cheroot with Python's own TLS: https from Bevara itself, for *gemensam*.

Waitress, which serves one computer, speaks no TLS. Cheroot reads a body from the socket as the app
asks for it, and lays nothing of it in a temporary file.
"""

from __future__ import annotations

import logging
import socket
import ssl
import sys
from typing import Any, cast

from cheroot.makefile import StreamReader, StreamWriter
from cheroot.ssl import Adapter
from cheroot.wsgi import Server
from flask import Flask

from bevara.config import Config, Shared
from bevara.errors import Busy, Invalid
from bevara.web import limits

log = logging.getLogger(__name__)
THREADS, TIMEOUT, WAITING = 16, 15, 128
HEADER = 64 << 10


class Tls(Adapter):
    """TLS 1.2 or later, shaken hands on by the thread that serves a connection.

    Cheroot's own adapter does it where connections are accepted: one that says nothing would keep
    all others waiting.
    """

    def __init__(self, shared: Shared) -> None:
        """Raise `Invalid` when the certificate and its key cannot be used."""
        super().__init__(str(shared.certificate), str(shared.key))
        self.context = context(shared)

    def bind(self, sock: Any) -> Any:
        """Return the listening socket as it is."""
        return sock

    def wrap(self, sock: Any) -> tuple[Any, dict[str, str]]:
        """Return the connection, which speaks TLS from its first byte."""
        spoken = self.context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        return spoken, self.get_environ()

    def get_environ(self) -> dict[str, str]:
        """Return what the app is told."""
        return {"wsgi.url_scheme": "https", "HTTPS": "on"}

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = 64 << 10) -> Any:
        """Return a file over the connection."""
        return (StreamReader if "r" in mode else StreamWriter)(sock, mode, bufsize)


class Quiet(Server):
    """A server that logs as the rest of Bevara does. A browser that goes away is no news."""

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: Any) -> socket.socket:
        """Take the address, or close the socket that could not."""
        try:
            return cast(socket.socket, Server.bind_socket(  # type: ignore[no-untyped-call]
                socket_, bind_addr))
        except OSError:
            socket_.close()
            raise

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Log what went wrong; nothing of what was asked."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.log(level, "%s", msg, exc_info=traceback)


def context(shared: Shared) -> ssl.SSLContext:
    """Return the TLS context of a certificate; raise `Invalid` in words for IT."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(shared.certificate, shared.key, password="")
    except (OSError, ValueError) as error:
        raise Invalid(
            "BEVARA_CERTIFICATE", f"Certifikatet eller nyckeln går inte att använda: {error}",
            "Båda ska vara PEM-filer, höra ihop, och nyckeln ska vara utan lösenord.") from None
    return made


def listen_securely(app: Flask, config: Config) -> Server:
    """Return a server that listens and waits for `serve`, and ends with `stop`."""
    assert config.shared
    server = Quiet((config.shared.listen, config.port), app, numthreads=THREADS, timeout=TIMEOUT,
                    request_queue_size=WAITING)
    server.max_request_header_size = HEADER
    server.max_request_body_size = limits.LARGEST + (1 << 20)
    server.ssl_adapter = Tls(config.shared)
    try:
        server.prepare()
    except OSError as error:
        raise Busy(f"Det går inte att lyssna på {config.shared.listen}, port {config.port}: "
                   f"{error}", next_step="Är Bevara redan igång? Annars: välj en annan port med "
                   "BEVARA_PORT eller en annan adress med BEVARA_LISTEN.") from None
    return server
