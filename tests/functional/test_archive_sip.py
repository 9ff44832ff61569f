"""What was saved in Bevara becomes a SIP that every judge passes."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from bevara.archive import agreement
from bevara.archive.delivery import choose, pack, rows
from bevara.archive.packages.sip.check import problems
from bevara.diary.delivery.copies import pressed
from tests.client import Bevara, Desk, Device
from tests.factories import PNG, attachment, capture, picture
from tests.functional.test_archive_packages import KARIN, delivered, kept, no_pdf, packed
from tests.functional.test_registration import KEEP, REGISTER, paste, reference, saved
from tests.unit.archive.packages.sip import eark
from tests.unit.archive.packages.sip.made import contents, root_mets

SETTINGS = {
    "arkivbildare": "Kommunstyrelsen", "arkivbildare_kod": "ORG:2120001234", "kontakt": "Anna Berg, 0912-1",
    "avsandare": "Storköpings kommun", "avsandare_kod": "ORG:2120001234", "arkiv": "Stadsarkivet",
    "arkiv_kod": "ORG:2120009999", "overenskommelse": "KS 2026/12", "referenskod": "SE/A1", "form": "sip"}
SPACES = {"e": "https://DILCIS.eu/XML/ERMS", "p": "http://www.loc.gov/premis/v3",
          "m": "http://www.loc.gov/METS/"}


@pytest.fixture
def agreed(bevara: Bevara) -> None:
    agreement.change(bevara.rooms.config, SETTINGS, ["kept"])


def said(path: Path, end: str, where: str) -> list[str]:
    """Return the texts at a place in the XML file of the package whose name ends so."""
    data = next(data for name, data in contents(path).items() if name.endswith(end))
    return [str(one) for one in etree.fromstring(data).xpath(where, namespaces=SPACES)]


def judged(path: Path, folder: Path) -> None:
    assert problems(path) == []
    (report,) = eark.reports(folder, path)
    assert eark.errors(path, report) == []


@pytest.mark.usefixtures("agreed")
def test_what_was_decided_is_in_the_package_and_every_judge_passes_it(
    bevara: Bevara, browser: Device, desk: Desk, tmp_path: Path
) -> None:
    comment = {"fragment": "<p>Hej</p>", "attachments": [attachment(PNG + b"2")]}
    answer = browser.save(capture("Hej \x0b 🙂 <&>", comment=comment, picture=picture()), PNG, PNG + b"2")
    rich = answer.get_json()["record_id"]
    desk.post(f"/kommentarer/{rich}/skal", {"skal": "profanity"})
    assert desk.post(f"/kommentarer/{rich}/registrering", KEEP).status_code == 303
    marked = kept(browser, desk, "Hemligt")
    desk.post(f"/kommentarer/{marked}/sekretess", {
        "drag": "mark", "lagrum": "21 kap. 1 § OSL", "datum": "2026-11-24",
        "namnd": "Socialnämnden", "omfattning": "Allt", "av": "Anna Berg", "sett": "1"})
    registered = saved(browser, desk)
    desk.post(f"/kommentarer/{registered}/registrering", REGISTER)
    paste(desk, f"{reference(desk, registered)}\tKS 2026/00123:7")
    (id_,) = delivered(bevara, on_request=("registered",))
    path = packed(bevara, id_, pressed, secret=True).path
    judged(path, tmp_path)
    assert set(said(path, "erms.xml", "//e:record/@systemIdentifier")) == {rich, marked, registered}
    assert {"bilaga-1.png", "kod.html", "bevis.zip", "handling.pdf"} <= set(
        said(path, "erms.xml", f"//e:record[@systemIdentifier='{rich}']//e:appendix/@name"))
    assert said(path, "erms.xml", "//e:regulation/text()") == ["21 kap. 1 § OSL"]
    assert said(path, "erms.xml", "//e:record/e:relation/text()") == ["KS 2026/00123:7"]
    assert {"capture", "registered", "secrecy", "reason", "information package creation"} <= set(
        said(path, "premis.xml", "//p:eventType/text()"))
    assert etree.fromstring(root_mets(path)).xpath(
        "//m:altRecordID/text()", namespaces=SPACES) == ["KS 2026/12", "SE/A1"]


@pytest.mark.usefixtures("agreed")
def test_a_trial_of_what_was_practised_passes_every_judge(
    bevara: Bevara, browser: Device, tmp_path: Path
) -> None:
    practice, settings = bevara.rooms.practice_store, agreement.read(bevara.rooms.config)
    browser.on_practice().save(capture("Övningsord", platform="practice", picture=picture()), PNG)
    id_ = choose.trial(practice, settings, KARIN)
    made = pack.pack(practice, rows.read(practice, id_), settings, {}, False, pressed)
    judged(made.path, tmp_path)
    assert said(made.path, f"{id_}/METS.xml", "//m:metsHdr/@RECORDSTATUS") == ["TEST"]
    assert any(name.endswith("/handling.pdf") for name in contents(made.path))


@pytest.mark.usefixtures("agreed")
def test_what_stays_out_of_a_package_is_nowhere_in_it(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = kept(browser, desk, "Hemligtord")
    kept(browser, desk, "Annat")
    desk.post(f"/kommentarer/{record}/sekretess", {
        "drag": "mark", "lagrum": "21 kap. 1 § OSL", "datum": "2026-11-24",
        "namnd": "Socialnämnden", "omfattning": "Allt", "av": "Anna Berg", "sett": "1"})
    (id_,) = delivered(bevara)
    path = packed(bevara, id_, no_pdf).path
    assert not any(record.encode() in data or b"Hemligtord" in data or record in name
                   for name, data in contents(path).items())
