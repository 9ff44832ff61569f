"""Settings that are changed at the same time are all kept."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bevara.errors import Busy
from bevara.kernel import lock, settings
from bevara.upkeep import places

ROOT = Path(__file__).parents[3]
CHANGE = """
import sys
from pathlib import Path
from bevara.kernel import settings
for number in range(10):
    settings.change(Path(sys.argv[1]), **{f"{sys.argv[2]}{number}": "1"})
"""


def test_threads_that_change_different_settings_lose_none(tmp_path: Path) -> None:
    def change(name: str) -> None:
        for number in range(10):
            settings.change(tmp_path, **{f"{name}{number}": "1"})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(change, "abcdef"))
    assert len(settings.read(tmp_path)) == 60


def test_processes_that_change_different_settings_lose_none(tmp_path: Path) -> None:
    running = [subprocess.Popen([sys.executable, "-c", CHANGE, str(tmp_path), name],
                                env={"PYTHONPATH": str(ROOT / "server")}) for name in "abc"]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    assert len(settings.read(tmp_path)) == 30


def test_places_that_are_kept_at_once_are_all_known(tmp_path: Path) -> None:
    found = [tmp_path / str(number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda place: places.remember(tmp_path, place), found))
    assert set(places.known(tmp_path)) == set(found)


def test_a_change_that_waits_too_long_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.05)
    held = lock.FolderLock(tmp_path)
    with pytest.raises(Busy):
        settings.change(tmp_path, a="1")
    held.release()
    settings.change(tmp_path, a="1")
    assert settings.read(tmp_path) == {"a": "1"}
