"""Full, read-only and failing disks: no receipt is given, and what can recover does so by itself."""

from __future__ import annotations

import shutil
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bevara.capture import save_capture
from bevara.errors import DiskFull, ReadOnly
from bevara.kernel import blobs
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from tests.faults import strace
from tests.faults.aftermath import problems, promises
from tests.faults.captures import capture_of, picture_of

pytestmark = pytest.mark.faults


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def save(store: Store, number: int) -> None:
    ephemeral, picture = Ephemeral(), picture_of(number)
    if picture:
        ephemeral.put(blobs.name_of(picture), picture)
    save_capture.save(store, ephemeral, str(uuid.UUID(int=number + 1, version=4)),
                      capture_of(number), "device")


def test_a_full_disk_gives_no_receipt_and_recovers_within_two_seconds(
    small_disk: Path, tries: Callable[[int, int], int]
) -> None:
    store, promised = Store(small_disk / "register", Keys(small_disk)), set()
    number = 0
    for _ in range(tries(3, 30)):
        fill(small_disk / "filler")
        with pytest.raises(DiskFull):
            for _attempt in range(2000):
                number += 1
                save(store, number)
                promised.add(number)
        (small_disk / "filler").unlink()
        started = time.monotonic()
        number += 1
        save(store, number)
        promised.add(number)
        assert time.monotonic() - started < 2
    store.close()
    assert problems(small_disk, promised) == []


def test_a_read_only_disk_is_said_in_words_and_the_next_start_needs_no_hand(
    small_disk: Path,
) -> None:
    store = Store(small_disk / "register", Keys(small_disk))
    save(store, 1)
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ReadOnly):
        Store(small_disk / "register", Keys(small_disk))
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    store = Store(small_disk / "register", Keys(small_disk))
    save(store, 3)
    store.close()
    assert problems(small_disk, {1, 3}) == []


@pytest.mark.parametrize("call", ["fsync", "fdatasync", "pwrite64"])
def test_after_an_io_error_nothing_is_promised_until_a_restart(
    tmp_path: Path, call: str, tries: Callable[[int, int], int]
) -> None:
    opening, saving = strace.calls(tmp_path / "usual", (call,))[call]
    hit, count = 0, tries(5, 60)
    for number in range(count):
        folder = tmp_path / str(number)
        folder.mkdir()
        when = opening + 1 + number * (saving - opening) // count
        output = strace.run(folder, f"inject={call}:error=EIO:when={when}+").output
        lines = output.splitlines()
        if any("StoreFailed" in line for line in lines):
            hit += 1
            first = next(i for i, line in enumerate(lines) if "StoreFailed" in line)
            assert not any(line.startswith("ack") for line in lines[first:]), output
        assert problems(folder, promises(output)) == [], output
    assert hit == count


def fill(path: Path) -> None:
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(65536)) == 65536:
                pass
    except OSError:
        return
