"""Packages without schemas: the same for the same parts, and every change of them is found."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import bagit
import pytest

from bevara.archive.packages import bag, check, plain, tree
from bevara.archive.packages.parts import held
from bevara.archive.packages.sip import writer as sip
from bevara.errors import Invalid
from tests.unit.archive.package_parts import HEADER, item, items

BOTH = pytest.mark.parametrize("form", [bag, plain], ids=["bag", "plain"])


def _made(tmp_path: Path, form: ModuleType, count: int = 3, name: str = "a.zip") -> Path:
    form.write(tmp_path / name, HEADER, items(count))
    return tmp_path / name


def _unpacked(tmp_path: Path, made: Path) -> Path:
    shutil.unpack_archive(made, tmp_path / "out")
    return tmp_path / "out" / HEADER.id


def test_bagit_finds_the_bag_valid(tmp_path: Path) -> None:
    found = bagit.Bag(str(_unpacked(tmp_path, _made(tmp_path, bag))))
    found.validate()
    assert found.info["External-Identifier"] == HEADER.id
    assert found.info["Source-Organization"] == "Storköpings kommun"
    assert found.info["Record-Status"] == "TEST"


def test_sha256sum_finds_every_file_of_a_plain_one(tmp_path: Path) -> None:
    folder = _unpacked(tmp_path, _made(tmp_path, plain))
    done = subprocess.run(["sha256sum", "--strict", "-c", plain.MANIFEST], cwd=folder, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said = {line.rpartition(":")[0] for line in done.stdout.splitlines()}
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert said == files - {plain.MANIFEST}


@BOTH
def test_the_same_parts_give_the_same_bytes(tmp_path: Path, form: ModuleType) -> None:
    first, second = (_made(tmp_path, form, name=name).read_bytes() for name in ("1", "2"))
    assert first == second


@BOTH
def test_nothing_is_left_beside_the_package(tmp_path: Path, form: ModuleType) -> None:
    made = _made(tmp_path, form)
    assert list(tmp_path.iterdir()) == [made]


@BOTH
def test_a_whole_package_has_no_fault(tmp_path: Path, form: ModuleType) -> None:
    assert list(check.problems(_made(tmp_path, form))) == []


@BOTH
def test_a_package_of_nothing_is_whole(tmp_path: Path, form: ModuleType) -> None:
    assert list(check.problems(_made(tmp_path, form, 0))) == []


def _rewritten(
    made: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> Path:
    with zipfile.ZipFile(made) as source:
        files = {name: source.read(name) for name in source.namelist()}
    target = made.with_name("changed.zip")
    with zipfile.ZipFile(target, "w") as out:
        for name, data in change(files).items():
            out.writestr(name, data)
    return target


@BOTH
def test_every_change_of_every_file_is_found(tmp_path: Path, form: ModuleType) -> None:
    made = _made(tmp_path, form, 1)
    with zipfile.ZipFile(made) as found:
        names = found.namelist()
    for name in names:
        def flipped(files: dict[str, bytes], name: str = name) -> dict[str, bytes]:
            data = files[name] or b"x"
            return files | {name: bytes([data[0] ^ 1]) + data[1:]}

        def dropped(files: dict[str, bytes], name: str = name) -> dict[str, bytes]:
            return {one: data for one, data in files.items() if one != name}

        for change in (flipped, dropped):
            try:
                assert list(check.problems(_rewritten(made, change))), (change, name)
            except Invalid:
                assert name.endswith((bag.BAGIT, plain.MANIFEST))


@BOTH
def test_a_file_that_was_added_is_found(tmp_path: Path, form: ModuleType) -> None:
    made = _made(tmp_path, form, 1)
    where = "data/" if form is bag else ""
    changed = _rewritten(made, lambda files: files | {f"{HEADER.id}/{where}new.txt": b"x"})
    assert [one for one in check.problems(changed) if "new.txt" in one]


@BOTH
def test_a_flipped_byte_anywhere_is_found_or_touches_no_file(
    tmp_path: Path, form: ModuleType, tries: Callable[[int, int], int]
) -> None:
    made = _made(tmp_path, form, 1)
    data = made.read_bytes()
    with zipfile.ZipFile(made) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    count = tries(150, 5000)
    for number in range(count):
        at = number * len(data) // count
        changed = tmp_path / "changed.zip"
        changed.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:])
        try:
            faults = list(check.problems(changed))
        except Invalid:
            continue
        if not faults:
            with zipfile.ZipFile(changed) as found:
                assert {name: found.read(name) for name in found.namelist()} == files, at


def _heads(path: Path) -> list[int]:
    """Return the places of what a ZIP says of its files, where they lie and in its list."""
    with zipfile.ZipFile(path) as found:
        last = found.start_dir
        heads = [at for one in found.infolist()
                 for at in range(one.header_offset, one.header_offset + 30 + len(one.filename))]
    return [*heads, *range(last, path.stat().st_size)]


@pytest.mark.parametrize("form", [bag, plain, sip], ids=["bag", "plain", "sip"])
def test_a_changed_zip_is_said_to_be_one_and_ends_in_no_trace(
    tmp_path: Path, form: ModuleType, tries: Callable[[int, int], int]
) -> None:
    made = _made(tmp_path, form, 1)
    data, places = made.read_bytes(), _heads(made)
    count = min(tries(120, 100_000), 2 * len(places))
    changed = tmp_path / "changed.zip"
    for number in range(count):
        at = places[number * len(places) // count]
        changed.write_bytes(data[:at] + bytes([data[at] ^ (0x80 if number % 2 else 0x55)])
                            + data[at + 1:])
        try:
            list(check.problems(changed))
        except Invalid:
            continue


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\5\6" + bytes(18)])
def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(Invalid) as raised:
        list(check.problems(path))
    assert raised.value.field == check.FIELD


def test_the_lists_say_what_is_there_and_no_cell_is_a_formula(tmp_path: Path) -> None:
    odd = item(7, title='=HYPERLINK("x")', number="KS 2026/00123:7",
               provision="21 kap. 1 § OSL", provision_on="2026-11-24",
               provision_by="Kommunstyrelsen")
    plain.write(tmp_path / "a.zip", HEADER, [odd])
    with zipfile.ZipFile(tmp_path / "a.zip") as found:
        rows = list(csv.DictReader(io.StringIO(
            found.read(f"{HEADER.id}/{tree.LIST}").decode("utf-8-sig")), delimiter=";"))
        told = found.read(f"{HEADER.id}/{tree.EVENTS}").decode("utf-8-sig")
        page = found.read(f"{HEADER.id}/{tree.PAGE}").decode()
        readme = found.read(f"{HEADER.id}/{tree.README}").decode()
    (row,) = rows
    assert row["Rubrik"] == "'=HYPERLINK(\"x\")"
    assert row["Diarienummer"] == "KS 2026/00123:7"
    assert row["Sekretess"] == "21 kap. 1 § OSL, 2026-11-24, Kommunstyrelsen"
    assert "Sparad av tillägget" in told and "Packad" in told
    assert "=HYPERLINK(&#34;x&#34;)" in page
    assert "Provleverans" in readme and HEADER.checkpoint in readme


def test_markup_in_a_title_is_text(tmp_path: Path) -> None:
    hostile = item(1, title="<script>alert(1)</script>",
                   files=(held("meddelande.txt", "text/plain", b"x"),))
    bag.write(tmp_path / "a.zip", HEADER, [hostile])
    with zipfile.ZipFile(tmp_path / "a.zip") as found:
        page = found.read(f"{HEADER.id}/data/{tree.PAGE}").decode()
    assert "<script" not in page
