"""What tests write lies in memory where there is some, and is gone afterwards."""

import os
import tempfile
from pathlib import Path

import pytest

from tests import in_memory


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the machine's memory, and a process that has chosen no folder."""
    monkeypatch.setattr(in_memory, "MEMORY", tmp_path)
    monkeypatch.setattr(in_memory, "ENOUGH", 1)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("TMPDIR", "undone afterwards")
    monkeypatch.delenv("TMPDIR")
    return tmp_path


def test_files_lie_there_until_the_end_and_a_killed_runs_are_swept(memory: Path) -> None:
    (memory / f"{in_memory.NAME}999999999").mkdir()
    folder = in_memory.begin()
    assert folder and list(memory.iterdir()) == [folder]
    assert tempfile.gettempdir() == os.environ["TMPDIR"] == str(folder)
    assert in_memory.begin() is None, "a worker uses the folder of the run that began it"
    in_memory.end(folder)
    assert list(memory.iterdir()) == []


def test_the_disk_is_used_where_memory_is_scarce(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_memory, "ENOUGH", 1 << 60)
    assert in_memory.begin() is None
    assert "TMPDIR" not in os.environ and list(memory.iterdir()) == []
