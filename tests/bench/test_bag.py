"""A thousand comments of 300 KB to BagIt, against reading and hashing them, and bagit-python."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from bevara.archive.packages import bag
from bevara.archive.packages.parts import CHUNK, File
from tests.bench.figures import Figures, alternate, milliseconds
from tests.unit.archive.package_parts import HEADER, item

MANY, SIZE, ROUNDS = 1000, 300_000, 15


@pytest.mark.usefixtures("calm")
def test_bag(figures: Figures, tmp_path: Path) -> None:
    files = made(tmp_path / "files")
    packed, copied = tmp_path / "a.zip", tmp_path / "copy"

    def ours() -> None:
        packed.unlink(missing_ok=True)
        bag.write(packed, HEADER, (item(number, files=(file,))
                                   for number, file in enumerate(files)))

    def floor() -> None:
        for file in files:
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            assert digest.hexdigest() == file.sha256

    floors = alternate(ours, floor, ROUNDS)
    print("\nBevara        ", milliseconds(floors.a))
    print("read + sha256 ", milliseconds(floors.b))
    figures.put("1,000 items of 300 KB to BagIt vs read and sha256, p50", floors.ratio(50),
                "<= 1.5", ROUNDS)
    peers = alternate(ours, theirs(tmp_path / "files", copied), ROUNDS)
    print("bagit-python  ", milliseconds(peers.b))
    figures.put("1,000 items of 300 KB to BagIt vs bagit-python make_bag, p50", peers.ratio(50),
                "<= 1.0", ROUNDS)


def theirs(files: Path, copied: Path) -> Callable[[], Callable[[], object]]:
    """Return what copies the files and gives what makes a bag of them, which alone is timed."""
    def copy() -> Callable[[], object]:
        shutil.rmtree(copied, ignore_errors=True)
        shutil.copytree(files, copied)
        return lambda: bagit.make_bag(str(copied), checksums=["sha256"])

    return copy


def made(folder: Path) -> list[File]:
    """Return files that compress to nothing less, as pictures do."""
    folder.mkdir()
    source, found = random.Random(1), []
    for number in range(MANY):
        data = source.randbytes(SIZE)
        path = folder / f"{number:04}.png"
        path.write_bytes(data)
        found.append(File("skarmdump.png", "image/png", SIZE, hashlib.sha256(data).hexdigest(),
                          path))
    assert SIZE <= CHUNK
    return found
