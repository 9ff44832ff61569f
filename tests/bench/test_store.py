"""The store alone, eight callers at once, against a commit for each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bevara.kernel import blobs, documents
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from tests import factories
from tests.bench import peers
from tests.bench.figures import Figures, alternate, milliseconds, percentile, seconds

CALLERS, EACH, ROUNDS = 8, 8, 40
Keep = Callable[[bytes], object]


@pytest.mark.usefixtures("calm")
@pytest.mark.parametrize(("size", "goal"), [(500_000, ">= 1.1"), (20_000, ">= 3")])
def test_store(figures: Figures, tmp_path: Path, size: int, goal: str) -> None:
    store = Store(tmp_path / "register", Keys(tmp_path))
    floors = [peers.Floor(tmp_path / "floor", number) for number in range(CALLERS)]
    waits: list[float] = []
    bare_waits: list[float] = []
    ours: list[Keep] = [timed(waits, lambda data: keep(store, data))] * CALLERS
    theirs: list[Keep] = [
        timed(bare_waits, lambda data, floor=floor: floor.keep(data, b"{}" * 100))  # type: ignore[misc]
        for floor in floors]
    fsync = peers.fsync_cost(tmp_path)
    times = alternate(crowd(ours, size), crowd(theirs, size), ROUNDS)
    fsync = 1000 * (fsync + peers.fsync_cost(tmp_path)) / 2
    store.close()
    for floor in floors:
        floor.close()
    name, count = f"store, 8 callers at {size // 1000} KB, over one commit each", ROUNDS * CALLERS * EACH
    print(f"\n{name}:", milliseconds(waits), "one commit each:", milliseconds(bare_waits))
    figures.put(f"{name}, throughput", times.faster(), goal, count)
    figures.put(f"ms of an fsync around the store's {size // 1000} KB, on which its figure rests",
                fsync, None, 40)
    if size > blobs.IN_DATABASE:
        figures.put(f"{name}, slowest (p99) over median", slowest(waits), "<= 4", count)
        figures.put("the same of one commit each, which shows how calm the machine was",
                    slowest(bare_waits), None, count)


def timed(waits: list[float], way: Keep) -> Keep:
    """Return `way`, which then notes how long it takes."""
    return lambda data: waits.append(seconds(lambda: way(data)))


def slowest(waits: list[float]) -> float:
    """Return how many medians the slowest in a hundred takes."""
    return percentile(waits, 99) / percentile(waits, 50)


def keep(store: Store, data: bytes) -> None:
    """Keep a picture, and a document with its entry in the log."""
    name, id_ = blobs.name_of(data), factories.new_id()

    def job(tx: Connection) -> None:
        blobs.put(tx, store.folder, name, data)
        documents.put(tx, "bench", id_, b"{}" * 100, "device", "now")

    store.write(job, {name: data})


def crowd(ways: list[Keep], size: int) -> Callable[[], Callable[[], None]]:
    """Return what makes callers ready; started, each keeps so many pictures one after another."""

    def ready() -> Callable[[], None]:
        threads = [threading.Thread(target=work, args=(way, [os.urandom(size) for _ in range(EACH)]))
                   for way in ways]
        return lambda: run(threads)

    return ready


def work(way: Keep, pictures: list[bytes]) -> None:
    """Keep each picture."""
    for picture in pictures:
        way(picture)


def run(threads: list[threading.Thread]) -> None:
    """Start all and wait for all."""
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
