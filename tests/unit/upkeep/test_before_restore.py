"""An erasure reaches the copies of the Bevara that this one was restored from."""

import shutil
from pathlib import Path

import pytest

from bevara.config import Config
from bevara.kernel.clock import Clock
from bevara.upkeep import backup, copies
from bevara.upkeep.erasure import everywhere
from tests.client import Bevara, running
from tests.erasing import WORD, erased, found_in, found_sealed, planted
from tests.factories import capture
from tests.second_copy import PASSPHRASE, copied, files, restored, saved

NEW = b"helt andra ord om snus"


def first_bevara(data: Path, place: Path, passphrase: bytes | None = None) -> dict[str, object]:
    """Save, plant and copy three times; return the receipt of what is planted."""
    with running(data) as bevara:
        browser = bevara.browser()
        saved(browser, 1)
        copied(data, place, passphrase)
        receipt = planted(browser)
        planted(browser.on_practice())
        copied(data, place, passphrase)
        saved(browser, 2)
        backup.make_all(data, place, passphrase, Clock())
    return receipt


def config(data: Path, phrase: Path | None = None) -> Config:
    return Config(data, backup_passphrase_file=phrase)


def problems(settings: Config) -> list[str]:
    return [str(one.problem) for one in everywhere.clean(settings) if one.problem]


def erase_both(bevara: Bevara, receipt: dict[str, object]) -> None:
    for store in (bevara.rooms.real_store, bevara.rooms.practice_store):
        erased(store, str(receipt["record_id"]))


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_copies_from_before_a_restoring_are_cleaned_and_none_is_lost(
    tmp_path: Path, passphrase: bytes | None
) -> None:
    place, new, phrase = tmp_path / "place", tmp_path / "new", tmp_path / "phrase"
    phrase.write_bytes(PASSPHRASE)
    receipt = first_bevara(tmp_path / "old", place, passphrase)
    restored(place, new, passphrase)
    home = next(path for path in place.glob("bevara-b*") if "ovning" not in path.name)
    with running(new) as bevara:
        erase_both(bevara, receipt)
        assert [one.place for one in everywhere.pending(config(new))] == [
            str(home), str(home) + "-ovning"]
        assert problems(config(new, phrase if passphrase else None)) == []
    found = copies.generations(home)
    assert len(found) == 3 and found_in(place, new) == []
    if passphrase:
        assert found_sealed(home, passphrase) == []
    for generation in found:
        again = tmp_path / generation.name
        done = restored(home, again, passphrase, generation=generation.name)
        assert done.report.findings == [] and done.practice and done.practice.findings == []
        assert found_in(again) == []


def test_what_the_earlier_bevara_saved_after_the_restored_copy_is_kept_but_for_the_comment(
    tmp_path: Path
) -> None:
    old, place, new = tmp_path / "old", tmp_path / "place", tmp_path / "new"
    with running(old) as bevara:
        browser = bevara.browser()
        receipt = planted(browser)
        chosen = copied(old, place)
        later = browser.save(capture(f"{WORD} igen", comment={"id": "7001"})).get_json()
        kept = saved(browser, 9)
        newest = copied(old, place)
    restored(place, new, generation=chosen.name)
    assert later["record_id"] == receipt["record_id"]
    with running(new) as bevara:
        saved(bevara.browser(), 3)
        erased(bevara.rooms.real_store, str(receipt["record_id"]))
        assert problems(config(new)) == [] and found_in(place, new) == []
        assert problems(config(new)) == [], "repeat is harmless"
    found = copies.generations(newest.parent)
    assert len(found) == 2
    done = restored(newest.parent, tmp_path / "again", promised=[kept])
    assert (done.report.findings, done.missing) == ([], []), "only the comment is gone"


def test_a_comment_saved_after_the_restoring_leaves_earlier_copies_as_they_are(
    tmp_path: Path
) -> None:
    place, new = tmp_path / "place", tmp_path / "new"
    with running(tmp_path / "old") as bevara:
        saved(bevara.browser(), 1)
        copied(tmp_path / "old", place)
    restored(place, new)
    before = {path: path.read_bytes() for path in files(place)}
    with running(new) as bevara:
        erased(bevara.rooms.real_store, planted(bevara.browser())["record_id"])
        assert problems(config(new)) == []
    assert {path: path.read_bytes() for path in files(place) if path in before} == before


def test_restored_twice_both_earlier_homes_are_cleaned(tmp_path: Path) -> None:
    place = tmp_path / "place"
    receipt = first_bevara(tmp_path / "old", place)
    restored(place, tmp_path / "second")
    with running(tmp_path / "second") as bevara:
        saved(bevara.browser(), 5)
        second = backup.make_all(tmp_path / "second", place, None, Clock())
    restored(second.parent, tmp_path / "third")
    with running(tmp_path / "third") as bevara:
        erase_both(bevara, receipt)
        assert problems(config(tmp_path / "third")) == []
    assert found_in(place, tmp_path / "third") == []


