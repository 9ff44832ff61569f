"""A SIP of 1,000 comments of 300 KB against zipping the same files, stored."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bevara.archive.packages.parts import File, Item
from bevara.archive.packages.sip.check import problems
from bevara.archive.packages.sip.writer import write
from tests.bench.figures import Figures, alternate, milliseconds
from tests.unit.archive.package_parts import HEADER, item

COMMENTS = 1000
SIZES = {"handling.pdf": 60_000, "skarmdump.png": 200_000, "meddelande.json": 6_000,
         "meddelande.txt": 400, "kod.html": 8_000, "bevis.zip": 25_600}
TYPES = {"pdf": "application/pdf", "png": "image/png", "json": "application/json",
         "txt": "text/plain", "html": "text/html", "zip": "application/zip"}


@pytest.mark.usefixtures("calm")
def test_sip(figures: Figures, tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    rounds, packed, zipped = tries(5, 20), tmp_path / "a.zip", tmp_path / "b.zip"
    paths = {number: _files(tmp_path / str(number)) for number in range(COMMENTS)}

    def a() -> None:
        packed.unlink(missing_ok=True)
        write(packed, HEADER, _items(paths))

    def b() -> None:
        zipped.unlink(missing_ok=True)
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_STORED) as target:
            for number, files in paths.items():
                for file in files:
                    target.write(str(file.source), f"{number}/{file.name}")

    times = alternate(a, b, rounds, warm=1)
    assert problems(packed) == []
    print("\nSIP:", milliseconds(times.a), "zipfile, stored:", milliseconds(times.b))
    figures.put(f"SIP of {COMMENTS:,} records of 300 KB over zipfile of the same, stored, median",
                times.ratio(50), "<= 1.5", rounds)


def _files(folder: Path) -> tuple[File, ...]:
    folder.mkdir()
    made = []
    for name, size in SIZES.items():
        data = os.urandom(size)
        (folder / name).write_bytes(data)
        made.append(File(name, TYPES[name.rpartition(".")[2]], size, hashlib.sha256(data).hexdigest(),
                         folder / name))
    return tuple(made)


def _items(paths: dict[int, tuple[File, ...]]) -> Iterator[Item]:
    for number, files in paths.items():
        yield item(number, files=files)
