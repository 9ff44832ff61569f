"""Where a picture is kept: in the database's row, or as a file with its row, by size."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bevara.kernel import blobs
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from tests.bench.figures import Figures, Way, alternate, milliseconds
from tests.bench.test_store import keep

SIZES = (8, 16, 32, 64, 128, 256, 512)
LIMIT = blobs.IN_DATABASE


@pytest.mark.usefixtures("calm")
def test_a_picture_is_kept_where_it_is_kept_faster(
    figures: Figures, tmp_path: Path, tries: Callable[[int, int], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds = tries(25, 100)
    for size in SIZES:
        store = Store(tmp_path / f"{size}", Keys(tmp_path))
        times = alternate(kept(store, size << 10, 1 << 30, monkeypatch),
                          kept(store, size << 10, 0, monkeypatch), rounds)
        store.close()
        print(f"\n{size} KB, in its row:", milliseconds(times.a), "as a file:", milliseconds(times.b))
        goal = "<= 1.1" if size << 10 <= LIMIT else None
        figures.put(f"picture of {size} KB, in its row over in a file, median", times.ratio(50),
                    goal, rounds)


def kept(store: Store, size: int, limit: int, monkeypatch: pytest.MonkeyPatch) -> Way:
    """Return what makes a picture ready and keeps it on one side of the limit."""

    def ready() -> Callable[[], None]:
        data = os.urandom(size)
        monkeypatch.setattr(blobs, "IN_DATABASE", limit)
        return lambda: keep(store, data)

    return ready
