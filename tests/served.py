"""Bevara on a real socket, in this process, behind the server that `bevara serve` uses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

from waitress import wasyncore

from bevara.web.listener import listen
from tests.client import Bevara, Device


@contextmanager
def serving(server: Any) -> Iterator[None]:
    """Run a waitress server; then let go of every connection in the thread that holds it."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.05, map=server._map, count=1)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(server._map)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


class Served(Bevara):
    """A Bevara that listens on `port`."""

    def __init__(self, folder: Path, listener: socket.socket) -> None:
        self.port = listener.getsockname()[1]
        super().__init__(folder, self.port)
        self.server = listen(self.app, [listener])
        self._serving = ExitStack()
        self._serving.enter_context(serving(self.server))

    def browser(self) -> Device:
        """Return a paired browser that signs for this port."""
        device = Device(self, f"127.0.0.1:{self.port}")
        assert device.pair(self.rooms.pairing.open()).status_code == 201
        return device

    def close(self) -> None:
        self._serving.close()
        super().close()

    def raw(self, *parts: bytes, timeout: float = 10) -> tuple[HTTPResponse, bytes]:
        """Send bytes as they are; return the answer and its body."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            for part in parts:
                connection.sendall(part)
            answer = HTTPResponse(connection)
            answer.begin()
            return answer, answer.read()


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Give a Bevara that listens on a free port, and close it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    bevara = Served(folder, listener)
    try:
        yield bevara
    finally:
        bevara.close()
