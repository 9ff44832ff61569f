"""Power cuts that lose what was not synced: nothing acknowledged is lost, and each mutant is caught."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import forked, power_cut, strace
from tests.faults.aftermath import problems
from tests.faults.saver import MUTANTS

pytestmark = pytest.mark.faults


def recorded(folder: Path, mutant: str | None = None) -> list[tuple[str, str]]:
    log = folder / "calls.log"
    work = folder / "work"
    work.mkdir(parents=True)
    result = strace.run(work, f"trace={power_cut.CALLS}", "-y", "-xx", "-s", "2000000",
                        "-o", str(log), mutant=mutant)
    assert result.output.count("ack ") == strace.SAVES, result.output
    return power_cut.steps(log)


def cut_at(
    calls: list[tuple[str, str]], work: Path, where: int, share: float, place: Path, seed: int
) -> list[str]:
    disk = power_cut.Disk(work)
    for call, text in calls[:where]:
        disk.apply(call, text)
    disk.write_to(place, share, random.Random(seed))
    found = forked.called(problems, place, disk.acknowledged)
    shutil.rmtree(place)
    return [f"cut at {where}, {share:.0%} got through: {one}" for one in found]


def moments(calls: list[tuple[str, str]], count: int) -> list[int]:
    """Return where to cut: half of the moments right after an answer, the others anywhere."""
    answers = [i + 1 for i, (call, text) in enumerate(calls)
               if call == "write" and "\\x61\\x63\\x6b\\x20" in text]
    chooser = random.Random(2026)
    return [chooser.choice(answers) if i % 2 else chooser.randint(1, len(calls))
            for i in range(count)]


def test_nothing_acknowledged_is_lost(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    calls = recorded(tmp_path)

    def cut(seed: int, where: int) -> list[str]:
        return cut_at(calls, tmp_path / "work", where, (0.0, 0.5, 1.0)[seed % 3],
                      tmp_path / f"cut{seed}", seed)

    wanted = moments(calls, tries(40, 1000))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert [one for found in pool.map(cut, range(len(wanted)), wanted) for one in found] == []


@pytest.mark.parametrize("mutant", MUTANTS)
def test_each_mutant_is_caught(
    tmp_path: Path, mutant: str, tries: Callable[[int, int], int]
) -> None:
    calls = recorded(tmp_path, mutant)
    for seed, where in enumerate(moments(calls, tries(40, 200))):
        if cut_at(calls, tmp_path / "work", where, (0.0, 0.5)[seed % 2], tmp_path / "cut", seed):
            return
    pytest.fail(f"{mutant} passed unseen")
