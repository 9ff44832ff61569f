"""A hostile archive, a careless registrar and a crash: what they can do to a delivery is nothing."""

from __future__ import annotations

import errno
import re
import time
from pathlib import Path
from typing import Any

import pytest

from bevara.archive import commands
from bevara.archive.delivery import pack, receipts, rows
from bevara.archive.delivery.schedule import ArchiveSchedule
from bevara.archive.receivers import answers, settings, ways
from bevara.archive.receivers.folder import FolderReceiver
from bevara.kernel import scrubbing
from bevara.kernel.tables import archive_deliveries
from bevara.records import withhold
from bevara.upkeep.erasure import erase
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, blob_name, picture
from tests.functional.test_archive import (  # noqa: F401
    AGREED,
    bring,
    deliver,
    folder,
    receipt,
    receiving,
    state,
    sync,
)
from tests.functional.test_archive_packages import KARIN, inside, kept
from tests.functional.test_registration import saved
from tests.shared_house import shared_house

DEEP = "[" * 200_000


def collect(bevara: Bevara) -> None:
    receiver = ways.opened(settings.read(bevara.rooms.config))
    assert receiver
    receipts.collect([bevara.rooms.real_store, bevara.rooms.practice_store], receiver)


@pytest.mark.parametrize("body", [
    DEEP, '{"token":' + DEEP, "NaN", "[]", '"ja"', "9" * 5000, '{"mottaget": "ja", "mottaget": "nej"}'])
def test_no_receipt_however_malformed_stops_the_next(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path, body: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "PATIENCE", -1)
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    (receiving / f"{id_}.kvittens.json").write_text(body)
    collect(bevara)
    assert state(bevara, id_) == "sent" and list((receiving / "avvisade").iterdir())
    receipt(bevara, receiving, id_)
    assert state(bevara, id_) == "received"


