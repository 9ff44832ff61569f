"""A registrar's view has tags; a guideline may ask for two; what lacks a reason is not forgotten."""

import json
from typing import Any

import pytest

from bevara import contract
from bevara.diary import standing
from bevara.records import list_records, show
from tests.client import Bevara, Desk, Device
from tests.factories import capture
from tests.functional.test_deciding_many import form
from tests.functional.test_registration import KEEP, saved

DAY = 86_400


@pytest.fixture
def two_assessors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guideline that asks two persons about profanity."""
    profile = contract.profile()
    rules = profile["rules"] | {"two_assessors": ["profanity"]}
    monkeypatch.setattr(contract, "profile", lambda: profile | {"rules": rules})


def assess(desk: Desk, record: str, by: str, sett: int, **changes: Any) -> Any:
    return desk.post(f"/kommentarer/{record}/bedomning", {
        "kategori": "", "bedomning": "", "av": by, "sett": str(sett)} | changes)


def views(bevara: Bevara, record: str) -> list[dict[str, Any]]:
    found = standing.of(show.record(bevara.rooms.real_store, record))
    return [one for one in found.said if one["kind"] == "assessment"]


def test_tags_stand_beside_the_category_and_in_the_history(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    answer = assess(desk, record, "Anna Berg", 0, kategori="incitement",
                    markning=["unlawful_threat", "disinformation"])
    assert answer.status_code == 303
    assert views(bevara, record)[0]["tags"] == ["disinformation", "unlawful_threat"]
    page = desk.get(f"/kommentarer/{record}").text
    assert "Desinformation eller bluff, Olaga hot" in page
    assert "Bedömning: Uppmaning till brott, Desinformation eller bluff, Olaga hot (Anna Berg)" in page
    assert page.count('name="markning"') == 3 and page.count(" checked><span>Olaga hot") == 1


def test_a_tag_alone_is_a_view_and_an_unknown_one_is_refused(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    wrong = assess(desk, record, "Anna Berg", 0, markning=["unlawful_threat", "nothing"])
    assert wrong.status_code == 422 and "Välj bland dem som finns." in wrong.text
    assert " checked><span>Olaga hot" in wrong.text
    assert assess(desk, record, "Anna Berg", 0, markning=["unlawful_threat"]).status_code == 303
    assert len(views(bevara, record)) == 1


@pytest.mark.usefixtures("two_assessors")
def test_where_the_guideline_asks_for_two_the_same_person_twice_is_one(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    assert "Två bedömningar saknas." in desk.get(f"/kommentarer/{record}").text
    for number, name in enumerate(["Anna Berg", "anna  berg"]):
        assert assess(desk, record, name, number, bedomning=f"Grovt {number}").status_code == 303
    refused = desk.post(f"/kommentarer/{record}/registrering", KEEP | {"sett": "2"})
    assert refused.status_code == 409
    assert "Två personer ska bedöma en sådan kommentar innan beslutet." in refused.text
    assert "Rör inget ärende" in refused.text and "En bedömning saknas." in refused.text
    many = desk.post("/kommentarer/beslut", form([record]))
    assert many.status_code == 409 and "Två personer ska bedöma" in many.text
    assert assess(desk, record, "Bo Ek", 2, bedomning="Håller med").status_code == 303
    page = desk.get(f"/kommentarer/{record}").text
    assert "Grovt 1" in page and "Håller med" in page and "bedömning saknas" not in page
    assert desk.post(f"/kommentarer/{record}/registrering", KEEP | {"sett": "3"}).status_code == 303


@pytest.mark.usefixtures("two_assessors")
def test_other_categories_need_no_second_person(browser: Device, desk: Desk) -> None:
    record = saved(browser, desk)
    desk.post(f"/kommentarer/{record}/skal", {"skal": "commercial"})
    assert desk.post(f"/kommentarer/{record}/registrering", KEEP).status_code == 303


def test_the_guideline_page_names_what_two_assess(
    desk: Desk, two_assessors: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Bedöms av två" in desk.get("/riktlinje").text
    monkeypatch.undo()
    assert "Bedöms av två" not in desk.get("/riktlinje").text


def test_what_has_lacked_a_reason_for_a_working_day_is_said_at_the_desk_and_to_the_browser(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    browser.on_practice().save(capture(platform="practice"))
    desk.post("/konton", {"address": "https://www.facebook.com/storkoping", "name": "Storköping"})
    browser.save(capture("Ett"))
    assert "<b>1</b> <span>kommentar saknar skäl</span>" in desk.get("/").text
    assert json.loads(browser.get("/api/v1/setup").data)["without_reason"] == {"number": 1, "late": 0}
    bevara.clock.offset += 4 * DAY
    assert "kommentar saknar skäl, 1 sedan mer än en arbetsdag" in bevara.desk().get("/").text
    assert list_records.without_reason(bevara.rooms.real_store) == (1, 1)
