"""Fifty spam comments are one decision; what could not be decided on is said, and the rest is kept."""

from typing import Any

from bevara.diary import decide, standing
from bevara.records import show, withhold
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device
from tests.factories import capture
from tests.functional.test_registration import count, saved

FORM = {"beslut": "keep", "sekretess": "nej", "grund": "Reklam utan anknytning", "av": "Anna Berg"}
PAGE = "/kommentarer/beslut"


def form(records: list[str], **changes: str) -> dict[str, Any]:
    return FORM | changes | {"val": records}


def now(bevara: Bevara, record: str) -> standing.Standing:
    return standing.of(show.record(bevara.rooms.real_store, record))


def test_fifty_comments_are_kept_in_order_by_one_decision(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    records = [saved(browser, desk, f"Köp {number}") for number in range(50)]
    page = desk.get(f"{PAGE}?beslut=keep&" + "&".join(f"val={id_}" for id_ in records)).text
    assert page.count('name="val"') == 50 and page.count(" checked") == 51
    answer = desk.post(PAGE, form(records))
    assert answer.headers["Location"] == "/kommentarer?flik=att-registrera&beslutade=50"
    assert "50 kommentarer är beslutade." in desk.get(answer.headers["Location"]).text
    assert [count(desk, tab) for tab in ("att-registrera", "ordnade")] == [0, 50]
    said = [now(bevara, record).latest("decision") for record in records]
    assert {(one["exit"], one["ground"], one["by"]) for one in said if one} == {
        ("keep", FORM["grund"], FORM["av"])}
    assert verify(bevara.rooms.real_store).ok


def test_each_registered_comment_gets_the_proposal_of_its_own_page(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    records = [saved(browser, desk, f"Hej {number}") for number in range(2)]
    assert desk.post(PAGE, form(records, beslut="register", grund="")).status_code == 303
    first, second = (now(bevara, record) for record in records)
    assert first.proposal and first.proposal["title"].startswith("Kommentar på Facebook")
    assert first.record.row.reference != second.record.row.reference
    assert count(desk, "vantar-pa-nummer") == 2


def test_what_may_be_secret_stays_and_the_rest_is_decided(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    plain, secret = saved(browser, desk), saved(browser, desk, "Annat", possible_secrecy=True)
    answer = desk.post(PAGE, form([plain, secret]))
    assert answer.status_code == 409
    assert "1 kommentar är beslutad." in answer.text
    assert "Kommentaren kan innehålla sekretess och ska registreras." in answer.text
    assert plain not in answer.text and secret in answer.text and "Annat" not in answer.text
    assert now(bevara, secret).state == "undecided"
    assert desk.post(PAGE, form([secret], beslut="register")).status_code == 303


def test_what_somebody_else_did_first_is_left_as_it_is(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    decided, withheld, bare = saved(browser, desk), saved(browser, desk, "Två"), str(
        browser.save(capture("Tre")).get_json()["record_id"])
    decide.decide(bevara.rooms.real_store, decided, {
        "beslut": "minor", "sekretess": "nej", "grund": "Ett ord", "av": "Bo Ek", "sett": "0",
        "inkom": "2026-11-22", "avsandare": "Enskild", "rubrik": "R", "arende": "new",
        "riktning": "received", "precision": "exact", "handlingstyp": "K", "bevaras": "keep"})
    withhold.from_desk(bevara.rooms.real_store, withheld, "Bo Ek", "Prov")
    answer = desk.post(PAGE, form([decided, withheld, bare]))
    assert answer.status_code == 409 and "Ingen av dem är beslutad." in answer.text
    assert "Någon har redan beslutat om den." in answer.text and "Den saknar skäl." in answer.text
    last = now(bevara, decided).latest("decision")
    assert last and last["by"] == "Bo Ek"


def test_a_field_that_is_wrong_is_named_and_nothing_is_decided(
    browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    for wrong, words in [({"beslut": ""}, "Inget beslut är valt."), ({"av": ""}, "Fältet är tomt."),
                         ({"grund": ""}, "Fältet är tomt."), ({"beslut": "none"}, "Inget beslut är valt."),
                         ({"sekretess": ""}, "Frågan är inte besvarad."),
                         ({"sekretess": "ja"}, "Det som kan vara hemligt ska alltid registreras.")]:
        answer = desk.post(PAGE, form([record], **wrong))
        assert answer.status_code == 422 and words in answer.text and record in answer.text
    assert desk.post(PAGE, form([])).status_code == 422
    assert desk.get(PAGE).status_code == 422
    assert count(desk, "att-registrera") == 1


def test_the_same_comment_twice_is_one_decision(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    record = saved(browser, desk)
    assert desk.post(PAGE, form([record, record])).status_code == 303
    assert now(bevara, record).seen == 1
