"""A restored copy proves itself, goes on under a new key, and says what is gone."""

import json
import shutil
from pathlib import Path

import pytest

from bevara.cli import main
from bevara.errors import Invalid
from bevara.kernel import ledger, signed_note
from bevara.kernel.keys import Keys
from bevara.upkeep import copies, receipts
from bevara.upkeep.verify import verify
from tests.client import Device, problem, running
from tests.factories import capture
from tests.second_copy import PASSPHRASE, copied, files, filled, opened, restored, saved


@pytest.fixture
def data(tmp_path: Path) -> Path:
    filled(tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_everything_comes_back_under_a_new_key(
    data: Path, tmp_path: Path, passphrase: bytes | None
) -> None:
    made = copied(data, tmp_path / "place", passphrase)
    done = restored(tmp_path / "place", tmp_path / "new", passphrase)
    assert (done.copy, done.report.findings, done.missing, done.browsers) == (made.name, [], [], 1)
    assert (done.report.documents, done.report.blobs) == (3, 3)
    assert Keys(tmp_path / "new").public != Keys(data).public
    with opened(tmp_path / "new") as new, opened(data) as old:
        assert new.origin != old.origin and Keys(tmp_path / "new").keyid[:16] in new.origin
        with new.read() as here, old.read() as there:
            size = ledger.size(there)
            assert ledger.root(here, size) == ledger.root(there, size)
            entry = json.loads(here.exec_driver_sql(
                f"select entry from ledger_entries where idx = {size}").scalar_one())
            assert entry["kind"] == "restored" and entry["old_origin"] == old.origin
            assert signed_note.read(entry["checkpoint"], old.origin, old.keys.public)[0] == size


def test_browsers_pair_again_and_go_on(data: Path, tmp_path: Path) -> None:
    with running(tmp_path / "one") as bevara:
        browser = bevara.browser()
        first = saved(browser, 1)
        copied(tmp_path / "one", tmp_path / "place")
    restored(tmp_path / "place", tmp_path / "new")
    with running(tmp_path / "new") as bevara:
        again = Device(bevara)
        again.key, again.public = browser.key, browser.public
        assert problem(again.get("/api/v1/setup"))[:2] == (401, "revoked_device")
        assert again.pair(bevara.rooms.pairing.open()).status_code == 201
        second = saved(again, 2)
        assert verify(bevara.rooms.real_store).findings == []
        assert first["checkpoint"].split("\n")[0] != second["checkpoint"].split("\n")[0]


def test_a_copy_of_a_restored_copy_is_restored(data: Path, tmp_path: Path) -> None:
    for number in range(3):
        copied(data, tmp_path / f"place {number}")
        data = tmp_path / f"new {number}"
        assert restored(tmp_path / f"place {number}", data).report.ok
        with running(data) as bevara:
            saved(bevara.browser(), 10 + number)
    with opened(data) as store:
        assert verify(store).findings == [] and verify(store).documents == 6


FORGERIES = {
    "another key": ("old_key", "AAAA"), "no key": ("old_key", "é"),
    "another name": ("old_origin", "bevara.local/other/register"),
    "another checkpoint": ("checkpoint", "x"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_restoring_is_found(data: Path, tmp_path: Path, forgery: str) -> None:
    copied(data, tmp_path / "place")
    restored(tmp_path / "place", tmp_path / "new")
    field, value = FORGERIES[forgery]
    with opened(tmp_path / "new") as store:
        with store.engine.begin() as tx:
            index, text = tx.exec_driver_sql(
                "select idx, entry from ledger_entries where entry like '%restored%'").one()
            entry = json.dumps(json.loads(text) | {field: value}, sort_keys=True,
                               separators=(",", ":"), ensure_ascii=False)
            tx.exec_driver_sql("update ledger_entries set entry = ? where idx = ?", (entry, index))
        found = verify(store).findings
        assert any("återställningen" in line for line in found)
        assert any("är ändrad" in line for line in found)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_flipped_bit_anywhere_is_refused_and_the_file_named(
    data: Path, tmp_path: Path, passphrase: bytes | None
) -> None:
    copied(data, tmp_path / "place", passphrase)
    found = files(tmp_path / "place")
    assert len(found) == 5
    for path in found:
        whole = path.read_bytes()
        for place in (0, len(whole) // 2, len(whole) - 2):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            with pytest.raises(Invalid) as caught:
                restored(tmp_path / "place", tmp_path / "new", passphrase)
            assert str(path) in caught.value.detail and "--generation" in str(caught.value.next_step)
            assert not (tmp_path / "new").exists()
        path.write_bytes(whole)
    assert [path.name for path in tmp_path.iterdir()] != []
    assert not (tmp_path / "new.restoring").exists()


def test_a_missing_file_is_named_and_an_older_copy_is_restored(data: Path, tmp_path: Path) -> None:
    first = copied(data, tmp_path / "place")
    second = copied(data, tmp_path / "place")
    (second / "register.sqlite").unlink()
    with pytest.raises(Invalid, match=r"register\.sqlite"):
        restored(tmp_path / "place", tmp_path / "new")
    assert restored(tmp_path / "place", tmp_path / "new", generation=first.name).report.ok


def test_files_that_changed_places_are_refused(data: Path, tmp_path: Path) -> None:
    made = copied(data, tmp_path / "place", PASSPHRASE)
    one, other, *_ = files(made.parent / "blobs")
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    manifest = copies.read_manifest(made)
    swapped = manifest.blobs | {one.name: manifest.blobs[other.name],
                                other.name: manifest.blobs[one.name]}
    from dataclasses import replace

    (made / "manifest.json").write_bytes(
        copies.write_manifest(replace(manifest, blobs=swapped)))
    with pytest.raises(Invalid, match="skadad"):
        restored(tmp_path / "place", tmp_path / "new", PASSPHRASE)


def test_a_wrong_or_missing_passphrase_is_said_to_be_so(data: Path, tmp_path: Path) -> None:
    copied(data, tmp_path / "place", PASSPHRASE)
    with pytest.raises(Invalid, match="inte den som"):
        restored(tmp_path / "place", tmp_path / "new", b"en helt annan fras")
    with pytest.raises(Invalid, match="ingen lösenfras"):
        restored(tmp_path / "place", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_only_an_empty_folder_is_restored_into(data: Path, tmp_path: Path) -> None:
    copied(data, tmp_path / "place")
    before = files(data)
    with pytest.raises(Invalid, match="inte tom") as caught:
        restored(tmp_path / "place", data)
    assert caught.value.field == "BEVARA_DATA_DIR" and str(data) in caught.value.detail
    assert files(data) == before
    (tmp_path / "new").mkdir()
    assert restored(tmp_path / "place", tmp_path / "new").report.ok


def test_a_folder_without_copies_or_with_several_bevara_is_named(
    data: Path, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="ingen säkerhetskopia"):
        restored(tmp_path / "place", tmp_path / "new")
    made = copied(data, tmp_path / "place")
    with pytest.raises(Invalid, match="finns inte") as caught:
        restored(tmp_path / "place", tmp_path / "new", generation="2020")
    assert made.name in str(caught.value.next_step)
    shutil.copytree(made.parent, made.parent.with_name("bevara-other"))
    with pytest.raises(Invalid, match="flera"):
        restored(tmp_path / "place", tmp_path / "new")
    assert restored(made.parent, tmp_path / "new").report.ok


def test_receipts_that_the_copy_lacks_are_listed(tmp_path: Path) -> None:
    data, kept = tmp_path / "data", []
    with running(data) as bevara:
        browser = bevara.browser()
        kept.append(saved(browser, 1))
        copied(data, tmp_path / "place")
        kept.append(saved(browser, 2))
    other = kept[0] | {"sha256": "0" * 64}
    unknown = capture()["capture_id"]
    path = tmp_path / "receipts.jsonl"
    path.write_text("\n".join([json.dumps(kept[0]), json.dumps(kept[1]), "", json.dumps(other),
                               unknown, json.dumps(kept[0]["capture_id"])]))
    done = restored(tmp_path / "place", tmp_path / "new", promised=receipts.read(path))
    assert [line.split(",")[0] for line in done.missing] == [
        kept[1]["capture_id"], kept[0]["capture_id"], unknown]
    assert kept[1]["received_at"] in done.missing[0]


@pytest.mark.parametrize("line", ["{", "[1]", '{"id": 1}', '{"capture_id": 7}'])
def test_a_line_that_is_no_receipt_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "receipts").write_text(f'"{capture()["capture_id"]}"\n{line}\n')
    with pytest.raises(Invalid, match="Rad 2"):
        receipts.read(tmp_path / "receipts")


def test_a_copy_by_a_newer_bevara_is_said_to_be_so(data: Path, tmp_path: Path) -> None:
    with opened(data) as store, store.engine.begin() as tx:
        tx.exec_driver_sql("update alembic_version set version_num = '9999'")
    copied(data, tmp_path / "place")
    with pytest.raises(Invalid, match="nyare Bevara"):
        restored(tmp_path / "place", tmp_path / "new")


def test_what_was_wrong_before_the_copy_is_restored_and_said(data: Path, tmp_path: Path) -> None:
    with opened(data) as store, store.engine.begin() as tx:
        tx.exec_driver_sql("update records set text = 'Något annat'")
    copied(data, tmp_path / "place")
    done = restored(tmp_path / "place", tmp_path / "new")
    assert not done.report.ok and done.report.documents == 3


def test_a_bevara_without_anything_saved_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "data"))
    assert main(["backup", "--to", str(tmp_path / "place")]) == 1
    assert "inget att kopiera" in capsys.readouterr().err
    assert main(["doctor"]) in (0, 1)
    assert not (tmp_path / "data").exists()


def test_the_commands_speak_to_people_and_to_programs(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BEVARA_DATA_DIR", str(data))
    assert main(["backup"]) == 1
    assert "allt ligger bara på den här datorn" in capsys.readouterr().err
    assert main(["backup", "--to", str(tmp_path / "place"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"]
    monkeypatch.setenv("BEVARA_BACKUP_DIR", str(tmp_path / "place"))
    assert main(["backup"]) == 0
    assert "klar" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "place")]) == 1
    assert "inte tom" in capsys.readouterr().err
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "new"))
    assert main(["restore", str(tmp_path / "place")]) == 0
    said = capsys.readouterr().out
    for words in ("Allt stämmer.", "ny nyckel", "Koppla webbläsarna igen", "eller högre"):
        assert words in said
    (tmp_path / "receipts").write_text(capture()["capture_id"])
    monkeypatch.setenv("BEVARA_DATA_DIR", str(tmp_path / "newer"))
    command = ["restore", str(tmp_path / "place"), "--receipts", str(tmp_path / "receipts")]
    assert main([*command, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["report"]["findings"] == [] and len(found["missing"]) == 1
