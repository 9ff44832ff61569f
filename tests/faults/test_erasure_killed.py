"""An erasure that is killed at any step is finished at the next start, in every place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bevara.config import Config
from bevara.kernel.clock import Clock
from bevara.records import withheld, withhold, word_index
from bevara.upkeep import backup, copies
from bevara.upkeep.backup_schedule import BackupSchedule
from bevara.upkeep.erasure import erase, everywhere
from bevara.upkeep.verify import verify
from tests.client import Bevara, running
from tests.erasing import BY, WORD, found_in, planted
from tests.factories import capture
from tests.faults import eraser, forked
from tests.second_copy import copied, restored, saved

pytestmark = pytest.mark.faults
PLACES = ("one", "two")


def withheld_with_copies(folder: Path) -> str:
    """Make a restored Bevara with a planted, withheld comment, and two copies in each place.

    The Bevara that it was restored from has left two copies in the first place, one of which says
    more of the comment than was restored.
    """
    with running(folder / "old") as bevara:
        browser = bevara.browser()
        saved(browser, 1)
        record = str(planted(browser)["record_id"])
        chosen = copied(folder / "old", folder / "one")
        assert browser.save(capture(f"{WORD} igen", comment={"id": "7001"})).status_code == 201
        copied(folder / "old", folder / "one")
    restored(folder / "one", folder / "data", generation=chosen.name)
    shutil.rmtree(folder / "old")
    with running(folder / "data") as bevara:
        for name in PLACES:
            for _ in range(2):
                backup.make_all(folder / "data", folder / name, None, Clock())
        while word_index.catch_up(bevara.rooms.real_store):
            pass
        withhold.from_desk(bevara.rooms.real_store, record, "Anna Berg", "Prov")
    return record


def run(data: Path, record: str, last: int) -> forked.Ended:
    return forked.ended(eraser.main, data, record, last)


def finished(bevara: Bevara, config: Config, record: str) -> bool:
    """Do what a running Bevara does by itself; return whether the erasure had begun."""
    store = bevara.rooms.real_store
    with store.read() as connection:
        begun = withheld.tombstone(connection, record) is not None
        assert begun or withheld.find(connection, record), "neither withheld nor erased"
    BackupSchedule(config, store, bevara.rooms.practice_store).look()
    return begun


def test_killed_before_each_step(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    record = withheld_with_copies(tmp_path)
    kept, folders = tmp_path / "kept", ("data", *PLACES)
    kept.mkdir()
    for name in folders:
        shutil.copytree(tmp_path / name, kept / name)
    config, begun = Config(tmp_path / "data"), []
    total = int(run(tmp_path / "data", record, 0).output)
    count = tries(min(6, total), total)
    for number in range(count):
        for name in folders:
            shutil.rmtree(tmp_path / name)
            shutil.copytree(kept / name, tmp_path / name)
        last = 1 + number * (total - 1) // max(1, count - 1)
        assert run(tmp_path / "data", record, last).code == -9, last
        with running(tmp_path / "data") as bevara:
            store = bevara.rooms.real_store
            begun.append(finished(bevara, config, record))
            if not begun[-1]:
                erase.erase(store, bevara.rooms.ephemeral, record, BY)
                finished(bevara, config, record)
            assert everywhere.pending(config) == [], last
            assert verify(store).findings == []
        assert found_in(*(tmp_path / name for name in folders)) == [], last
        for name in PLACES:
            for home in homes(tmp_path / name):
                assert len(copies.generations(home)) == 2, "no copy is lost, and none lies twice"
    assert not begun[0] and begun[-1]
    assert [len(homes(tmp_path / name)) for name in PLACES] == [2, 1]
    for number, home in enumerate(homes(tmp_path / "one")):
        assert restored(home, tmp_path / f"new{number}").report.findings == []


def homes(place: Path) -> list[Path]:
    """Return the folders of the registers' copies."""
    return [path for path in sorted(place.glob("bevara-b*")) if "ovning" not in path.name]
