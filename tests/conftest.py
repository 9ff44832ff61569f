"""What every test shares: no network but loopback, and how many tries a suite makes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LONG = os.environ.get("BEVARA_TESTS") == "long"


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            assert address[0] in ("127.0.0.1", "::1", "localhost"), f"network: {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def tries(request: pytest.FixtureRequest) -> Iterator[Callable[[int, int], int]]:
    """Give `tries(short, long)`: how many times to try, printed and kept for the results."""
    made: list[int] = []

    def count(short: int, long: int) -> int:
        made.append(long if LONG else short)
        return made[-1]

    yield count
    path = ROOT / ".fault-tries.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[request.node.name] = sum(made)
    path.write_text(json.dumps(known, indent=2))
    print(f"{request.node.name}: {sum(made)} tries")
