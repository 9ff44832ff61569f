"""The check of a package sees what was done to it, and believes nothing that the package says."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bevara.archive.packages.sip import check
from bevara.archive.packages.sip.check import problems
from tests.unit.archive.package_parts import items
from tests.unit.archive.packages.sip.made import METS, REP_METS, ROOT, changed, contents, package
from tests.unit.archive.packages.sip.mutations import MUTATIONS, TEXT


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("whole"), items(3))


@pytest.mark.parametrize("name", MUTATIONS)
def test_what_was_done_to_a_package_is_seen(whole: Path, name: str) -> None:
    found = problems(changed(whole, MUTATIONS[name]))
    assert found
    assert all(one.endswith(".") or "schema" in one for one in found)


def test_packing_it_anew_is_no_problem(whole: Path) -> None:
    assert problems(changed(whole, lambda files: None)) == []


def test_every_byte_counts(whole: Path, tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    """A byte of any file that a METS names, changed so that the ZIP's own checksum is right."""
    names, chosen = sorted(set(contents(whole)) - {METS}), random.Random(1)
    for _ in range(tries(15, 400)):
        name, at = chosen.choice(names), chosen.random()

        def flip(files: dict[str, bytes], name: str = name, at: float = at) -> None:
            data = bytearray(files[name])
            data[int(at * len(data))] ^= 1 << int(at * 7)
            files[name] = bytes(data)

        assert problems(changed(whole, flip)) != [], name


def test_a_byte_flipped_in_the_zip_itself_is_seen(
    whole: Path, tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    data = whole.read_bytes()
    names = [(one.header_offset + 30 + len(one.filename), one.file_size)
             for one in zipfile.ZipFile(whole).infolist()]
    chosen = random.Random(2)
    for _ in range(tries(15, 400)):
        start, size = chosen.choice(names)
        spoilt = bytearray(data)
        spoilt[start + chosen.randrange(size)] ^= 0x10
        (tmp_path / "spoilt.zip").write_bytes(spoilt)
        assert problems(tmp_path / "spoilt.zip") != []


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out", "a\\..\\b", "C:/out", "a//b", "./a", "../b/"])
def test_a_name_that_leads_out_is_named_and_nothing_is_read(whole: Path, tmp_path: Path, name: str) -> None:
    found = problems(changed(whole, lambda files: files.update({name: b"x"})))
    assert found == [f"{name} är inget tillåtet namn på en fil i paketet."]


def test_one_name_twice_is_seen(whole: Path, tmp_path: Path) -> None:
    twice = tmp_path / "twice.zip"
    twice.write_bytes(whole.read_bytes())
    with zipfile.ZipFile(twice, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr(TEXT, b"x")
    assert "Två filer i paketet har samma namn." in problems(twice)


def test_two_names_that_windows_holds_for_one_are_seen(whole: Path) -> None:
    upper = TEXT.replace("meddelande", "MEDDELANDE")
    assert "Två filer i paketet har samma namn." in problems(
        changed(whole, lambda files: files.update({upper: b"x"})))


def test_a_link_is_seen(whole: Path, tmp_path: Path) -> None:
    made = tmp_path / "linked.zip"
    made.write_bytes(whole.read_bytes())
    link = zipfile.ZipInfo(f"{ROOT}link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(made, "a") as target:
        target.writestr(link, b"/etc/passwd")
    assert problems(made) == [f"{ROOT}link är en länk och ingen fil."]


def test_a_file_that_swells_is_read_no_further_than_it_should_be(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "CHUNK", 1024)
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in contents(whole).items():
            target.writestr(name, bytes(50_000_000) if name == TEXT else data)
    read: list[int] = []
    digest = check._Check._digest

    def counted(self: check._Check, path: str, most: int) -> tuple[int, str]:
        found = digest(self, path, most)
        read.append(found[0])
        return found

    monkeypatch.setattr(check._Check, "_digest", counted)
    assert f"{TEXT} är inte så stor som METS säger." in problems(bomb)
    assert max(read) < 200_000


@pytest.mark.parametrize("data", [b"", b"no zip at all", b"PK\3\4" + bytes(100)])
def test_what_is_no_zip_is_said_to_be_none(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(data)
    assert problems(tmp_path / "a.zip") == ["Filen går inte att läsa som en ZIP-fil."]


def test_a_zip_of_something_else_lacks_its_mets(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as target:
        target.writestr("a/b.txt", b"x")
    assert problems(tmp_path / "a.zip") == [
        "a/METS.xml saknas.", "a/b.txt finns i paketet men inte i någon METS."]
    with zipfile.ZipFile(tmp_path / "b.zip", "w"):
        pass
    assert problems(tmp_path / "b.zip") == ["Paketet ska ha en enda mapp ytterst."]


def test_a_compressed_package_is_checked_as_well(whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in contents(whole).items():
            target.writestr(name, data)
    assert problems(tmp_path / "a.zip") == []


def test_so_many_problems_are_cut(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MOST", 5)
    extra = {f"{ROOT}{number}": b"" for number in range(20)}
    found = problems(changed(whole, lambda files: files.update(extra)))
    assert len(found) == 6
    assert found[-1] == "Det finns fler fel än så."


def test_a_damaged_representation_names_the_mets_and_the_files_it_no_longer_covers(whole: Path) -> None:
    found = problems(changed(whole, lambda files: files.update({REP_METS: b"<a/>"})))
    assert any("representations/rep1/METS.xml följer inte sitt schema" in one for one in found)
    assert f"{TEXT} finns i paketet men inte i någon METS." in found
