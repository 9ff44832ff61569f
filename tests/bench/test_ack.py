"""A durable, signed and checked receipt for a comment with a picture of 500 KB."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from running import ROOT, _free_port

from tests.bench import peers, wire
from tests.bench.figures import Figures, Times, alternate, milliseconds

ROUNDS = 200
Send = Callable[[], object]


@pytest.mark.usefixtures("calm")
def test_receipt(figures: Figures, tmp_path: Path) -> None:
    with wire.Paired() as paired, plain(tmp_path / "plain") as port:
        device = wire.Wire(paired)
        ours, theirs, floor = Ours(device), Theirs(port), Bare(tmp_path / "floor")
        plain_times, floor_times = rounds(ours, theirs), rounds(ours, floor)
        for one in (device, theirs, floor.floor):
            one.close()
        print("\nreceipt    ", milliseconds(plain_times.a))
        print("plain Flask", milliseconds(plain_times.b))
        name = "receipt for 500 KB, signed and validated, vs plain Flask on the same store"
        figures.put(f"{name}, p50", plain_times.ratio(50), "<= 1.3", ROUNDS)
        figures.put(f"{name}, p99", plain_times.ratio(99), "<= 1.5", ROUNDS)
        print("bare floor ", milliseconds(floor_times.b))
        figures.put("the same vs the bare floor (hash, file with fsyncs, commit), p50",
                    floor_times.ratio(50), "<= 3", ROUNDS)


class Ours:
    """Bevara's two PUTs; made ready before the clock, sent when called."""

    def __init__(self, device: wire.Wire) -> None:
        self.device = device

    def ready(self, parcel: wire.Parcel) -> Send:
        requests = self.device.ready(parcel)
        return lambda: wire.send(self.device.connection, requests)


class Theirs:
    """The same two PUTs, bare."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(f"127.0.0.1:{port}")

    def close(self) -> None:
        self.connection.close()

    def ready(self, parcel: wire.Parcel) -> Send:
        requests = [wire.Request(f"/{path}", body, {"Content-Type": kind})
                    for path, body, kind in parcel.puts]
        return lambda: wire.send(self.connection, requests)


class Bare:
    """The bare floor, in this process."""

    def __init__(self, folder: Path) -> None:
        self.floor = peers.Floor(folder)

    def ready(self, parcel: wire.Parcel) -> Send:
        return lambda: self.floor.keep(parcel.puts[0][1], parcel.puts[1][1])


def rounds(a: Ours, b: Theirs | Bare) -> Times:
    """Send a fresh parcel each round; only the sending is timed."""
    return alternate(lambda: a.ready(wire.parcel()), lambda: b.ready(wire.parcel()), ROUNDS)


@contextmanager
def plain(folder: Path) -> Iterator[int]:
    """Run plain Flask in a process of its own; give its port."""
    port = _free_port()
    folder.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.peers", str(folder), str(port)], cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'server'}:{ROOT}", "PATH": ""},
    )
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def wait_for(port: int) -> None:
    """Wait until something listens on `port`."""
    for _ in range(1200):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing on port {port}")
