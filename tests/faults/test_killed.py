"""SIGKILL at every kind of disk call: nothing acknowledged is lost, and the next start needs no hand."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import forked, strace
from tests.faults.aftermath import problems, promises

pytestmark = pytest.mark.faults
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "ftruncate")


def test_killed_at_any_call(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    usual = {name: max(made) for name, made in strace.calls(tmp_path / "usual", CALLS).items()}
    chooser = random.Random(2026)
    kills = []
    for number in range(tries(30, 1000)):
        call = chooser.choice([name for name in CALLS if usual[name]])
        kills.append((tmp_path / str(number), call, chooser.randint(1, usual[call])))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        killed = sum(pool.map(kill, *zip(*kills, strict=True)))
    assert killed > len(kills) * 0.8


def kill(folder: Path, call: str, when: int) -> bool:
    """Kill a saver at its `when`th `call`; return whether it died, once its folder is found whole."""
    folder.mkdir()
    result = strace.run(folder, f"inject={call}:signal=SIGKILL:when={when}")
    found = forked.called(problems, folder, promises(result.output))
    assert found == [], f"{call} number {when}"
    shutil.rmtree(folder)
    return result.code != 0