def test_a_receipt_that_says_two_things_is_none(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    row = rows.read(bevara.rooms.real_store, id_)
    (receiving / f"{id_}.kvittens.json").write_text(
        f'{{"token": "{row.token}", "sha256": "{row.sha256}", "mottaget": "nej", "mottaget": "ja"}}')
    collect(bevara)
    assert state(bevara, id_) == "sent"


@pytest.mark.parametrize("value", [{"a": 1}, ["x"], 1.5])
def test_a_number_that_is_no_text_is_not_taken_for_one(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path, value: object  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    receipt(bevara, receiving, id_, arkivnummer=value)
    assert state(bevara, id_) == "sent"


def test_the_receipt_of_what_a_killed_sender_had_brought_is_not_lost(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    store, made = bevara.rooms.real_store, sync(bevara)
    taken = rows.claim(store, id_, "2999-01-01T00:00:00.000Z")
    assert taken
    made._packed(store, taken, made.way())
    receipt(bevara, receiving, id_)
    assert state(bevara, id_) == "received"
    assert "SE-1-77" in desk.get(f"/arkiv/leveranser/{id_}").text
    rows.end(store, taken, rows.State.SENT)
    assert state(bevara, id_) == "received", "and the sender, if it lives, changes nothing"


def test_a_second_answer_that_contradicts_the_first_is_shown_and_changes_nothing(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    receipt(bevara, receiving, id_)
    receipt(bevara, receiving, id_)
    assert "svarat en gång till" not in desk.get(f"/arkiv/leveranser/{id_}").text
    receipt(bevara, receiving, id_, mottaget="nej", anledning="Ångrat")
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert state(bevara, id_) == "received" and "svarat en gång till" in page and "SE-1-77" in page


def test_a_receipt_after_the_delivery_is_taken_back_changes_nothing(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    desk.post(f"/arkiv/leveranser/{id_}/svar",
              {"gor": "ta-tillbaka", "av": KARIN, "anledning": "Fel nämnd"})
    receipt(bevara, receiving, id_)
    assert state(bevara, id_) == "withdrawn" and list((receiving / "avvisade").iterdir())


@pytest.mark.parametrize("name", ["..", "../x.kvittens.json", "x/y"])
def test_a_receipt_is_moved_nowhere_but_beside(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(name)):
        answers.checked(name)


MARK = {"drag": "mark", "lagrum": "21 kap. 1 § OSL", "datum": "2026-11-24", "namnd": "Socialnämnden",
        "omfattning": "Allt", "av": "Anna Berg", "sett": "1"}
WORD = b"Hemligtord"


def mark(desk: Desk, record: str, seen: int = 1) -> None:
    answer = desk.post(f"/kommentarer/{record}/sekretess", MARK | {"sett": str(seen)})
    assert answer.status_code == 303, answer.text


def made(bevara: Bevara, id_: str) -> None:
    """Leave a package that is made, and whose sender was killed before it sent anything."""
    store, one = bevara.rooms.real_store, sync(bevara)
    taken = rows.claim(store, id_, "2999-01-01T00:00:00.000Z")
    assert taken and one._packed(store, taken, one.way())
    rows.end(store, taken, rows.State.QUEUED)


def holds(path: Path, word: bytes) -> bool:
    return any(word in data for data in inside(path).values())


def test_what_is_closed_after_it_was_packed_is_not_sent_where_it_may_not(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk, "Annat")
    record = kept(browser, desk, WORD.decode())
    id_ = deliver(desk)
    made(bevara, id_)
    mark(desk, record)
    bring(bevara)
    assert state(bevara, id_) == "sent" and not holds(receiving / f"{id_}.zip", WORD)
    assert "1 kommentar är inte med" in desk.get(f"/arkiv/leveranser/{id_}").text


def test_a_picture_shared_with_what_was_closed_since_is_not_sent_either(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk, "Annat")
    assert browser.put(f"blobs/{blob_name(PNG)}", PNG, media_type="image/png").status_code == 201
    first = kept(browser, desk, "Öppen", picture=picture())
    second = saved(browser, desk, WORD.decode(), picture=picture())
    id_ = deliver(desk)
    made(bevara, id_)
    mark(desk, second, 0)
    bring(bevara)
    assert first not in " ".join(inside(receiving / f"{id_}.zip"))
    assert "1 kommentar är inte med" in desk.get(f"/arkiv/leveranser/{id_}").text


def test_what_is_closed_while_it_is_on_its_way_stops_it(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(browser, desk, "Annat")
    record = kept(browser, desk, WORD.decode())
    id_ = deliver(desk)
    usual, closed = FolderReceiver.put, []

    def put(self: FolderReceiver, parcel: Any, watch: Any) -> Any:
        if not closed:
            closed.append(mark(desk, record))
        return usual(self, parcel, watch)

    monkeypatch.setattr(FolderReceiver, "put", put)
    bring(bevara)
    assert state(bevara, id_) == "queued" and not list(receiving.glob("*.zip"))
    bring(bevara)
    assert state(bevara, id_) == "sent" and not holds(receiving / f"{id_}.zip", WORD)


def test_a_package_to_a_receiver_that_may_is_not_made_anew_for_a_mark(
    bevara: Bevara, browser: Device, desk: Desk, folder: Path  # noqa: F811
) -> None:
    desk.post("/mottagare", {**AGREED, "typer": "kept", "mapp": str(folder),
                             "sekretess_beslut": "Arkivnämnden 2026-11-01 § 7"})
    record = kept(browser, desk, WORD.decode())
    id_ = deliver(desk)
    made(bevara, id_)
    before = rows.read(bevara.rooms.real_store, id_).sha256
    mark(desk, record)
    bring(bevara)
    assert rows.read(bevara.rooms.real_store, id_).sha256 == before
    assert holds(folder / f"{id_}.zip", WORD)


@pytest.fixture
def carried(desk: Desk) -> None:
    """A person carries the packages."""
    desk.post("/mottagare", {**AGREED, "typer": "kept", "mottagare": "file"})


@pytest.mark.parametrize("how", ["closed", "withheld", "erased"])
def test_nobody_gets_a_finished_package_of_what_is_shut_since(
    bevara: Bevara, browser: Device, desk: Desk, carried: None, how: str
) -> None:
    kept(browser, desk, "Annat")
    record = kept(browser, desk, WORD.decode())
    id_ = deliver(desk)
    bring(bevara)
    if how == "closed":
        mark(desk, record)
    else:
        withhold.from_desk(bevara.rooms.real_store, record, KARIN, "Prov")
    if how == "erased":
        erase.erase(bevara.rooms.real_store, bevara.rooms.ephemeral, record,
                    [{"name": KARIN, "at": "2026-11-28T10:00:00Z"}])
    answer = desk.get(f"/arkiv/leveranser/{id_}/paket.zip")
    assert answer.status_code == (404 if how == "erased" else 409)
    bring(bevara)
    assert not holds(pack.place(bevara.rooms.real_store, id_), WORD)
    answer = desk.get(f"/arkiv/leveranser/{id_}/paket.zip")
    assert answer.status_code == 200
    answer.close()


def test_a_finished_package_that_somebody_removed_is_made_anew(
    bevara: Bevara, browser: Device, desk: Desk, carried: None
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    pack.place(bevara.rooms.real_store, id_).unlink()
    assert desk.get(f"/arkiv/leveranser/{id_}/paket.zip").status_code == 404
    bring(bevara)
    assert pack.place(bevara.rooms.real_store, id_).is_file() and state(bevara, id_) == "ready"


def test_an_erasure_while_the_package_is_made_leaves_nothing_of_it(
    bevara: Bevara, browser: Device, desk: Desk, carried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = kept(browser, desk, WORD.decode())
    kept(browser, desk, "Annat")
    id_, store = deliver(desk), bevara.rooms.real_store
    usual, erased = pack.header, []

    def header(*of: Any) -> Any:
        """Erase when the first comments are read and nothing is written yet."""
        if not erased:
            withhold.from_desk(store, record, KARIN, "Prov")
            erased.append(erase.erase(store, bevara.rooms.ephemeral, record,
                                      [{"name": KARIN, "at": "2026-11-28T10:00:00Z"}]))
        return usual(*of)

    monkeypatch.setattr(pack, "header", header)
    sync(bevara).all_due(store)
    path = pack.place(store, id_)
    assert erased and not list(path.parent.iterdir())
    sync(bevara).all_due(store)
    assert state(bevara, id_) == "ready" and not holds(path, WORD)
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_full_disk_while_packing_is_shown_and_tried_again(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)

    def full(path: Path) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr(pack, "_measured", full)
        bring(bevara)
    page = desk.get(f"/arkiv/leveranser/{id_}").text
    assert state(bevara, id_) == "queued" and "Nytt försök" in page and "full" in page
    assert not list(pack.place(bevara.rooms.real_store, id_).parent.iterdir())
    bevara.clock.offset = 3600
    bring(bevara)
    assert state(bevara, id_) == "sent"


def test_what_a_sender_names_while_packages_are_dropped_is_dropped_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outgoing = tmp_path / scrubbing.OUTGOING
    outgoing.mkdir()
    part = outgoing / "x.part"
    part.write_bytes(WORD)
    usual = Path.is_dir

    def is_dir(path: Path) -> bool:
        if path == part and path.exists():
            part.rename(outgoing / "x.zip")
        return usual(path)

    with monkeypatch.context() as now:
        now.setattr(Path, "is_dir", is_dir)
        scrubbing.drop_packages(tmp_path)
    assert not list(outgoing.iterdir())


def test_the_protocol_of_an_erasure_names_the_packages_that_the_archive_has(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    record, other = kept(browser, desk, WORD.decode()), kept(browser, desk, "Annat")
    id_ = deliver(desk)
    bring(bevara)
    receipt(bevara, receiving, id_)
    for one in (record, other):
        withhold.from_desk(bevara.rooms.real_store, one, KARIN, "Prov")
    erase.erase(bevara.rooms.real_store, bevara.rooms.ephemeral, record,
                [{"name": KARIN, "at": "2026-11-28T10:00:00Z"}])
    for one in (record, other):
        page = desk.get(f"/kommentarer/{one}/sparrad").text
        assert f"{id_}.zip" in page and "SE-1-77" in page and WORD.decode() not in page


def test_a_double_click_makes_one_replacement(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_ = deliver(desk)
    bring(bevara)
    again = {"gor": "igen", "av": KARIN}
    assert desk.post(f"/arkiv/leveranser/{id_}/svar", again).status_code == 303
    second = desk.post(f"/arkiv/leveranser/{id_}/svar", again)
    assert second.status_code == 409 and "redan ersatt" in second.text


def test_a_replacement_lacks_what_was_closed_since(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk, "Annat")
    record = kept(browser, desk, WORD.decode())
    id_ = deliver(desk)
    bring(bevara)
    mark(desk, record)
    answer = desk.post(f"/arkiv/leveranser/{id_}/svar", {"gor": "igen", "av": KARIN})
    again = answer.headers["Location"].rpartition("/")[2]
    bring(bevara)
    assert state(bevara, again) == "sent" and not holds(receiving / f"{again}.zip", WORD)


def test_the_command_leaves_receipts_of_others_and_an_archive_that_is_gone_is_a_sentence(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str]
) -> None:
    kept(browser, desk)
    deliver(desk)
    other = receiving / "00000000-0000-4000-8000-000000000000.kvittens.json"
    other.write_text("{}")
    commands._bring(bevara.rooms.config, bevara.rooms.real_store)
    assert other.exists()
    receiving.rename(receiving.with_name("borta"))
    commands._bring(bevara.rooms.config, bevara.rooms.real_store)
    assert "Arkivmappen" in capsys.readouterr().err


def test_there_is_no_trial_in_a_shared_house(tmp_path: Path) -> None:
    with shared_house(tmp_path) as house:
        person = house.person("Anna Arkivarie", "arkivarie")
        page = person.get("/arkiv").get_data(as_text=True)
        assert 'value="prov"' not in page and "på en egen dator" in page
        assert person.post("/arkiv", {"gor": "prov"}).status_code == 404


@pytest.mark.parametrize("change", [
    {"state": "sent"}, {"state": "refused"}, {"state": "withdrawn"}, {"state": "queued"},
    {"sha256": "0" * 64}, {"archive_id": "SE-2"}, {"received_on": "2020-01-01"},
    {"creator": "Någon annan"}, {"status": "TEST"}, {"size": 1}, {"by": "Någon annan"}])
def test_verify_finds_a_delivery_that_was_changed_in_the_database(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path,  # noqa: F811
    change: dict[str, object]
) -> None:
    kept(browser, desk)
    id_, store = deliver(desk), bevara.rooms.real_store
    assert verify(store).findings == []
    bring(bevara)
    assert verify(store).findings == []
    receipt(bevara, receiving, id_)
    assert verify(store).findings == []
    store.write(lambda tx: tx.execute(archive_deliveries.update().values(**change)).rowcount)
    assert verify(store).findings == [f"Leveransen {id_}: loggen säger något annat."]


def test_a_delivery_that_no_document_knows_is_found_when_it_says_that_it_was_sent(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_, store = deliver(desk), bevara.rooms.real_store
    store.write(lambda tx: tx.execute(
        archive_deliveries.update().values(state="received")).rowcount)
    assert verify(store).findings == [f"Leveransen {id_}: loggen säger något annat."]


def test_a_restart_takes_up_at_once_what_was_on_its_way(
    bevara: Bevara, browser: Device, desk: Desk, receiving: Path  # noqa: F811
) -> None:
    kept(browser, desk)
    id_, store = deliver(desk), bevara.rooms.real_store
    taken = rows.claim(store, id_, "2999-01-01T00:00:00.000Z")
    assert taken and rows.due(store) == []
    schedule = ArchiveSchedule(sync(bevara), store)
    schedule.start()
    try:
        until = time.monotonic() + 20
        while state(bevara, id_) != "sent" and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        schedule.stop()
    assert state(bevara, id_) == "sent" and not rows.change(store, taken, moved=1)
