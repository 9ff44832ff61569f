"""What Bevara archives becomes a package with everything a reader, an archive and a judge needs."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest

from bevara.archive import agreement, files
from bevara.archive.delivery import choose, pack, rows
from bevara.archive.packages import check
from bevara.diary.delivery.copies import pressed
from bevara.errors import Conflict
from bevara.kernel import scrubbing
from bevara.records import withhold
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, attachment, capture, picture
from tests.functional.test_registration import KEEP, REGISTER, paste, reference, saved

KARIN = "Karin Öst"


def no_pdf(papers: Any) -> list[None]:
    return [None for _ in papers]


def kept(browser: Device, desk: Desk, text: str = "Hej", **changes: Any) -> str:
    """Save a removed comment that is kept in order without being registered."""
    form = {name: changes.pop(name) for name in ("namnd",) if name in changes}
    record = saved(browser, desk, text, **changes)
    answer = desk.post(f"/kommentarer/{record}/registrering", KEEP | form)
    assert answer.status_code == 303, answer.text
    return record


def packed(bevara: Bevara, id_: str, press: Any = no_pdf, secret: bool = False) -> pack.Packed:
    store = bevara.rooms.real_store
    return pack.pack(store, rows.read(store, id_), agreement.read(bevara.rooms.config), {}, secret,
                     press)


def delivered(bevara: Bevara, *, on_request: tuple[str, ...] = ()) -> list[str]:
    return choose.hand_over(bevara.rooms.real_store, agreement.read(bevara.rooms.config), KARIN,
                            on_request)


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name.partition("/")[2]: found.read(name) for name in found.namelist()}


def test_what_is_kept_in_order_is_packed_with_all_its_files(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    comment = {"fragment": '<p onclick="x()">Hej<script>alert(1)</script></p>',
               "attachments": [attachment(PNG + b"2")]}
    said = capture("Hej på er 🙂", comment=comment, picture=picture())
    record = browser.save(said, PNG, PNG + b"2").get_json()["record_id"]
    desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"})
    assert desk.post(f"/kommentarer/{record}/registrering", KEEP).status_code == 303
    (id_,) = delivered(bevara)
    made = packed(bevara, id_, pressed)
    assert (dict(made.left), made.without_pdf) == ({}, 0)
    assert list(check.problems(made.path)) == []
    found = {name.rpartition("/")[2]: data for name, data in inside(made.path).items()
             if name.startswith(f"handlingar/{record}/")}
    assert set(found) == {"handling.pdf", "meddelande.txt", "meddelande.json", "kod.html",
                          "skarmdump.png", "bilaga-1.png", "bevis.zip"}
    assert found["handling.pdf"].startswith(b"%PDF")
    assert found["meddelande.txt"].decode() == "Hej på er 🙂"
    assert json.loads(found["meddelande.json"])["capture_id"] == said["capture_id"]
    assert b"script" not in found["kod.html"] and b"onclick" not in found["kod.html"]
    assert (found["skarmdump.png"], found["bilaga-1.png"]) == (PNG, PNG + b"2")
    with zipfile.ZipFile(io.BytesIO(found["bevis.zip"])) as proof:
        assert "kontrollera.py" in proof.namelist()


def test_a_bag_of_saved_comments_is_valid(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path
) -> None:
    agreement.change(bevara.rooms.config, {"arkivbildare": "Kommunstyrelsen", "form": "bag"},
                     ["kept"])
    kept(browser, desk)
    (id_,) = delivered(bevara)
    shutil.unpack_archive(packed(bevara, id_).path, tmp_path / "out")
    bagit.Bag(str(tmp_path / "out" / id_)).validate()


def test_the_same_delivery_packed_twice_is_the_same_file(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    kept(browser, desk)
    (id_,) = delivered(bevara)
    assert packed(bevara, id_, pressed).sha256 == packed(bevara, id_, pressed).sha256


def test_each_archival_creator_gets_a_package_of_its_own(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    for namnd in ("Socialnämnden", "Byggnadsnämnden", "Socialnämnden"):
        kept(browser, desk, f"Hej {namnd}", namnd=namnd)
    kept(browser, desk, "Utan nämnd")
    store = bevara.rooms.real_store
    assert [(one.creator, one.number) for one in
            choose.waiting(store, agreement.read(bevara.rooms.config))] == [
        ("Byggnadsnämnden", 1), ("Socialnämnden", 2), ("Storköpings kommun", 1)]
    made = [rows.read(store, id_) for id_ in delivered(bevara)]
    assert [(one.creator, len(list(rows.records(store, one.id)))) for one in made] == [
        ("Byggnadsnämnden", 1), ("Socialnämnden", 2), ("Storköpings kommun", 1)]
    assert verify(store).findings == []


def test_nothing_is_delivered_twice_and_nothing_before_it_is_decided(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    saved(browser, desk, "Inte bedömd")
    kept(browser, desk)
    assert len(delivered(bevara)) == 1
    with pytest.raises(Conflict, match="Inget väntar"):
        delivered(bevara)


def test_the_diary_delivers_what_is_registered_but_on_request_bevara_does(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    desk.post(f"/kommentarer/{record}/registrering", REGISTER)
    with pytest.raises(Conflict):
        delivered(bevara, on_request=("registered",))
    paste(desk, f"{reference(desk, record)}\tKS 2026/00123:7")
    with pytest.raises(Conflict):
        delivered(bevara)
    (id_,) = delivered(bevara, on_request=("registered",))
    assert b"KS 2026/00123:7" in inside(packed(bevara, id_).path)["handlingar.csv"]


def test_what_is_closed_goes_only_where_it_may_and_bears_its_mark(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record, other = kept(browser, desk, "Hemligtord"), kept(browser, desk, "Annat")
    desk.post(f"/kommentarer/{record}/sekretess", {
        "drag": "mark", "lagrum": "21 kap. 1 § OSL", "datum": "2026-11-24",
        "namnd": "Socialnämnden", "omfattning": "Allt", "av": "Anna Berg", "sett": "1"})
    (id_,) = delivered(bevara)
    closed = packed(bevara, id_)
    assert (closed.number, closed.left) == (1, {record: "closed"})
    assert f"handlingar/{other}/meddelande.txt" in inside(closed.path)
    assert not any(b"Hemligtord" in data for data in inside(closed.path).values())
    opened = inside(packed(bevara, id_, secret=True).path)
    assert opened[f"handlingar/{record}/meddelande.txt"] == b"Hemligtord"
    assert "21 kap. 1 § OSL".encode() in opened["handlingar.csv"]


def test_what_is_withheld_goes_nowhere(bevara: Bevara, browser: Device, desk: Desk) -> None:
    record, other = kept(browser, desk, "Hemligtord"), kept(browser, desk, "Annat")
    (id_,) = delivered(bevara)
    withhold.from_desk(bevara.rooms.real_store, record, KARIN, "Prov")
    made = packed(bevara, id_, secret=True)
    assert made.left == {record: "withheld"}
    assert f"handlingar/{other}/meddelande.txt" in inside(made.path)


def test_a_trial_is_of_what_was_practised(bevara: Bevara, browser: Device, desk: Desk) -> None:
    practice = bevara.rooms.practice_store
    agreed = agreement.read(bevara.rooms.config)
    with pytest.raises(Conflict, match="inget att pröva"):
        choose.trial(practice, agreed, KARIN)
    browser.on_practice().save(capture("Övningsord", platform="practice"))
    id_ = choose.trial(practice, agreed, KARIN)
    made = pack.pack(practice, rows.read(practice, id_), agreed, {}, False, no_pdf)
    assert "Provleverans: ja" in inside(made.path)["LAS-MIG.txt"].decode()
    assert "Övningsord" in "".join(
        data.decode() for name, data in inside(made.path).items() if name.endswith(files.TEXT))


@pytest.mark.parametrize("form", ["sip", "bag", "zip"])
def test_the_account_register_goes_along_once(
    bevara: Bevara, browser: Device, desk: Desk, form: str
) -> None:
    said = {"arkivbildare": "Storköpings kommun", "form": form}
    agreement.change(bevara.rooms.config, said, ["kept", "accounts"])
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    kept(browser, desk)
    kept(browser, desk, "Annat", namnd="Socialnämnden")
    made = [packed(bevara, id_) for id_ in delivered(bevara)]
    assert [list(check.problems(one.path)) for one in made] == [[], []]
    found = [data for one in made for name, data in inside(one.path).items()
             if name.endswith("/forteckning.csv")]
    assert len(found) == 1 and "facebook.com/storkoping" in found[0].decode("utf-8-sig")


def test_a_scrub_takes_the_packages_that_wait(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    kept(browser, desk)
    (id_,) = delivered(bevara)
    path = packed(bevara, id_).path
    bevara.rooms.real_store.scrub()
    assert not path.exists() and not list(path.parent.glob("*"))
    assert path.parent.name == scrubbing.OUTGOING
