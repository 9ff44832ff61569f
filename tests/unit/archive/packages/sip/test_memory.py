"""The memory that a package takes to write does not grow with the number of comments."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[5]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc saknas")
def test_a_hundred_times_as_many_take_no_more_memory(
    tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    few, many = 1000, tries(3000, 100_000)
    taken = [_kilobytes(tmp_path / f"{count}.zip", count) for count in (few, many)]
    assert taken[1] <= 1.2 * taken[0], taken
    with zipfile.ZipFile(tmp_path / f"{many}.zip") as made:
        assert sum("/data/" in name for name in made.namelist()) == 3 * many


def _kilobytes(path: Path, count: int) -> int:
    """Return the most memory that a process of its own held, in KB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.archive.packages.sip.most_memory", str(count), str(path)],
        cwd=ROOT, env={"PYTHONPATH": "server"}, capture_output=True, text=True, check=True)
    return int(done.stdout)
