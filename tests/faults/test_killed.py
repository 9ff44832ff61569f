"""SIGKILL at every kind of disk call: nothing acknowledged is lost, and the next start needs no hand."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import strace
from tests.faults.aftermath import problems, promises

pytestmark = pytest.mark.faults
CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "ftruncate")


def test_killed_at_any_call(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    usual = {name: max(made) for name, made in strace.calls(tmp_path / "usual", CALLS).items()}
    chooser = random.Random(2026)
    killed = 0
    for number in range(tries(30, 1000)):
        call = chooser.choice([name for name in CALLS if usual[name]])
        when = chooser.randint(1, usual[call])
        folder = tmp_path / str(number)
        folder.mkdir()
        result = strace.run(folder, f"inject={call}:signal=SIGKILL:when={when}")
        killed += result.returncode != 0
        assert problems(folder, promises(result.stdout)) == [], f"{call} number {when}"
        shutil.rmtree(folder)
    assert killed > 0
