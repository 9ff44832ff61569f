"""The key is made once, is read by its owner only, and signs as RFC 8032 says."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bevara.kernel.keys import Keys, keyid, sweep_private, verify, write_private


def test_the_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first, second = Keys(tmp_path), Keys(tmp_path)
    assert first.public == second.public
    assert (tmp_path / "helper.key").stat().st_mode & 0o777 == 0o600
    assert first.keyid == keyid(first.public) and len(first.keyid) == 64


def test_a_signature_is_for_one_message_and_one_key(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    signature = keys.sign(b"message")
    assert verify(keys.public, signature, b"message")
    assert not verify(keys.public, signature, b"messagf")
    assert not verify(bytes(32), signature, b"message")
    assert not verify(keys.public, signature[:-1], b"message")
    assert not verify(b"short", signature, b"message")


def test_the_first_vector_of_rfc_8032() -> None:
    public = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    signature = bytes.fromhex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b")
    assert verify(public, signature, b"")


def test_many_write_the_same_private_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "token"
    texts = [bytes([65 + number]) * 5000 for number in range(8)]

    def write(text: bytes) -> None:
        for _ in range(10):
            write_private(path, text)
            assert path.read_bytes() in texts

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, texts))
    assert [one.name for one in tmp_path.iterdir()] == ["token"]


def test_two_files_of_the_same_stem_are_written_at_once(tmp_path: Path) -> None:
    paths = [tmp_path / f"backup.{end}" for end in ("json", "txt", "key", "d")]

    def write(path: Path) -> None:
        for _ in range(20):
            write_private(path, path.name.encode())
            assert path.read_bytes() == path.name.encode()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, paths))


def test_a_file_that_is_not_written_whole_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "token"
    write_private(path, b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4000, limits[1]))
    try:
        with pytest.raises(OSError):
            write_private(path, b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["token"]


def test_file_and_folder_are_durable_in_that_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def spy_fsync(handle: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    def spy_replace(old: Path, new: Path) -> None:
        done.append("rename")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "replace", spy_replace)
    write_private(tmp_path / "token", b"x")
    assert done == ["file", "rename", "folder"]
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


def test_what_a_kill_left_goes_when_nobody_can_be_writing_it(tmp_path: Path) -> None:
    old, young = tmp_path / ".token.12345678.new", tmp_path / ".token.87654321.new"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    sweep_private(tmp_path)
    assert list(tmp_path.iterdir()) == [young]


def test_two_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ThreadPoolExecutor(6) as pool:
            made = list(pool.map(lambda _: Keys(folder).public, range(6)))  # noqa: B023
        assert set(made) == {Keys(folder).public}
