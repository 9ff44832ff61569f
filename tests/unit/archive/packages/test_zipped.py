"""The streaming ZIP is one that everybody's ZIP programs read."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from bevara.archive.packages import zipped
from bevara.archive.packages.parts import CHUNK, File, held
from bevara.archive.packages.zipped import zip_writer
from bevara.errors import NotPacked


def _written(path: Path, files: dict[str, File]) -> Path:
    with zip_writer(path) as target:
        for name, file in files.items():
            target.add(name, file)
    return path


def _on_disk(tmp_path: Path, data: bytes) -> File:
    path = tmp_path / "large"
    path.write_bytes(data)
    return File("large", "image/png", len(data), hashlib.sha256(data).hexdigest(), path)


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    large = bytes(range(256)) * (3 * CHUNK // 256) + b"end"
    files = {"a/små.txt": held("små.txt", "text/plain", "åäö".encode()),
             "empty": held("empty", "text/plain", b""), "large": _on_disk(tmp_path, large)}
    with zipfile.ZipFile(_written(tmp_path / "a.zip", files)) as found:
        assert found.testzip() is None
        assert {one.filename: found.read(one) for one in found.infolist()} == {
            "a/små.txt": "åäö".encode(), "empty": b"", "large": large}
        assert {one.date_time for one in found.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    files = {"a": held("a", "text/plain", b"a"), "b": held("b", "text/plain", b"b")}
    first, second = (_written(tmp_path / name, files) for name in ("1.zip", "2.zip"))
    assert first.read_bytes() == second.read_bytes()


def test_an_empty_one_is_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(_written(tmp_path / "a.zip", {})) as found:
        assert found.namelist() == []


def test_more_files_than_an_old_zip_can_say(tmp_path: Path) -> None:
    count = 70_000
    with zip_writer(tmp_path / "a.zip") as target:
        for number in range(count):
            target.add(f"{number:05}", held("", "text/plain", b""))
    with zipfile.ZipFile(tmp_path / "a.zip") as found:
        assert len(found.namelist()) == count


def test_places_beyond_the_old_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "MOST16", 2)
    files = {str(number): held("", "text/plain", bytes(100)) for number in range(5)}
    made = _written(tmp_path / "a.zip", files).read_bytes()
    assert b"PK\6\6" in made
    patched = made.replace((2).to_bytes(2, "little") * 2, b"\xff\xff" * 2)
    (tmp_path / "b.zip").write_bytes(patched)
    with zipfile.ZipFile(tmp_path / "b.zip") as found:
        assert len(found.namelist()) == 5


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip saknas")
def test_unzip_finds_no_fault(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.zip", {"a": held("a", "text/plain", b"a" * 100_000)})
    done = subprocess.run(["unzip", "-tqq", str(path)], check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("said", [b"other", b"longer than it is", b"x"])
def test_a_file_that_is_not_what_it_says_is_refused(tmp_path: Path, said: bytes) -> None:
    wrong = File("a", "text/plain", 5, hashlib.sha256(b"right").hexdigest(), said)
    with pytest.raises(NotPacked, match="inte som när den sparades"):
        _written(tmp_path / "a.zip", {"a": wrong})


@pytest.mark.parametrize("size", [zipped.SMALL - 1, zipped.SMALL + 1, CHUNK, CHUNK + 1, 3 * CHUNK])
@pytest.mark.parametrize("after", [0, 20])
def test_no_zip_is_whole_with_one_changed_byte(tmp_path: Path, size: int, after: int) -> None:
    right = held("right", "text/plain", bytes(size))
    wrong = File("a", "text/plain", size, right.sha256, bytes(size - 1) + b"x")
    files = {"wrong": wrong} | {str(number): right for number in range(after)}
    with pytest.raises(NotPacked, match="wrong är inte som när den sparades"):
        _written(tmp_path / "a.zip", files)
    assert not zipfile.is_zipfile(tmp_path / "a.zip")
    with zipfile.ZipFile(_written(tmp_path / "b.zip", {"a": right})) as found:
        assert found.read("a") == bytes(size)
