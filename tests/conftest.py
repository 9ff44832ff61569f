"""What every test shares: no network but loopback, and how many tries a suite makes."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bevara.kernel import migrate
from tests import in_memory, longest, migrated

ROOT = Path(__file__).parents[1]
LONG = os.environ.get("BEVARA_TESTS") == "long"


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's temporary files where they are made and removed fastest."""
    on_disk = LONG or any("bench" in argument for argument in config.args)
    folder = None if on_disk else in_memory.begin()
    config.add_cleanup(lambda: in_memory.end(folder))
    if not on_disk:
        migrate.upgrade = migrated.upgrade


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; every worker sorts alike."""
    items.sort(key=lambda item: longest.place(item.nodeid))


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
    """Give `tries(short, long)`: how many times to try, kept for the run's report.

    Each test writes a file of its own, since two workers run at once.
    """
    made: list[int] = []

    def count(short: int, long: int) -> int:
        made.append(long if LONG else short)
        return made[-1]

    yield count
    folder = ROOT / ".fault-tries"
    folder.mkdir(exist_ok=True)
    name = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16]
    found = {"test": request.node.nodeid, "tries": sum(made)}
    (folder / f"{name}.json").write_text(json.dumps(found))