def test_an_older_home_that_was_only_named_is_done_when_it_is_removed(tmp_path: Path) -> None:
    old, place = tmp_path / "old", tmp_path / "place"
    receipt = first_bevara(old, place)
    home = next(path for path in place.glob("bevara-b*") if "ovning" not in path.name)
    restored(place, tmp_path / "second")
    with running(tmp_path / "second") as bevara:
        second = backup.make_all(tmp_path / "second", place, None, Clock())
    restored(second.parent, tmp_path / "third")
    with running(old) as bevara:
        saved(bevara.browser(), 7)
        copied(old, place)
    with running(tmp_path / "third") as bevara:
        erase_both(bevara, receipt)
        [said] = problems(config(tmp_path / "third"))
        assert "kopierar fortfarande hit" in said
        shutil.rmtree(home)
        assert problems(config(tmp_path / "third")) == []
        assert everywhere.pending(config(tmp_path / "third")) == []
    assert found_in(place, tmp_path / "third") == []


def test_an_earlier_bevara_that_still_copies_is_left_alone_and_named(tmp_path: Path) -> None:
    old, place, new = tmp_path / "old", tmp_path / "place", tmp_path / "new"
    receipt = first_bevara(old, place)
    restored(place, new)
    with running(old) as bevara:
        saved(bevara.browser(), 7)
        copied(old, place)
    before = {path: path.read_bytes() for path in files(place)}
    with running(new) as bevara:
        erased(bevara.rooms.real_store, str(receipt["record_id"]))
        [said] = problems(config(new))
        assert "kopierar fortfarande hit" in said and "ta bort hela mappen" in said
        page = bevara.desk().get(f"/kommentarer/{receipt['record_id']}/sparrad").text
        assert "kopierar fortfarande hit" in page and "Inte rensad än" in page
    assert {path: path.read_bytes() for path in files(place)} == before


def test_a_folder_out_of_reach_is_pending_and_one_that_was_removed_is_not(tmp_path: Path) -> None:
    place, new = tmp_path / "place", tmp_path / "new"
    receipt = first_bevara(tmp_path / "old", place)
    restored(place, new)
    place.rename(tmp_path / "away")
    with running(new) as bevara:
        erase_both(bevara, receipt)
        said = problems(config(new))
        assert len(said) == 2 and all("Anslut" in one for one in said)
        (tmp_path / "away").rename(place)
        shutil.rmtree(next(place.glob("*-ovning")))
        assert problems(config(new)) == []
    assert found_in(place) == []


@pytest.mark.parametrize("copied_since", [True, False])
def test_a_sealed_copy_whose_passphrase_is_lost_goes_only_when_all_it_has_is_kept(
    tmp_path: Path, copied_since: bool
) -> None:
    place, new, phrase = tmp_path / "place", tmp_path / "new", tmp_path / "phrase"
    phrase.write_bytes(NEW)
    with running(tmp_path / "old") as bevara:
        receipt = planted(bevara.browser())
        held = copied(tmp_path / "old", place, PASSPHRASE)
    restored(place, new, PASSPHRASE)
    with running(new) as bevara:
        erased(bevara.rooms.real_store, receipt["record_id"])
        if copied_since:
            copied(new, place, NEW)
            assert problems(config(new, phrase)) == []
        else:
            [said] = problems(config(new, phrase))
            assert "går inte att öppna" in said
    assert copies.generations(held.parent) == ([] if copied_since else [held])


def test_a_lost_passphrase_and_more_than_was_restored_is_named_and_kept(tmp_path: Path) -> None:
    old, place, new = tmp_path / "old", tmp_path / "place", tmp_path / "new"
    phrase = tmp_path / "phrase"
    with running(old) as bevara:
        receipt = planted(bevara.browser())
        chosen = copied(old, place, PASSPHRASE)
        saved(bevara.browser(), 9)
        newest = copied(old, place, PASSPHRASE)
    restored(place, new, PASSPHRASE, generation=chosen.name)
    phrase.write_bytes(NEW)
    with running(new) as bevara:
        erased(bevara.rooms.real_store, receipt["record_id"])
        copied(new, place, NEW)
        [said] = problems(config(new, phrase))
        assert "mer än det som återställdes" in said
        assert copies.generations(newest.parent) == [newest]
        phrase.write_bytes(NEW + b"\n" + PASSPHRASE)
        assert problems(config(new, phrase)) == []
    assert found_sealed(newest.parent, PASSPHRASE) == []
    assert restored(newest.parent, tmp_path / "again", PASSPHRASE).report.findings == []


def test_copies_in_every_other_place_that_the_copy_knew_of_are_cleaned_too(tmp_path: Path) -> None:
    old, other, place, new = (tmp_path / name for name in ("old", "other", "place", "new"))
    receipt = first_bevara(old, other)
    backup.make_all(old, place, None, Clock())
    backup.make_all(old, place, None, Clock())
    restored(place, new)
    away = other.rename(tmp_path / "unplugged")
    with running(new) as bevara:
        erase_both(bevara, receipt)
        assert len(problems(config(new))) == 2 and found_in(place, new) == []
        assert found_in(away) != []
        away.rename(other)
        assert problems(config(new)) == [] and found_in(other) == []
        assert everywhere.pending(config(new)) == []
