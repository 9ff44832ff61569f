"""A proposal begins as its account's template says, and all of it can be changed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bevara.diary import standing
from bevara.records import show
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import new_id
from tests.functional.test_registration import REGISTER, saved

PLACE = "/diariemallar"
TEMPLATE = {
    "diarium": "SN", "namnd": "Socialnämnden", "handlingstyp": "Borttaget inlägg", "klassificering": "1.7.9",
    "handlaggare": "Kansliet", "riktning": "received", "bevaras": "dispose", "arende": "collective",
    "samlingsarenden": "2025 SN 2025/0007\n2026 SN 2026/0012"}


@pytest.fixture
def account(desk: Desk) -> str:
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    found = re.search(rf'{PLACE}/([\w-]+)"', desk.get(PLACE).text)
    assert found
    return found[1]


def keep(desk: Desk, account: str, **changes: str) -> Any:
    return desk.post(f"{PLACE}/{account}", TEMPLATE | changes)


def proposed(bevara: Bevara, record: str) -> dict[str, Any]:
    found = standing.of(show.record(bevara.rooms.real_store, record)).proposal
    assert found
    return found


def of_2026(browser: Device, desk: Desk, account: str, text: str = "Hej") -> str:
    return saved(browser, desk, text, account_id=account, comment={"time_exact": "2026-11-20T08:42:00Z"})


def test_a_proposal_begins_with_the_accounts_diary_and_the_years_case(
    bevara: Bevara, browser: Device, desk: Desk, account: str
) -> None:
    assert "Ingen mall än" in desk.get(PLACE).text
    assert keep(desk, account).status_code == 303
    page = desk.get(PLACE).text
    assert "SN, Socialnämnden, Borttaget inlägg, 1.7.9" in page and "SN 2026/0012" in page
    record = of_2026(browser, desk, account)
    form = desk.get(f"/kommentarer/{record}/registrering").text
    for value in ("SN", "Socialnämnden", "Borttaget inlägg", "1.7.9", "Kansliet", "SN 2026/0012"):
        assert f'value="{value}"' in form, value
    other = saved(browser, desk, "Ett annat konto")
    assert "Socialnämnden" not in desk.get(f"/kommentarer/{other}/registrering").text
    assert verify(bevara.rooms.real_store).findings == []


def test_what_is_decided_stands_on_the_card_and_a_later_template_does_not_change_it(
    bevara: Bevara, browser: Device, desk: Desk, account: str
) -> None:
    keep(desk, account)
    record = of_2026(browser, desk, account)
    said = REGISTER | {"diarium": "SN", "namnd": "Socialnämnden", "klassificering": "2.1", "handlaggare": ""}
    assert desk.post(f"/kommentarer/{record}/registrering", said).status_code == 303
    found = proposed(bevara, record)
    assert (found["diary"], found["committee"], found["classification"]) == ("SN", "Socialnämnden", "2.1")
    assert "handler" not in found
    keep(desk, account, namnd="Kommunstyrelsen")
    card = desk.get(f"/kommentarer/{record}/kort").text
    assert "Socialnämnden" in card and "2.1" in card and "Kommunstyrelsen" not in card


def test_many_are_decided_with_their_own_accounts_templates(
    bevara: Bevara, browser: Device, desk: Desk, account: str
) -> None:
    from bevara.diary import decide_many

    keep(desk, account)
    records = [of_2026(browser, desk, account), saved(browser, desk, "Utan konto")]
    decided = decide_many.decide_many(
        bevara.rooms.real_store, records, {"beslut": "register", "av": "Anna Berg"}, {account: "Storköping"})
    assert decided.kept == 2
    first, second = (proposed(bevara, record) for record in records)
    assert first["diary"] == "SN" and first["case"] == {"kind": "collective", "number": "SN 2026/0012"}
    assert first["retention"] == "dispose" and "diary" not in second


def test_a_year_without_a_number_is_said_and_suggests_none(
    browser: Device, desk: Desk, account: str
) -> None:
    keep(desk, account, samlingsarenden="2025 SN 2025/0007")
    assert "saknar nummer" in desk.get(PLACE).text
    record = of_2026(browser, desk, account)
    assert "SN 2025/0007" not in desk.get(f"/kommentarer/{record}/registrering").text


@pytest.mark.parametrize("changes", [
    {"samlingsarenden": "KS 2026/1"}, {"samlingsarenden": "2026 A\n2026 B"}, {"samlingsarenden": "2026 " + "x" * 61},
    {"diarium": "x" * 201}, {"arende": "existing"}, {"riktning": "annat"}, {"bevaras": ""},
])
def test_a_bad_template_is_named_and_changes_nothing(
    desk: Desk, account: str, changes: dict[str, str]
) -> None:
    keep(desk, account)
    before = desk.get(f"{PLACE}/{account}").text
    assert keep(desk, account, **changes).status_code == 422
    assert desk.get(f"{PLACE}/{account}").text == before


def test_an_account_that_is_not_there_has_no_template(desk: Desk) -> None:
    assert desk.get(f"{PLACE}/{new_id()}").status_code == 404
    assert keep(desk, new_id()).status_code == 404
