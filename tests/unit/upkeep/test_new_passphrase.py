"""A changed passphrase loses no copy, hides nothing erased, and never stands in a restoring's way."""

from pathlib import Path

import pytest

from bevara.config import Config
from bevara.errors import Invalid
from bevara.kernel.clock import Clock
from bevara.records import withheld
from bevara.upkeep import backup, copies, settings
from bevara.upkeep.erasure import everywhere
from tests.client import running
from tests.erasing import erased, found_in, found_sealed, planted
from tests.factories import blob_name
from tests.second_copy import PASSPHRASE, copied, files, large, opened, restored, saved

NEW = b"helt andra ord om snus"
BOTH = NEW + b"\n" + PASSPHRASE + b"\n"


def all_copied(data: Path, place: Path, passphrase: bytes | None) -> Path:
    return backup.make_all(data, place, passphrase, Clock())


@pytest.mark.parametrize(("before", "after"), [(PASSPHRASE, NEW), (None, NEW)])
def test_the_practice_is_copied_anew_under_the_new_passphrase_and_restored(
    tmp_path: Path, before: bytes | None, after: bytes
) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser = bevara.browser()
        saved(browser, 1)
        saved(browser.on_practice(), 2)
        first = all_copied(data, place, before)
        all_copied(data, place, after)
        all_copied(data, place, after)
    home = next(place.glob("*-ovning"))
    assert len(copies.generations(home)) == 2, "one for each passphrase, none when nothing changed"
    for phrase, options in ((after, {}), (before, {"generation": first.name})):
        done = restored(place, tmp_path / f"new {phrase!r}", phrase, **options)
        assert done.report.findings == []
        assert done.practice is not None and done.practice.findings == []
        assert done.practice.documents


def test_a_practice_that_cannot_be_opened_is_said_and_the_register_is_restored(
    tmp_path: Path
) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser = bevara.browser()
        saved(browser, 1)
        saved(browser.on_practice(), 2)
        all_copied(data, place, PASSPHRASE)
        copied(data, place, NEW)
    done = restored(place, tmp_path / "new", NEW)
    assert done.report.findings == [] and done.practice is None
    assert done.practice_problem and "inte den som" in done.practice_problem
    with running(tmp_path / "new") as bevara:
        assert bevara.desk().get("/ovning/kommentarer").status_code == 200


def test_a_damaged_practice_gives_the_one_before_it(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser = bevara.browser()
        for number in (1, 2):
            saved(browser.on_practice(), number)
            all_copied(data, place, None)
    newest = copies.generations(next(place.glob("*-ovning")))[-1]
    (newest / "register.sqlite").write_bytes(b"x")
    done = restored(place, tmp_path / "new")
    assert done.practice is not None and done.practice.ok
    assert done.practice_problem and "skadad" in done.practice_problem


def test_earlier_passphrases_below_the_new_one_let_every_copy_be_cleaned(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        saved(browser, 1)
        receipt = planted(browser)
        old = copied(data, place, PASSPHRASE)
        home = old.parent
        copied(data, place, BOTH)
        erased(store, receipt["record_id"])
        backup.clean(data, place, BOTH)
    found = copies.generations(home)
    assert len(found) == 2, "none is lost"
    assert found_sealed(home, BOTH) == []
    for phrase, generation in zip((PASSPHRASE, NEW), found, strict=True):
        done = restored(place, tmp_path / generation.name, phrase, generation=generation.name)
        assert done.report.findings == [] and done.report.documents
        with opened(tmp_path / generation.name) as new, new.read() as connection:
            assert withheld.tombstone(connection, receipt["record_id"])


def test_copies_that_cannot_be_opened_stay_until_a_new_one_is_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    phrase = tmp_path / "phrase"
    phrase.write_bytes(NEW)
    config = Config(data, backup_dir=place, backup_passphrase_file=phrase)
    with running(data) as bevara:
        browser, store = bevara.browser(), bevara.rooms.real_store
        first = copied(data, place, PASSPHRASE)
        receipt = planted(browser)
        old = copied(data, place, PASSPHRASE)
        home = old.parent
        erased(store, receipt["record_id"])
        [problem] = everywhere.clean(config)
        assert problem.problem and "1 kopior går inte att öppna" in problem.problem
        assert copies.generations(home) == [first, old], "it is the only copy there is"
        assert restored(place, tmp_path / "new0", PASSPHRASE, generation=old.name).report.ok
        monkeypatch.setattr("bevara.upkeep.backup.complete", lambda *_: None)
        made = copied(data, place, NEW)
        assert copies.generations(home) == [first, old, made]
        monkeypatch.undo()
        monkeypatch.setattr("bevara.upkeep.replaced.complete", lambda *_: None)
        assert everywhere.clean(config)[0].problem
        assert copies.generations(home) == [first, old, made]
        monkeypatch.undo()
        assert everywhere.clean(config)[0].problem is None
    assert copies.generations(home) == [first, made]
    assert found_sealed(home, BOTH) == []
    assert len(files(home / "blobs")) == 0
    for generation, said in ((first, PASSPHRASE), (made, NEW)):
        done = restored(place, tmp_path / generation.name, said, generation=generation.name)
        assert done.report.findings == []


@pytest.mark.parametrize("damage", ["a picture", "the register", "the manifest"])
def test_a_damaged_new_copy_is_not_complete(tmp_path: Path, damage: str) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        saved(bevara.browser(), 1)
        old = copied(data, place, PASSPHRASE)
        made = copied(data, place, NEW)
        erased(bevara.rooms.real_store, receipt["record_id"])
        cover = copies.envelope(NEW, copies.read_manifest(made).sealed)
        own = copies.path_of(made.parent, cover.name(blob_name(large(1))))
        victim = {"a picture": own, "the register": made / "register.sqlite",
                  "the manifest": made / "manifest.json"}[damage]
        whole = victim.read_bytes()
        victim.write_bytes(whole[:-2] + b"xx")
        with pytest.raises(Invalid, match="går inte att öppna"):
            backup.clean(data, place, NEW)
        assert old in copies.generations(made.parent)
        victim.write_bytes(whole)
        backup.clean(data, place, NEW)
        assert copies.generations(made.parent) != [] and old not in copies.generations(made.parent)


def test_a_copy_put_back_after_the_change_never_brings_back_what_is_erased(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "place"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        old = copied(data, place, PASSPHRASE)
        home, tape = old.parent, tmp_path / "tape"
        tape.mkdir()
        kept = {path: path.read_bytes() for path in files(home)}
        erased(bevara.rooms.real_store, receipt["record_id"])
        copied(data, place, NEW)
        assert old not in copies.generations(home)
    for path, content in kept.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with pytest.raises(Invalid, match="efter att lösenfrasen byttes") as caught:
        restored(place, tmp_path / "new", PASSPHRASE, generation=old.name)
    assert "egen rad" in str(caught.value.next_step) and not (tmp_path / "new").exists()
    done = restored(place, tmp_path / "new", PASSPHRASE + b"\n" + NEW, generation=old.name)
    assert (done.erased, done.report.findings) == (1, [])
    assert found_in(tmp_path / "new") == []


def test_every_line_of_the_passphrases_is_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "phrase"
    config = Config(tmp_path, backup_passphrase_file=path)
    path.write_bytes(BOTH)
    assert settings.passphrase(config) == BOTH.strip()
    path.write_bytes(NEW + b"\nkort\n")
    with pytest.raises(Invalid, match="kortare"):
        settings.passphrase(config)
