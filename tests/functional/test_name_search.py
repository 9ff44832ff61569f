"""A person is looked for with a purpose, and the log says who looked and why, never for whom."""

from __future__ import annotations

import pytest

from bevara.records import withhold
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import capture

PATH = "/kommentarer/sok-avsandare"
ASKED = {"namn": "öberg", "av": "Anna Berg", "andamal": "access_request"}


def said_by(browser: Device, name: str | None, text: str, **more: object) -> str:
    author = {"name": name, "url": None, "id": None}
    answer = browser.save(capture(text, comment={"author": author}, **more))
    return str(answer.get_json()["record_id"])


def test_a_name_is_found_whatever_its_case_and_the_search_is_in_the_log(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    said_by(browser, "Åsa ÖBERG", "Något helt annat")
    said_by(browser, "Bo Oberg", "En annan")
    said_by(browser, None, "Utan namn")
    page = desk.post(PATH, ASKED)
    assert page.status_code == 200 and "Något helt annat" in page.text and "1 kommentar<" in page.text
    assert "En annan" not in page.text
    log = desk.get("/kontroll").text
    assert "Anna Berg: Personen har begärt registerutdrag. Funna: 1." in log
    kept = b"".join(bevara.rooms.real_store.folder.joinpath("bevara.sqlite-wal").read_bytes().split(b"name_search")[1:])
    assert "öberg".encode() not in kept.lower() and b"access_request" in kept
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("field,bad", [
    ("namn", ""), ("namn", "x"), ("namn", "x" * 201), ("av", " "), ("av", "x" * 201), ("andamal", ""), ("andamal", "x"),
])
def test_without_a_name_or_a_purpose_nothing_is_looked_for(
    browser: Device, desk: Desk, field: str, bad: str
) -> None:
    said_by(browser, "Åsa Öberg", "Något helt annat")
    page = desk.post(PATH, {**ASKED, field: bad})
    assert page.status_code == 422 and f'id="{field}-error"' in page.text
    assert "Något helt annat" not in page.text
    assert "Sökningar på avsändare" not in desk.get("/kontroll").text


def test_what_is_closed_or_withheld_is_not_found(bevara: Bevara, browser: Device, desk: Desk) -> None:
    said_by(browser, "Åsa Öberg", "Hemligt", possible_secrecy=True)
    withheld = said_by(browser, "Åsa Öberg", "Spärrat")
    withhold.from_desk(bevara.rooms.real_store, withheld, "Anna Berg", "Sparad av misstag")
    page = desk.post(PATH, ASKED).text
    assert "Ingen kommentar har en sådan avsändare." in page and "Åsa" not in page


def test_fifty_are_shown_and_more_are_said(browser: Device, desk: Desk) -> None:
    for number in range(51):
        said_by(browser, "Åsa Öberg", f"Kommentar {number}")
    page = desk.post(PATH, ASKED).text
    assert "De senaste 50" in page and "Kommentar 50" in page and "Kommentar 0<" not in page


def test_an_address_searches_for_nobody(browser: Device, desk: Desk) -> None:
    said_by(browser, "Åsa Öberg", "Något helt annat")
    assert "Något helt annat" not in desk.get(f"{PATH}?namn=öberg&av=Anna&andamal=case").text
