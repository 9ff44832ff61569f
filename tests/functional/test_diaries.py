"""Each diary has its own channel and its own numbers; what no diary takes goes by the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bevara.diary.delivery import outbox, receipts, settings, worker
from tests.client import Bevara, Desk, Device
from tests.functional.folders import Import, work
from tests.functional.test_registration import registered, saved

PLACE = "/diariet"


@pytest.fixture
def social(desk: Desk, tmp_path: Path) -> Import:
    """Give SN a folder and numbers of its own."""
    return diary(desk, "SN", tmp_path / "sn")


def diary(desk: Desk, name: str, folder: Path) -> Import:
    folder.mkdir()
    assert desk.post(f"{PLACE}/diarier", {"namn": name}).headers["Location"] == f"{PLACE}?diarium={name}"
    answer = desk.post(PLACE, {"leveranssatt": "folder", "mapp": str(folder), "diarium": name, "nummerform": f"{name} #/#"})
    assert answer.headers["Location"] == f"{PLACE}?diarium={name}&sparat=1"
    return Import(folder)


def test_each_comment_goes_to_its_own_diary_and_gets_a_number_of_its_form(
    bevara: Bevara, browser: Device, desk: Desk, social: Import, tmp_path: Path
) -> None:
    building = diary(desk, "BN", tmp_path / "bn")
    codes = {name: registered(desk, saved(browser, desk, f"Till {name}"), diarium=name)
             for name in ("SN", "BN", "KS", "")}
    assert "Skicka nu" in desk.get("/kommentarer/vantar-pa-nummer").text
    answer = desk.post("/leveranser", {})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/leveranser")
    work(bevara)
    rows = outbox.newest(bevara.rooms.real_store)
    assert sorted((row.diary, row.channel, row.records) for row in rows) == [
        ("", "eml", 2), ("BN", "folder", 1), ("SN", "folder", 1)]
    for name, place in (("SN", social), ("BN", building)):
        (note,) = place.notes()
        assert [one["reference"] for one in note["records"]] == [codes[name]]
    (note,) = social.notes()
    social.answer(note, {codes["SN"]: "SN 2026/7"})
    work(bevara)
    assert "SN 2026/7" in desk.get("/kommentarer?flik=alla").text
    lines = "\n".join([f"{codes['BN']} SN 2026/8", f"{codes['KS']} KS 2026/00123:7"])
    pasted = desk.post("/kommentarer/vantar-pa-nummer", {"rader": lines, "av": "Anna"})
    assert pasted.status_code == 422 and "Numret har inte diariets form." in pasted.text
    assert "1 nummer sparat" in pasted.text and f"{codes['BN']} SN 2026/8" in pasted.text


def test_a_receipt_in_another_diarys_folder_is_set_aside(
    bevara: Bevara, browser: Device, desk: Desk, social: Import, tmp_path: Path
) -> None:
    building = diary(desk, "BN", tmp_path / "bn")
    code = registered(desk, saved(browser, desk), diarium="SN")
    desk.post("/leveranser", {})
    work(bevara)
    (note,) = social.notes()
    building.answer(note, {code: "BN 2026/1"})
    work(bevara)
    assert receipts.FAULTS["foreign"] in desk.get("/leveranser").text
    assert "BN 2026/1" not in desk.get("/kommentarer?flik=alla").text


def test_a_closed_comment_keeps_its_diary(
    bevara: Bevara, browser: Device, desk: Desk, social: Import
) -> None:
    code = registered(desk, saved(browser, desk, "Hemlignu", possible_secrecy=True), diarium="SN")
    work(bevara)
    work(bevara)
    (note,) = social.notes()
    assert note["records"] == [{"reference": code, "closed": True, "fields": {}, "files": []}]


def test_one_diary_rests_while_the_others_go_on(
    bevara: Bevara, browser: Device, desk: Desk, social: Import, tmp_path: Path
) -> None:
    building = diary(desk, "BN", tmp_path / "bn")
    for name in ("SN", "BN"):
        registered(desk, saved(browser, desk, f"Till {name}"), diarium=name)
    desk.post("/leveranser", {})
    desk.post(f"{PLACE}/paus", {"pausa": "1", "diarium": "SN"})
    work(bevara)
    assert (len(social.notes()), len(building.notes())) == (0, 1)
    desk.post(f"{PLACE}/paus", {"diarium": "SN"})
    work(bevara)
    assert len(social.notes()) == 1


def test_each_diary_gets_its_batch_once_a_day(
    bevara: Bevara, browser: Device, desk: Desk, social: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "due_day", lambda *_: "2026-11-24")
    building = diary(desk, "BN", tmp_path / "bn")
    for _ in range(2):
        for name in ("SN", "BN"):
            registered(desk, saved(browser, desk), diarium=name)
        work(bevara)
        work(bevara)
    assert (len(social.notes()), len(building.notes())) == (1, 1)
    monkeypatch.setattr(worker, "due_day", lambda *_: "2026-11-25")
    work(bevara)
    work(bevara)
    assert (len(social.notes()), len(building.notes())) == (2, 2)


def test_a_diary_that_is_removed_lets_its_comments_go_with_the_rest(
    bevara: Bevara, browser: Device, desk: Desk, social: Import
) -> None:
    registered(desk, saved(browser, desk), diarium="SN")
    assert desk.post(f"{PLACE}/diarier", {"ta_bort": "SN"}).status_code == 303
    assert settings.diaries(bevara.rooms.config) == ()
    assert desk.post("/leveranser", {}).status_code == 303
    (row,) = outbox.newest(bevara.rooms.real_store)
    assert (row.diary, row.channel) == ("", "eml")
    assert desk.post(PLACE, {"leveranssatt": "eml", "diarium": "SN"}).status_code == 404


@pytest.mark.parametrize("name", ["", "a@b", "x" * 61, "SN"])
def test_a_name_that_is_none_or_known_is_refused(desk: Desk, social: Import, name: str) -> None:
    answer = desk.post(f"{PLACE}/diarier", {"namn": name})
    assert answer.status_code == 422 and "iariet" in answer.text
