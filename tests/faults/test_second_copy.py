"""Full, lost, read-only and killed under a second copy: the earlier ones stay, the next is whole."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bevara import cli
from bevara.errors import BevaraError, Invalid
from bevara.upkeep import copies
from tests.client import running
from tests.erasing import erased, found_in, planted
from tests.faults import forked
from tests.second_copy import copied, files, filled, restored, saved

pytestmark = pytest.mark.faults
CALLS = {"write": 6, "pwrite64": 20, "fsync": 5, "rename": 2}
"""Disk calls, and up to which one of each a copy is killed; a copy makes at least so many."""


@pytest.fixture
def small_place(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "place"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def test_a_full_place_is_said_and_the_earlier_copy_stays(
    tmp_path: Path, small_place: Path
) -> None:
    filled(tmp_path / "data")
    first = copied(tmp_path / "data", small_place)
    (small_place / "filler").write_bytes(bytes(3 << 20))
    with pytest.raises(BevaraError, match="place") as caught:
        for _ in range(20):
            copied(tmp_path / "data", small_place)
    assert "har plats" in str(caught.value.next_step)
    assert restored(small_place, tmp_path / "one", generation=first.name).report.ok
    (small_place / "filler").unlink()
    copied(tmp_path / "data", small_place)
    assert restored(small_place, tmp_path / "two").report.ok
    assert not list(small_place.rglob(".20*"))


def test_a_read_only_place_is_said(tmp_path: Path, small_place: Path) -> None:
    filled(tmp_path / "data")
    first = copied(tmp_path / "data", small_place)
    subprocess.run(["mount", "-o", "remount,ro", str(small_place)], check=True)
    with pytest.raises(Invalid, match="Det går inte att skriva"):
        copied(tmp_path / "data", small_place)
    assert copies.generations(first.parent) == [first]
    assert restored(small_place, tmp_path / "new").report.ok
    subprocess.run(["mount", "-o", "remount,rw", str(small_place)], check=True)
    copied(tmp_path / "data", small_place)


def test_a_place_that_is_gone_gets_no_copy_on_the_own_disk(
    tmp_path: Path, small_place: Path
) -> None:
    filled(tmp_path / "data")
    copied(tmp_path / "data", small_place)
    subprocess.run(["umount", str(small_place)], check=True)
    with pytest.raises(Invalid, match="syns inte") as caught:
        copied(tmp_path / "data", small_place)
    assert "Anslut" in str(caught.value.next_step)
    assert files(small_place) == [], "the empty folder under the mount stays empty"


def test_somebody_elses_copies_are_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "place"
    filled(tmp_path / "theirs")
    copied(tmp_path / "theirs", place)
    before = {path: path.read_bytes() for path in files(place)}
    with running(tmp_path / "data") as bevara:
        receipt = planted(bevara.browser())
        copied(tmp_path / "data", place)
        erased(bevara.rooms.real_store, receipt["record_id"])
        copied(tmp_path / "data", place)
    assert {path: path.read_bytes() for path in before} == before
    with pytest.raises(Invalid, match="flera"):
        restored(place, tmp_path / "new")


def test_killed_at_any_call_of_a_copy(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    filled(data)
    first = copied(data, place)
    chooser, killed = random.Random(2026), 0
    count = tries(3, 200)
    for number in range(count):
        with running(data) as bevara:
            saved(bevara.browser(), 10 + number)
        killed += kill(data, place, *chosen(chooser))
        generations = copies.generations(first.parent)
        assert first in generations or len(generations) >= 24
        done = restored(place, tmp_path / f"new{number}")
        assert done.report.findings == []
        shutil.rmtree(tmp_path / f"new{number}")
        copied(data, place)
        assert not list(place.rglob(".*"))
    assert killed


def test_killed_while_the_copies_are_cleaned(
    tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    chooser, killed = random.Random(7), 0
    count = tries(2, 100)
    for number in range(count):
        data, place = tmp_path / f"data{number}", tmp_path / f"place{number}"
        with running(data) as bevara:
            browser = bevara.browser()
            saved(browser, 1)
            copied(data, place)
            receipt = planted(browser)
            copied(data, place)
            copied(data, place)
            erased(bevara.rooms.real_store, receipt["record_id"])
        killed += kill(data, place, *chosen(chooser))
        copied(data, place)
        assert found_in(data, place) == []
        home = next(place.glob("bevara-b*"))
        assert len(copies.generations(home)) >= 4, "no copy is lost"
        assert restored(place, tmp_path / f"new{number}").report.findings == []
    assert killed


def chosen(chooser: random.Random) -> tuple[str, int]:
    """Return a call and the number of it to die at."""
    call = chooser.choice(sorted(CALLS))
    return call, chooser.randint(1, CALLS[call])


def kill(data: Path, place: Path, call: str, when: int) -> bool:
    """Run `bevara backup` and kill it at its `when`th `call`; return whether it died."""
    options = ["-o", "/dev/null", "-e", f"inject={call}:signal=SIGKILL:when={when}"]
    return forked.traced(options, backup, data, place).code != 0


def backup(data: Path, place: Path) -> None:
    """Run `bevara backup` in this process."""
    os.environ.update(BEVARA_DATA_DIR=str(data), BEVARA_BACKUP_DIR=str(place))
    sys.exit(cli.main(["backup"]))
