"""A network that is slow and is cut in the middle, between a test and a server of this computer."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BLOCK = 16 << 10


@dataclass
class Network:
    """How the way is: seconds each piece takes, and after how many bytes each connection is cut."""

    target: int
    delay: float = 0.0
    cut_after: Callable[[], int | None] = lambda: None
    port: int = 0
    sent: int = 0
    """Bytes that went to the server."""
    cuts: int = 0
    open_ones: list[socket.socket] = field(default_factory=list)

    def pump(self, source: socket.socket, to: socket.socket, most: int | None, counts: bool) -> None:
        """Pass on what comes, as slowly as the way is, until it is cut."""
        passed = 0
        with suppress(OSError):
            while data := source.recv(BLOCK):
                if self.delay:
                    time.sleep(self.delay)
                to.sendall(data if most is None else data[:most - passed])
                passed += len(data)
                self.sent += len(data) * counts
                if most is not None and passed >= most:
                    self.cuts += 1
                    break
        for end in (source, to):
            cut(end)


def cut(end: socket.socket) -> None:
    """End a connection as a pulled cable does: with a reset, and nothing of what was on its way."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()


@contextmanager
def between(
    target: int, cut_after: Callable[[], int | None] = lambda: None, delay: float = 0.0
) -> Iterator[Network]:
    """Give a way to the server at `target`; its `port` is what to connect to."""
    network, threads = Network(target, delay, cut_after), list[threading.Thread]()
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listener:
        network.port = listener.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    far = socket.create_connection(("127.0.0.1", target))
                    network.open_ones += [near, far]
                    for ends in ((near, far, network.cut_after(), True), (far, near, None, False)):
                        threads.append(threading.Thread(target=network.pump, args=ends))
                        threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield network
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()
            for end in network.open_ones:
                cut(end)
            for thread in threads:
                thread.join()
