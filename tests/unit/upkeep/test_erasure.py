"""What two people erase is gone: rows, pictures, log, memory, and every copy."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bevara.errors import Conflict, Invalid
from bevara.records import withheld, withhold
from bevara.upkeep import copies
from bevara.upkeep.erasure import erase, lists
from bevara.upkeep.verify import verify
from tests.client import running
from tests.erasing import (
    BY,
    LARGE,
    WORD,
    erased,
    found_in,
    found_sealed,
    planted,
)
from tests.factories import capture, incident, picture
from tests.second_copy import PASSPHRASE, copied, opened, restored, saved


def test_nothing_planted_is_left_in_any_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as bevara:
        browser = bevara.browser()
        saved(browser, 1)
        receipt = planted(browser)
        saved(browser, 2)
        assert found_in(data), "the search finds what is planted"
        tombstone = erased(bevara.rooms.real_store, receipt["record_id"])
        assert found_in(data) == [], "also while Bevara runs"
        assert verify(bevara.rooms.real_store).findings == []
        assert tombstone["by"] == BY and tombstone["captures"] == [receipt["capture_id"]]
        assert receipt["sha256"] not in json.dumps(tombstone)
    assert found_in(data) == []
    assert receipt["sha256"].encode() not in (data / "register" / "bevara.sqlite").read_bytes()


def test_nothing_is_left_among_many(tmp_path: Path, tries: Callable[[int, int], int]) -> None:
    chance = random.Random(7)
    with running(tmp_path / "data") as bevara:
        browser = bevara.browser()
        for number in range(tries(60, 600)):
            text = f"{WORD if number % 3 == 0 else 'Annat'} " * chance.randint(1, 900)
            answer = browser.save(capture(text, comment={"id": str(number)}))
            if number % 3 == 0:
                withhold.from_desk(bevara.rooms.real_store, answer.get_json()["record_id"],
                                   "Anna Berg", "Prov")
        store = bevara.rooms.real_store
        with store.read() as connection:
            held = [row.record_id for row in connection.exec_driver_sql(
                "select record_id from withheld").all()]
        for record in held:
            erase.erase(store, bevara.rooms.ephemeral, record, BY)
        assert found_in(tmp_path / "data") == []
        assert verify(store).findings == []


def test_erasing_needs_a_withheld_comment(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bevara:
        receipt = planted(bevara.browser())
        with pytest.raises(Conflict, match="inte spärrad"):
            erase.erase(bevara.rooms.real_store, bevara.rooms.ephemeral, receipt["record_id"], BY)


def test_a_picture_that_another_comment_uses_stays(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        receipt = planted(browser)
        other = browser.save(capture("En annan", picture=picture(LARGE)), LARGE)
        erased(store, receipt["record_id"])
        assert store.blob(picture(LARGE)["blob"]) == LARGE
        assert verify(store).findings == []
        assert found_in(tmp_path / "data")
        erased(store, other.get_json()["record_id"])
        assert found_in(tmp_path / "data") == []


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_every_copy_is_cleaned_before_the_next(tmp_path: Path, passphrase: bytes | None) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        saved(browser, 1)
        before = copied(data, place, passphrase)
        receipt = planted(browser)
        held = [copied(data, place, passphrase) for _ in range(3)]
        erased(store, receipt["record_id"])
        copied(data, place, passphrase)
    found = copies.generations(before.parent)
    assert len(found) == 5 and before in found and not set(held) & set(found)
    assert found_in(data, place) == []
    if passphrase:
        assert found_sealed(before.parent, passphrase) == []
    for number, generation in enumerate(found):
        done = restored(place, tmp_path / f"new{number}", passphrase, generation=generation.name)
        assert done.report.findings == [], generation.name
        assert found_in(tmp_path / f"new{number}") == []


def test_a_copy_that_was_out_of_reach_is_cleaned_when_it_is_restored(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        held = copied(data, place, PASSPHRASE)
        shutil.copytree(held, tmp_path / "tape")
        blobs = tmp_path / "blobs"
        shutil.copytree(held.parent / "blobs", blobs)
        erased(bevara.rooms.real_store, receipt["record_id"])
        copied(data, place, PASSPHRASE)
    shutil.copytree(tmp_path / "tape", held)
    shutil.copytree(blobs, held.parent / "blobs", dirs_exist_ok=True)
    done = restored(place, tmp_path / "new", PASSPHRASE, generation=held.name)
    assert (done.erased, done.report.findings) == (1, [])
    assert found_in(tmp_path / "new") == []
    with opened(tmp_path / "new") as store, store.read() as connection:
        assert withheld.tombstone(connection, receipt["record_id"])


def test_a_copy_that_cannot_be_opened_goes_whole(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        old = copied(data, place, b"en helt annan lang fras")
        plain_home = old.parent
        copied(data, place, PASSPHRASE)
        damaged = copied(data, place, PASSPHRASE)
        (damaged / "manifest.json").write_bytes(b"{")
        erased(bevara.rooms.real_store, receipt["record_id"])
        newest = copied(data, place, PASSPHRASE)
    left = copies.generations(plain_home)
    assert old not in left and damaged not in left and newest in left and len(left) == 2
    assert found_sealed(plain_home, PASSPHRASE) == []


def test_a_crash_before_the_file_is_rewritten_is_made_good_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        monkeypatch.setattr(type(bevara.rooms.real_store), "scrub", lambda self: None)
        monkeypatch.setattr("bevara.kernel.blobs.withdraw", lambda tx, folder, names: None)
        erased(bevara.rooms.real_store, receipt["record_id"])
        assert found_in(data), "the pictures' files are still there"
    monkeypatch.undo()
    with running(data) as bevara:
        assert found_in(data) == []
        assert verify(bevara.rooms.real_store).findings == []


def test_what_is_withheld_is_not_in_the_next_copy(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser = bevara.browser()
        receipt = planted(browser)
        saved(browser, 1)
        withhold.from_desk(bevara.rooms.real_store, receipt["record_id"], "Anna Berg", "Prov")
        copied(data, place)
    assert found_in(place) == []
    done = restored(place, tmp_path / "new")
    assert done.report.findings == []
    with opened(tmp_path / "new") as store:
        with store.read() as connection:
            row = withheld.find(connection, receipt["record_id"])
            assert row is not None and row.left_out
        with pytest.raises(Conflict, match="inte i kopian"):
            store.write(lambda tx: withhold.lift(tx, receipt["record_id"], "2026", ["a", "b"]))
        erase.erase(store, bevara.rooms.ephemeral, receipt["record_id"], BY)
        assert verify(store).findings == []


TAMPERINGS = {
    "an entry is emptied without a tombstone":
        "update ledger_entries set entry = '', salt = x'' where idx = 1",
    "a tombstone is changed":
        "update documents set body = cast(replace(body, 'Anna', 'Unna') as blob)"
        " where kind = 'tombstone'",
    "a tombstone names one more entry":
        "update documents set body = cast(replace(body, '\"entries\": [', '\"entries\": [1, ')"
        " as blob) where kind = 'tombstone'",
    "a tombstone is removed": "delete from documents where kind = 'tombstone'",
    "an erased entry says something again":
        "update ledger_entries set entry = '{}' where entry = ''",
    "an erased entry's commitment is another":
        "update ledger_entries set commitment = zeroblob(32) where entry = ''",
    "another comment's text is changed":
        "update documents set body = cast(replace(body, 'hemlighet', 'hemligt') as blob)"
        " where kind = 'capture'",
    "another comment is removed": "delete from documents where kind = 'capture'",
    "a comment is withheld without a document":
        "insert into withheld select id, 'a', 'b', 'c', 'desk', 0 from records limit 1",
    "a withheld comment's row is readable": "update records set withheld_at = '2026'",
    "the content is said to be left out":
        "insert into withheld select id, 'a', 'b', 'c', 'desk', 1 from records limit 1",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_every_tampering_is_found_beside_an_erasure(tmp_path: Path, tampering: str) -> None:
    with running(tmp_path / "data") as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        saved(browser, 1)
        erased(store, planted(browser)["record_id"])
        assert verify(store).findings == []
        with store.engine.begin() as tx:
            assert tx.exec_driver_sql(TAMPERINGS[tampering]).rowcount > 0
        assert verify(store).findings, tampering


def test_a_lifted_comment_shows_what_it_showed(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        record = planted(browser)["record_id"]
        query = f"select * from records where id = '{record}'"
        with store.read() as connection:
            before = connection.exec_driver_sql(query).one()
        withhold.from_desk(store, record, "Anna Berg", "Prov")
        assert verify(store).findings == []
        with store.read() as connection:
            assert WORD not in str(connection.exec_driver_sql(query).one())
        store.write(lambda tx: withhold.lift(tx, record, store.clock.now(), ["Anna", "Bo"]))
        with store.read() as connection:
            assert connection.exec_driver_sql(query).one() == before
        assert verify(store).findings == []


def test_the_list_of_erasures_is_sealed_and_checked(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        erased(bevara.rooms.real_store, receipt["record_id"])
        home = copied(data, place, PASSPHRASE).parent
    [path] = home.glob("erasures*")
    assert b"Anna Berg" not in path.read_bytes()
    found, told = lists.read(home, copies.Covers(PASSPHRASE))
    assert ([one["record_id"] for one in found], told) == ([receipt["record_id"]], {})
    whole = path.read_bytes()
    for at in (0, whole.index(b"first") + 20, len(whole) - 1):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        with pytest.raises(Invalid, match="erasures"):
            restored(home.parent, tmp_path / "new", PASSPHRASE)


def test_a_copy_that_only_cannot_be_read_now_stays(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        manifest = copied(data, place) / "manifest.json"
        manifest.rename(manifest.with_name("aside"))
        manifest.mkdir()
        erased(bevara.rooms.real_store, receipt["record_id"])
        with pytest.raises(Invalid, match="går inte att"):
            copied(data, place)
        assert manifest.parent in copies.generations(manifest.parents[1])
        manifest.rmdir()
        manifest.with_name("aside").rename(manifest)
        copied(data, place)
    assert len(copies.generations(manifest.parents[1])) == 2 and found_in(place) == []


def test_an_open_copy_is_cleaned_after_a_passphrase_was_chosen(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        home = copied(data, place).parent
        erased(bevara.rooms.real_store, receipt["record_id"])
        copied(data, place, PASSPHRASE)
    assert len(copies.generations(home)) == 2 and found_in(place) == []


def test_what_a_copy_leaves_out_is_no_finding_when_it_is_restored(tmp_path: Path) -> None:
    data, place, new = tmp_path / "data", tmp_path / "place", tmp_path / "new"
    with running(data) as bevara:
        browser, desk = bevara.browser(), bevara.desk()
        record = planted(browser)["record_id"]
        about = incident("override", comment_id="7001", note=WORD)
        browser.put(f"incidents/{about['id']}", about)
        for looked in (about["id"], record):
            desk.post(f"/kommentarer/att-kontrollera/{looked}", {"note": WORD})
        withhold.from_desk(bevara.rooms.real_store, record, "Anna Berg", "Prov")
        copied(data, place)
    assert found_in(place) == []
    assert restored(place, new).report.findings == []
    with running(new) as bevara:
        assert bevara.desk().get("/kommentarer/att-kontrollera").status_code == 200
