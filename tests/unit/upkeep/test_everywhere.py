"""Every place that has got a copy is cleaned, sooner or later, and says so until it is."""

from pathlib import Path

import pytest

from bevara.config import Config
from bevara.kernel.clock import Clock
from bevara.upkeep import backup, copies, doctor, working
from bevara.upkeep.backup_schedule import BackupSchedule
from bevara.upkeep.erasure import cleaning, everywhere
from tests.client import Bevara, running
from tests.erasing import WORD, erased, found_in, planted


def test_places_out_of_reach_are_named_until_they_are_cleaned(tmp_path: Path) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        for name in ("one", "two"):
            backup.make_all(data, tmp_path / name, None, Clock())
        (tmp_path / "two").rename(tmp_path / "away")
        erased(bevara.rooms.real_store, receipt["record_id"])
        everywhere.clean(config)
        assert [one.place for one in everywhere.pending(config)] == [str(tmp_path / "two")]
        assert "Anslut" in str(everywhere.pending(config)[0].problem)
        (tmp_path / "away").rename(tmp_path / "two")
        everywhere.clean(config)
    assert everywhere.pending(config) == []
    assert found_in(data, tmp_path / "one", tmp_path / "two") == []


def look(bevara: Bevara, config: Config) -> None:
    """Look as the running Bevara does every minute."""
    BackupSchedule(config, bevara.rooms.real_store, bevara.rooms.practice_store).look()


def test_what_an_interrupted_erasure_left_in_other_places_goes_by_itself(tmp_path: Path) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        practice = planted(bevara.browser().on_practice())
        for name in ("one", "two"):
            backup.make_all(data, tmp_path / name, None, Clock())
        look(bevara, config)
        assert everywhere.pending(config) == [], "nothing is erased yet"
        erased(bevara.rooms.real_store, receipt["record_id"])
        assert [one.place for one in everywhere.pending(config)] == [
            str(tmp_path / "one"), str(tmp_path / "two")]
        look(bevara, config)
        assert everywhere.pending(config) == []
        erased(bevara.rooms.practice_store, practice["record_id"])
        assert len(everywhere.pending(config)) == 2
        look(bevara, config)
    assert everywhere.pending(config) == []
    assert found_in(data, tmp_path / "one", tmp_path / "two") == []


class Killed(BaseException):
    """What no code catches."""


def killed(_generation: Path) -> None:
    raise Killed


def test_a_copy_that_was_cleaned_before_a_kill_lies_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, place, config = tmp_path / "data", tmp_path / "one", Config(tmp_path / "data")
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        for _ in range(2):
            backup.make_all(data, place, None, Clock())
        [home] = [path for path in place.glob("bevara-b*") if "ovning" not in path.name]
        erased(bevara.rooms.real_store, receipt["record_id"])
        with monkeypatch.context() as patch:
            patch.setattr(cleaning, "_discard", killed)
            with pytest.raises(Killed):
                everywhere.clean(config)
        assert len(copies.generations(home)) == 3
        everywhere.clean(config)
        assert everywhere.pending(config) == []
    assert len(copies.generations(home)) == 2 and found_in(place) == []


def test_only_what_is_pending_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    tried: list[str] = []
    clean = backup.clean
    monkeypatch.setattr(backup, "clean", lambda data_dir, place, passphrase: (
        tried.append(place.name), clean(data_dir, place, passphrase)))
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        for name in ("one", "two"):
            backup.make_all(data, tmp_path / name, None, Clock())
        (tmp_path / "two").rename(tmp_path / "away")
        erased(bevara.rooms.real_store, receipt["record_id"])
        look(bevara, config)
        look(bevara, config)
        assert tried == ["one", "two", "two"]
        (tmp_path / "away").rename(tmp_path / "two")
        look(bevara, config)
        look(bevara, config)
        assert tried == ["one", "two", "two", "two"]
        assert everywhere.pending(config) == []
    assert found_in(data, tmp_path / "one", tmp_path / "two") == []


def test_a_lost_or_damaged_list_of_places_cleaned_leaves_them_pending(tmp_path: Path) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        backup.make_all(data, tmp_path / "one", None, Clock())
        erased(bevara.rooms.real_store, receipt["record_id"])
        assert [one.problem for one in everywhere.clean(config)] == [None]
        for content in ("{", "[1]", "{}", '[{"place": 1}]'):
            (data / everywhere.FILE).write_text(content)
            assert everywhere.pending(config), content
            look(bevara, config)
            assert everywhere.pending(config) == []


def test_the_file_is_rewritten_when_a_reader_kept_the_erasure_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    with running(data) as bevara:
        store, receipt = bevara.rooms.real_store, planted(bevara.browser())
        monkeypatch.setattr(type(store), "scrub", lambda self: None)
        erased(store, receipt["record_id"])
        monkeypatch.undo()
        assert [line.state for line in doctor.examine(config, Clock()) if line.about == "Radering"
                ] == ["fel"]
        look(bevara, config)
        assert found_in(data) == []
        assert [line.state for line in doctor.examine(config, Clock()) if line.about == "Radering"
                ] == ["bra"]


def test_page_and_doctor_say_what_is_pending_and_why(tmp_path: Path) -> None:
    data, config = tmp_path / "data", Config(tmp_path / "data")
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        page = f"/kommentarer/{receipt['record_id']}/sparrad"
        backup.make_all(data, tmp_path / "usb", None, Clock())
        (tmp_path / "usb").rename(tmp_path / "away")
        erased(bevara.rooms.real_store, receipt["record_id"])
        desk = bevara.desk()
        assert "inte nått hit än" in desk.get(page).text
        look(bevara, config)
        shown = desk.get(page).text
        assert "Inte rensad än" in shown and "Anslut disken" in shown and str(tmp_path / "usb") in shown
        [line] = [one for one in doctor.examine(config, Clock()) if one.about == "Radering"]
        assert line.state == "fel" and "Anslut disken" in line.says
        assert "Anslut disken" in desk.get("/installningar").text
        (tmp_path / "away").rename(tmp_path / "usb")
        look(bevara, config)
        shown = desk.get(page).text
        assert "Inte rensad än" not in shown and "Rensad" in shown
        [line] = [one for one in doctor.examine(config, Clock()) if one.about == "Radering"]
        assert line.state == "bra"
    assert found_in(tmp_path) == []


def left_by_a_kill(data: Path) -> None:
    """Leave what a copy and a restoring leave when they are killed at their worst."""
    work, restoring = data / "copying", data.with_name(data.name + ".restoring")
    work.mkdir(exist_ok=True)
    restoring.mkdir()
    for path in (work / "register.sqlite", work / "register.sqlite-journal",
                 work / "cleaning.sqlite", restoring / "bevara.sqlite"):
        path.write_bytes(WORD.encode())


def test_what_a_killed_copy_left_goes_at_the_next_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data):
        pass
    left_by_a_kill(data)
    assert len(found_in(tmp_path)) == 4
    with running(data):
        assert found_in(tmp_path) == []


def test_what_a_killed_copy_left_goes_with_an_erasure_also_without_a_place(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data) as bevara:
        receipt = planted(bevara.browser())
        left_by_a_kill(data)
        erased(bevara.rooms.real_store, receipt["record_id"])
        assert found_in(tmp_path)
        everywhere.clean(Config(data))
        assert found_in(tmp_path) == []


def test_a_copy_that_is_being_made_is_left_in_peace(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running(data), working.alone(data) as work:
        (work / "register.sqlite").write_bytes(WORD.encode())
        assert not working.clear(data)
        assert found_in(data)
