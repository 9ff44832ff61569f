"""From the page *Arkiv* to the archive's receipt, through a folder that an archive reads."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bevara.archive import commands
from bevara.archive.delivery import receipts, report, rows
from bevara.archive.delivery.schedule import ArchiveSchedule
from bevara.archive.delivery.sync import Sync
from bevara.archive.delivery.wired import wired
from bevara.archive.packages import check
from bevara.archive.receivers import settings, ways
from bevara.cli import main
from bevara.records import withhold
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import capture
from tests.functional.test_archive_packages import KARIN, inside, kept, no_pdf

AGREED = {"arkivbildare": "Kommunstyrelsen", "form": "sip", "mottagare": "folder", "port": "22",
          "skrivskydd": "governance", "ar": "10"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "e-arkiv"
    made.mkdir()
    return made


@pytest.fixture
def receiving(desk: Desk, folder: Path) -> Path:
    """A folder that was chosen at the desk."""
    answer = desk.post("/mottagare", {**AGREED, "typer": "kept", "mapp": str(folder)})
    assert answer.status_code == 303, answer.text
    return folder


def sync(bevara: Bevara) -> Sync:
    made = wired(bevara.rooms.config, bevara.rooms.real_store)
    return Sync(made.way, made.agreed, made.accounts, no_pdf)


def bring(bevara: Bevara) -> None:
    for store in (bevara.rooms.real_store, bevara.rooms.practice_store):
        sync(bevara).all_due(store)


def deliver(desk: Desk, **changes: str) -> str:
    answer = desk.post("/arkiv", {"gor": "leverera", "av": KARIN, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def receipt(bevara: Bevara, folder: Path, id_: str, **changes: Any) -> None:
    """Answer as an archive does."""
    row = rows.read(bevara.rooms.real_store, id_)
    said = {"token": row.token, "sha256": row.sha256, "mottaget": "ja", "arkivnummer": "SE-1-77",
            "datum": "2026-11-29"} | changes
    (folder / f"{id_}.kvittens.json").write_text(json.dumps(said))
    receiver = ways.opened(settings.read(bevara.rooms.config))
    assert receiver
    receipts.collect([bevara.rooms.real_store, bevara.rooms.practice_store], receiver)


def set_up(browser: Device, desk: Desk) -> None:
    """Do what the start page asks for first, so that it shows what waits."""
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})


def state(bevara: Bevara, id_: str) -> str:
    return str(rows.read(bevara.rooms.real_store, id_).state)


def test_arkiv_is_in_the_menu_once_a_receiver_is_chosen(desk: Desk, folder: Path) -> None:
    assert 'href="/arkiv"' not in desk.get("/").text
    desk.post("/mottagare", {**AGREED, "mapp": str(folder)})
    assert 'href="/arkiv"' in desk.get("/").text


def test_a_delivery_goes_from_the_page_to_the_receipt(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    record = kept(browser, desk)
    assert "Inte levererad än" in desk.get(f"/kommentarer/{record}").text
    assert "Kommunstyrelsen" in desk.get("/arkiv").text
    id_ = deliver(desk)
    assert "packas och levereras strax" in desk.get(f"/arkiv/leveranser/{id_}").text
    page = desk.get(f"/kommentarer/{record}").text
    assert "inte är framme än" in page and "Levererad till arkivet" not in page
    bring(bevara)
    assert "Levererad till arkivet från Bevara" in desk.get(f"/kommentarer/{record}").text
    package = receiving / f"{id_}.zip"
    assert list(check.problems(package)) == []
    note = json.loads((receiving / f"{id_}.json").read_text())
    assert (note["arkivbildare"], note["status"]) == ("Kommunstyrelsen", "NEW")
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert "läst tillbaka hos mottagaren" in page and note["sha256"] in page
    receipt(bevara, receiving, id_)
    assert "SE-1-77" in desk.get(f"/arkiv/leveranser/{id_}").text
    assert "SE-1-77" in desk.get(f"/kommentarer/{record}").text
    assert (receiving / "kvitterade").is_dir()
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("changes", [
    {"sha256": "0" * 64}, {"token": "ab"}, {"mottaget": "kanske"}, {"token": None}])
def test_a_receipt_of_something_else_never_counts(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path, changes: dict[str, Any]
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    receipt(bevara, receiving, id_, **changes)
    assert state(bevara, id_) == "sent"
    assert not (receiving / f"{id_}.kvittens.json").exists()
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert "Kontrollsumman är inte paketets" in page or "gick inte att läsa in" in page


def test_a_no_from_the_archive_is_shown_and_can_be_done_again(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    set_up(browser, desk)
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    receipt(bevara, receiving, id_, mottaget="nej", anledning="Fel överenskommelse")
    assert "Fel överenskommelse" in desk.get(f"/arkiv/leveranser/{id_}").text
    assert "leverans till arkivet kom inte fram" in desk.get("/").text
    answer = desk.post(f"/arkiv/leveranser/{id_}/svar", {"gor": "igen", "av": KARIN})
    again = answer.headers["Location"].rpartition("/")[2]
    bring(bevara)
    assert rows.read(bevara.rooms.real_store, again).replaces == id_
    assert json.loads((receiving / f"{again}.json").read_text())["ersatter"] == id_
    assert "REPLACEMENT" in inside(receiving / f"{again}.zip")["METS.xml"].decode()


def test_the_receipt_can_be_written_in_and_only_with_the_right_checksum(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    form = {"gor": "kvittens", "av": KARIN, "arkivnummer": "A7", "datum": "2026-11-29",
            "kontrollsumma": "1" * 64}
    wrong = desk.post(f"/arkiv/leveranser/{id_}/svar", form)
    assert wrong.status_code == 422 and "Kontrollsumman är inte paketets" in wrong.text
    assert state(bevara, id_) == "sent"
    form["kontrollsumma"] = str(rows.read(bevara.rooms.real_store, id_).sha256).upper()
    assert desk.post(f"/arkiv/leveranser/{id_}/svar", form).status_code == 303
    assert state(bevara, id_) == "received"


def test_what_was_taken_back_can_be_delivered_anew(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    refused = desk.post(f"/arkiv/leveranser/{id_}/svar", {"gor": "ta-tillbaka", "av": KARIN})
    assert refused.status_code == 422 and "Anledningen saknas" in refused.text
    said = {"gor": "ta-tillbaka", "av": KARIN, "anledning": "Fel nämnd"}
    assert desk.post(f"/arkiv/leveranser/{id_}/svar", said).status_code == 303
    assert "Fel nämnd" in desk.get(f"/arkiv/leveranser/{id_}").text
    assert deliver(desk) != id_


def test_a_person_carries_the_file_where_there_is_no_other_way(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    desk.post("/mottagare", {**AGREED, "typer": "kept", "mottagare": "file"})
    set_up(browser, desk)
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    assert "färdig att lämna till arkivet" in desk.get("/").text
    answer = desk.get(f"/arkiv/leveranser/{id_}/paket.zip")
    assert answer.data[:4] == b"PK\3\4"
    answer.close()
    desk.post(f"/arkiv/leveranser/{id_}/svar", {"gor": "levererad", "av": KARIN})
    assert state(bevara, id_) == "sent"
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert "Skriv in arkivets kvittens nedan" in page and "av sig själv" not in page
    assert desk.get(f"/arkiv/leveranser/{id_}/paket.zip").status_code == 404


def test_a_trial_arrives_as_a_trial(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    nothing = desk.post("/arkiv", {"gor": "prov", "av": KARIN})
    assert nothing.status_code == 409 and "inget att pröva med" in nothing.text
    browser.on_practice().save(capture("Övningsord", platform="practice"))
    answer = desk.post("/arkiv", {"gor": "prov", "av": KARIN})
    id_ = answer.headers["Location"].rpartition("/")[2]
    bring(bevara)
    package = receiving / f"{id_}.zip"
    assert list(check.problems(package)) == []
    assert 'RECORDSTATUS="TEST"' in inside(package)["METS.xml"].decode()
    assert "Provleverans" in desk.get(answer.headers["Location"]).text


def test_a_pause_holds_what_is_due_and_lets_it_go(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    desk.post("/arkiv/paus", {"pausa": "1"})
    id_ = deliver(desk)
    bring(bevara)
    assert state(bevara, id_) == "queued" and "Pausat" in desk.get("/arkiv").text
    desk.post("/arkiv/paus")
    bring(bevara)
    assert state(bevara, id_) == "sent"


def test_what_is_withheld_after_it_was_packed_is_not_sent(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    record, other = kept(browser, desk, "Hemligtord"), kept(browser, desk, "Annat")
    id_ = deliver(desk)
    store, made = bevara.rooms.real_store, sync(bevara)
    taken = rows.claim(store, id_, "2999-01-01T00:00:00.000Z")
    assert taken and made._packed(store, taken, made.way())
    rows.end(store, taken, rows.State.QUEUED)
    withhold.from_desk(store, record, KARIN, "Prov")
    bring(bevara)
    found = inside(receiving / f"{id_}.zip")
    assert not any(b"Hemligtord" in data for data in found.values())
    assert any(other in name for name in found)
    assert "1 kommentar är inte med" in desk.get(f"/arkiv/leveranser/{id_}").text


def test_a_delivery_of_nothing_that_may_leave_says_so(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    record = kept(browser, desk)
    id_ = deliver(desk)
    withhold.from_desk(bevara.rooms.real_store, record, KARIN, "Prov")
    bring(bevara)
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert "Inget i leveransen får levereras" in page and "1 kommentar är inte med" in page


def test_a_folder_that_is_gone_is_tried_again(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    aside = receiving.with_name("borta")
    receiving.rename(aside)
    bring(bevara)
    assert "Nytt försök" in desk.get(f"/arkiv/leveranser/{id_}").text
    aside.rename(receiving)
    bevara.clock.offset = 3600
    bring(bevara)
    assert state(bevara, id_) == "sent"


def test_the_running_bevara_brings_it_by_itself(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    schedule = ArchiveSchedule(sync(bevara), bevara.rooms.real_store)
    schedule.look()
    assert state(bevara, id_) == "sent"


def test_the_command_does_the_same_and_says_how_it_went(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    monkeypatch.setenv("BEVARA_DATA_DIR", str(bevara.rooms.config.data_dir))
    monkeypatch.setattr(commands, "EVERY", 0.01)
    bevara.close()
    monkeypatch.setattr(bevara, "close", lambda: None)
    assert main(["sync"]) == 0
    assert f"{id_} (Kommunstyrelsen, 1 kommentarer): levererad" in capsys.readouterr().out
    assert main(["package", "check", str(receiving / f"{id_}.zip")]) == 0
    assert capsys.readouterr().out.startswith("ok: alla filer finns")
    assert main(["sync", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deliveries"][0]["state"] == "sent"


@pytest.mark.parametrize("why", ["paused", "later"])
def test_beside_a_running_bevara_that_rests_the_command_says_so_and_ends(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path, why: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    if why == "paused":
        desk.post("/arkiv/paus", {"pausa": "1"})
    else:
        receiving.rename(receiving.with_name("borta"))
        bring(bevara)
    monkeypatch.setenv("BEVARA_DATA_DIR", str(bevara.rooms.config.data_dir))
    assert main(["sync"]) == 1
    assert f"{id_} (Kommunstyrelsen, 1 kommentarer): väntar" in capsys.readouterr().out


def test_what_lacks_a_reading_copy_is_said_on_the_page_in_the_log_and_by_the_command(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    assert "1 kommentar saknar läsexemplar" in desk.get(f"/arkiv/leveranser/{id_}").text
    (one,) = report.of(bevara.rooms.real_store)
    assert "1 saknar läsexemplar" in report.as_text([one])
    made = wired(bevara.rooms.config, bevara.rooms.real_store)
    again = desk.post(f"/arkiv/leveranser/{id_}/svar", {"gor": "igen", "av": KARIN})
    made.all_due(bevara.rooms.real_store)
    assert "saknar läsexemplar" not in desk.get(again.headers["Location"]).text


@pytest.mark.parametrize(("field", "value"), [
    ("arkivbildare", ""), ("arkivbildare_kod", "212000"), ("form", "x"), ("mottagare", "x"),
    ("mapp", "/finns/inte"), ("takt", "fort")])
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(
    bevara: Bevara, desk: Desk, folder: Path, field: str, value: str
) -> None:
    answer = desk.post("/mottagare", {**AGREED, "mapp": str(folder), "kontakt": "Anna", field: value})
    assert answer.status_code == 422 and "Inget är ändrat" in answer.text
    assert re.search(rf'name="{field}"', answer.text) and 'value="Anna"' in answer.text
    assert settings.read(bevara.rooms.config).kind == settings.NONE
