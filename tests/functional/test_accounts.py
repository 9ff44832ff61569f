"""Each account says who answers for it and when it is documented, and all are listed to publish."""

from __future__ import annotations

import csv
import io

import pytest

from bevara.accounts import documentation, register
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device

DAY = 86_400
HOSTILE = '<script>alert(1)</script>"; =1+1'
NAMES = {"owner": "Anna Berg", "stand_in": "Bo Ek", "administrators": "Anna Berg\n Bo  Ek \n\nAnna Berg"}
DONE = {"place": "G:\\Kommunikation\\2026", "by": "Anna Berg"}


@pytest.fixture
def account(bevara: Bevara) -> str:
    return register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")


def people(desk: Desk, account: str, **changes: str) -> int:
    return desk.post(f"/konton/{account}/personer", {**NAMES, **changes}).status_code


def documented(desk: Desk, account: str, on: str, **changes: str) -> int:
    return desk.post(f"/konton/{account}/dokumentation", {"on": on, **DONE, **changes}).status_code


def test_an_account_says_who_answers_for_it(bevara: Bevara, desk: Desk, account: str) -> None:
    before = desk.get("/konton").text
    assert "Administratörer 0/2" in before and "Personer saknas" in before
    assert people(desk, account, login_kept="on") == 303
    listed, page = desk.get("/konton").text, desk.get(f"/konton/{account}").text
    assert "Kontoansvarig: Anna Berg" in listed and "Administratörer 2/2" in listed
    assert "Personer saknas" not in listed
    assert ">Anna Berg\nBo Ek</textarea>" in page and "2 av minst 2" in page
    assert "förvaras hos informatören" in page and 'name="login_kept" checked' in page
    assert verify(bevara.rooms.real_store).findings == []


def test_what_was_said_before_stays_in_the_history(desk: Desk, account: str) -> None:
    people(desk, account)
    assert people(desk, account, owner="Cia Dahl", administrators="Cia Dahl") == 303
    page = desk.get(f"/konton/{account}").text
    assert "Kontoansvarig: Anna Berg. Ersättare: Bo Ek. Administratörer: Anna Berg, Bo Ek." in page
    assert page.index("Kontoansvarig: Cia Dahl.") < page.index("Kontoansvarig: Anna Berg.")
    assert 'value="Cia Dahl"' in page and "1 av minst 2" in page


@pytest.mark.parametrize("field,bad", [
    ("owner", "x" * 201), ("stand_in", "x" * 201), ("administrators", "x" * 201),
    ("administrators", "\n".join(map(str, range(51)))),
])
def test_a_bad_name_is_said_at_its_field_and_nothing_typed_is_lost(
    desk: Desk, account: str, field: str, bad: str
) -> None:
    answer = desk.post(f"/konton/{account}/personer", {**NAMES, field: bad})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert bad[-10:] in answer.text and "Anna Berg" in answer.text
    assert "saknas" in desk.get("/konton").text


def test_a_new_account_is_documented_within_half_a_year_and_then_twice_a_year(
    bevara: Bevara, desk: Desk, browser: Device, account: str
) -> None:
    assert "konto att dokumentera" not in ready(bevara, browser, desk)
    bevara.clock.offset += 160 * DAY
    assert "<b>1</b> <span>konto att dokumentera" in desk.get("/").text
    page = desk.get(f"/konton/{account}").text
    assert "Dags att dokumentera Facebook, Storköping." in page and "Klart senast " in page
    today = bevara.clock.now()[:10]
    assert documented(desk, account, today) == 303
    after = desk.get(f"/konton/{account}").text
    assert "Dags att dokumentera" not in after and "G:\\Kommunikation\\2026, Anna Berg" in after
    assert f"Dokumenterat {today} av Anna Berg" in after
    assert "konto att dokumentera" not in desk.get("/").text
    assert verify(bevara.rooms.real_store).findings == []


def ready(bevara: Bevara, browser: Device, desk: Desk) -> str:
    """Give the start page once the first steps are done."""
    from tests.factories import capture

    browser.on_practice().save(capture(platform="practice"))
    return desk.get("/").text


@pytest.mark.parametrize("added,last,due", [
    ("2026-11-24T10:00:00Z", None, "2027-05-24"), ("2026-08-31T10:00:00Z", None, "2027-02-28"),
    ("2026-01-01T00:00:00Z", "2026-12-31", "2027-06-30"), ("2026-06-30T23:30:00Z", None, "2027-01-01"),
])
def test_the_next_day_is_counted_in_months(
    bevara: Bevara, added: str, last: str | None, due: str
) -> None:
    rounds = [documentation.Round(last, "", "", "")] if last else []
    with bevara.app.test_request_context():
        assert documentation.next_day(added, rounds).isoformat() == due


@pytest.mark.parametrize("field,bad", [
    ("on", "igår"), ("on", "2999-01-01"), ("on", ""), ("place", " "), ("place", "x" * 501), ("by", ""),
    ("by", "x" * 201),
])
def test_a_bad_documentation_is_said_at_its_field_and_kept_in_the_form(
    desk: Desk, account: str, field: str, bad: str
) -> None:
    answer = desk.post(f"/konton/{account}/dokumentation",
                       {"on": "2026-11-01", **DONE, field: bad})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "Kontot är inte dokumenterat än." in answer.text
    kept = {"on": "2026-11-01", **DONE} | {field: bad}
    assert all(f'value="{value}"' in answer.text for value in kept.values())


def test_nothing_is_kept_about_an_account_that_is_not_there(desk: Desk) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    assert people(desk, nobody) == 404 and documented(desk, nobody, "2026-11-01") == 404


def test_hostile_names_are_text(desk: Desk, account: str) -> None:
    people(desk, account, owner=HOSTILE)
    documented(desk, account, "2026-11-01", place=HOSTILE, by=HOSTILE)
    for path in ("/konton", f"/konton/{account}"):
        assert "<script>alert" not in desk.get(path).text


def test_the_list_to_publish_has_every_account_and_no_person(
    bevara: Bevara, desk: Desk, account: str
) -> None:
    people(desk, account, owner="Hemlig Person")
    register.add(bevara.rooms.real_store, "https://www.facebook.com/bad", "=HYPERLINK(1)<b>")
    page = desk.get("/konton/forteckning").text
    assert "Storköping" in page and "https://www.facebook.com/storkoping" in page
    sheet, piece = desk.get("/konton/forteckning.csv"), desk.get("/konton/forteckning.html")
    lines = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig")), delimiter=";"))
    assert lines == [["Namn", "Plattform", "Adress"],
                     ["'=HYPERLINK(1)<b>", "Facebook", "https://www.facebook.com/bad"],
                     ["Storköping", "Facebook", "https://www.facebook.com/storkoping"]]
    assert '<li><a href="https://www.facebook.com/storkoping">Storköping</a> (Facebook)</li>' in piece.text
    assert "<b>" not in piece.text and "attachment" in piece.headers["Content-Disposition"]
    assert not any("Hemlig" in one for one in (page, sheet.text, piece.text))
