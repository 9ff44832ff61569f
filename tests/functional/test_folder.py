"""A delivery in a folder is whole or not there; a receipt's numbers are kept, all else is set aside."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from bevara.diary.channels import folder, inbox, place
from bevara.diary.delivery import outbox, receipts
from bevara.diary.delivery.outbox import State
from bevara.records import show
from bevara.upkeep.verify import verify
from tests import papers
from tests.client import Bevara, Desk, Device
from tests.factories import capture
from tests.functional.folders import Import, chosen, queued, work
from tests.functional.test_registration import AUTHOR, TEXT, registered, saved

NUMBER = "KS 2026/00123:7"


@pytest.fixture
def diary(desk: Desk, tmp_path: Path) -> Import:
    return chosen(desk, tmp_path / "diariet", nummerform="KS #/#:#\nKS #/#")


def delivered(bevara: Bevara, browser: Device, desk: Desk, diary: Import, number: int = 1) -> tuple[
    dict[str, Any], list[str], str
]:
    """Deliver so many comments; return what the folder says, their references and the delivery."""
    codes = [registered(desk, saved(browser, desk, f"{TEXT} {at}")) for at in range(number)]
    id_ = queued(desk)
    work(bevara)
    (note,) = diary.notes()
    return note, codes, id_


def state(bevara: Bevara, id_: str) -> State:
    return State(outbox.read(bevara.rooms.real_store, id_).state)


def number_of(desk: Desk, record: str) -> str | None:
    return show.record(desk.bevara.rooms.real_store, record).row.diary_number


def test_a_delivery_lies_there_once_whole_and_its_receipt_numbers_the_comments(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    records = [saved(browser, desk, f"Punkten {at}") for at in range(2)]
    codes = [registered(desk, record) for record in records]
    id_ = queued(desk)
    for _ in range(3):
        work(bevara)
    (note,) = diary.notes()
    assert state(bevara, id_) is State.SENT and [one["reference"] for one in note["records"]] == codes
    files = diary.files(note)
    assert list(files) == ["lista.txt", *(f"{code}.pdf" for code in codes)]
    assert "Punkten 1" in papers.words(files[f"{codes[1]}.pdf"]) and AUTHOR not in json.dumps(note)
    assert not [name for name in diary.names() if name.endswith(".new")]
    diary.answer(note, {codes[0]: NUMBER})
    work(bevara)
    diary.answer(note, {codes[1]: "KS 2026/00123:8", codes[0]: NUMBER})
    work(bevara)
    assert [number_of(desk, record) for record in records] == [NUMBER, "KS 2026/00123:8"]
    page = desk.get(f"/kommentarer/{records[0]}").text
    assert f"Diarienummer {NUMBER} ({receipts.BY})" in page
    assert len(diary.names("kvitterade")) == 2 and diary.names("avvisade") == []
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize(("changes", "fault"), [
    ({"token": "0" * 32}, "foreign"), ({"sha256": "0" * 64}, "hash"),
    ({"numbers": {"BV-0000-0000": NUMBER}}, "reference"),
    ({"numbers": {"CODE": "SN 2026/1"}}, "form"), ({"numbers": {"CODE": "KS 2026/1; drop"}}, "form"),
    ({"numbers": {}}, inbox.MALFORMED), ({"numbers": {"CODE": 7}}, inbox.MALFORMED),
    ({"numbers": [NUMBER]}, inbox.MALFORMED), ({"mer": "x"}, inbox.MALFORMED),
])
def test_a_receipt_that_does_not_fit_is_set_aside_and_nothing_of_it_is_kept(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import, changes: dict[str, Any], fault: str
) -> None:
    note, (code, other), _ = delivered(bevara, browser, desk, diary, 2)
    said = json.loads(json.dumps(changes).replace("CODE", code))
    numbers = said.pop("numbers", {code: "KS 2026/6"})
    if fault in ("reference", "form"):
        numbers = {other: "KS 2026/5"} | numbers
    diary.answer(note, numbers, **said)
    work(bevara)
    bevara.clock.offset = 301
    work(bevara)
    assert diary.names("kvitterade") == [] and len(diary.names("avvisade")) == 1
    page = desk.get("/leveranser").text
    assert receipts.FAULTS[fault] in page and receipts.TO_DO.get(fault, receipts.ASK) in page
    (odd,) = receipts.open_ones(bevara.rooms.real_store)
    assert "KS 2026/" not in desk.get("/kommentarer?flik=alla").text
    assert desk.post(f"/leveranser/kvittenser/{odd.id}").status_code == 303
    assert receipts.FAULTS[fault] not in desk.get("/leveranser").text


def test_a_number_that_is_taken_or_repeated_is_not_kept(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    other = saved(browser, desk, "Redan")
    registered(desk, other)
    desk.post(f"/kommentarer/{other}/diarienummer", {"nummer": NUMBER, "av": "Anna", "sett": "1"})
    note, (first, second), _ = delivered(bevara, browser, desk, diary, 2)
    for numbers in ({first: NUMBER}, {first: "KS 2026/9", second: "KS 2026/9"}):
        diary.answer(note, numbers)
        work(bevara)
    for numbers in ({first: "KS 2026/9"}, {first: "KS 2026/9"}, {first: "KS 2026/10"}):
        diary.answer(note, numbers)
        work(bevara)
    found = [one.fault for one in reversed(receipts.open_ones(bevara.rooms.real_store))]
    assert sorted(found) == ["duplicate", "other", "taken", "taken"]
    assert len(diary.names("kvitterade")) == 1


def test_a_receipt_for_what_was_taken_back_is_shown_to_a_person(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    note, (code,), id_ = delivered(bevara, browser, desk, diary)
    desk.post(f"/leveranser/{id_}/svar", {"svar": "ta-tillbaka"})
    diary.answer(note, {code: NUMBER})
    work(bevara)
    assert "<b>1</b> <span>kvittens som inte kunde läsas in" in desk.get("/").text
    assert receipts.FAULTS["stopped"] in desk.get("/leveranser").text


def test_links_pipes_and_what_is_too_large_are_moved_and_never_read(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import, tmp_path: Path
) -> None:
    note, (code,), _ = delivered(bevara, browser, desk, diary)
    good = diary.answer(note, {code: NUMBER})
    outside = tmp_path / "utanför.json"
    good.rename(outside)
    (diary.folder / "a.kvittens.json").symlink_to(outside)
    os.link(outside, diary.folder / "b.kvittens.json")
    os.mkfifo(diary.folder / "c.kvittens.json")
    (diary.folder / "d.kvittens.json").mkdir()
    (diary.folder / "e.kvittens.json").write_bytes(b" " * (inbox.LARGEST + 1))
    work(bevara)
    faults = sorted(str(one.fault) for one in receipts.open_ones(bevara.rooms.real_store))
    assert faults == [inbox.LINKED] * 4 + [inbox.OVERSIZED]
    assert outside.exists() and len(diary.names("avvisade")) == 5 and diary.names("kvitterade") == []
    assert desk.get("/leveranser").status_code == 200


def test_a_half_written_receipt_waits_for_the_rest_of_it(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    note, (code,), _ = delivered(bevara, browser, desk, diary)
    path = diary.answer(note, {code: NUMBER})
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    work(bevara)
    assert path.exists() and receipts.open_ones(bevara.rooms.real_store) == []
    path.write_bytes(whole)
    bevara.clock.offset = 400
    work(bevara)
    assert NUMBER in desk.get("/kommentarer?flik=alla").text


def test_a_name_that_is_no_text_or_markup_does_no_harm(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    delivered(bevara, browser, desk, diary)
    (diary.folder / "<b>x<.kvittens.json").write_text("{}")
    Path(os.fsdecode(os.fsencode(diary.folder) + b"/\xff.kvittens.json")).write_text("{}")
    work(bevara)
    bevara.clock.offset = 301
    work(bevara)
    page = desk.get("/leveranser").text
    assert "&lt;b&gt;x&lt;.kvittens.json" in page and len(diary.names("avvisade")) == 2


def test_of_what_may_be_secret_only_a_pointer_lies_there(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    record = saved(browser, desk, "Hemlignu", possible_secrecy=True)
    code = registered(desk, record, rubrik="Rubriknu", avsandare="Namnetnu")
    desk.post("/diariet", {"leveranssatt": "folder", "mapp": str(diary.folder), "bilagor": ["json", "png"]})  # type: ignore[dict-item]
    queued(desk)
    work(bevara)
    (note,) = diary.notes()
    assert note["records"] == [{"reference": code, "closed": True, "fields": {}, "files": []}]
    written = json.dumps(note) + str(diary.files(note)) + " ".join(diary.names())
    for word in ("Hemlignu", "Rubriknu", "Namnetnu", AUTHOR):
        assert word not in written
    diary.answer(note, {code: NUMBER})
    work(bevara)
    assert number_of(desk, record) == NUMBER


@pytest.mark.parametrize(("broken", "words"), [
    (errno.ENOSPC, place.FULL), (errno.EACCES, place.READ_ONLY), (errno.EIO, place.FAULTY)])
def test_a_folder_that_takes_nothing_is_tried_again_with_growing_pauses(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import, monkeypatch: pytest.MonkeyPatch,
    broken: int, words: str
) -> None:
    def fail(_path: Path, _data: bytes) -> None:
        raise OSError(broken, "fault")

    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    monkeypatch.setattr(folder, "_write", fail)
    for waited in (0, 61, 61 + 121):
        bevara.clock.offset = waited
        work(bevara)
    row = outbox.read(bevara.rooms.real_store, id_)
    assert (row.attempt, State(row.state), row.begun) == (3, State.QUEUED, False)
    assert words in desk.get(f"/leveranser/{id_}").text and diary.notes() == []
    monkeypatch.undo()
    bevara.clock.offset = 1000
    work(bevara)
    assert len(diary.notes()) == 1 and state(bevara, id_) is State.SENT


def test_a_folder_that_is_gone_or_another_gets_nothing_and_is_not_made(
    bevara: Bevara, browser: Device, desk: Desk, diary: Import
) -> None:
    registered(desk, saved(browser, desk))
    id_, away = queued(desk), diary.folder.with_name("borta")
    diary.folder.rename(away)
    work(bevara)
    assert not diary.folder.exists() and place.GONE in desk.get(f"/leveranser/{id_}").text
    diary.folder.mkdir()
    bevara.clock.offset = 100
    work(bevara)
    assert diary.names() == [] and place.OTHER in desk.get(f"/leveranser/{id_}").text
    assert "Leveransmappen är inte den som valdes" in desk.post("/diariet/prova").text
    diary.folder.rmdir()
    away.rename(diary.folder)
    assert "Det fungerar" in desk.post("/diariet/prova").text
    bevara.clock.offset = 1000
    work(bevara)
    assert len(diary.notes()) == 1


def test_a_folder_is_checked_when_it_is_chosen(bevara: Bevara, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("")
    before = desk.get("/diariet").text
    for text, words in [
        ("", "Mappen saknas."), ("diariet", "inte hel"), (str(tmp_path / "saknas"), "finns inte"),
        (str(tmp_path / "fil"), "finns inte"), (str(tmp_path / "data" / "register"), "inuti Bevaras"),
        (str(tmp_path), "inuti Bevaras"), ("/proc/1", place.GONE[:12]),
    ]:
        answer = desk.post("/diariet", {"leveranssatt": "folder", "mapp": text})
        assert answer.status_code == 422 and words in answer.text, text
    assert desk.get("/diariet").text == before


@pytest.mark.parametrize("form", ["KS", "#" * 61, "KS #1", "#-#-#-#-#-#-#", "\n".join(["K #"] * 11)])
def test_a_form_that_is_none_is_named(desk: Desk, form: str) -> None:
    answer = desk.post("/diariet", {"leveranssatt": "eml", "nummerform": form})
    assert answer.status_code == 422 and "En form är felskriven." in answer.text


def test_a_number_of_another_form_is_refused_wherever_it_comes_from(
    browser: Device, desk: Desk, diary: Import
) -> None:
    record = saved(browser, desk)
    code = registered(desk, record)
    pasted = desk.post("/kommentarer/vantar-pa-nummer", {"rader": f"{code} SN 2026/1", "av": "Anna"})
    typed = desk.post(f"/kommentarer/{record}/diarienummer", {"nummer": "SN 2026/1", "av": "A", "sett": "1"})
    for answer in (pasted, typed):
        assert answer.status_code == 422 and "Numret har inte diariets form." in answer.text
    assert desk.post("/kommentarer/vantar-pa-nummer", {"rader": f"{code} ks 2026/1", "av": "Anna"}).status_code == 303
