"""What moderators say of whose page it is reaches the desk, and what a page is called has one owner."""

from __future__ import annotations

import pytest

from bevara.accounts import register
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk, Device, documents, problem
from tests.factories import NOW, capture, new_id


def asked(answer: str = "ours", **owner: str | None) -> dict[str, object]:
    return {"platform": "facebook", "answer": answer, "at": NOW, "moderator": "Sara Lind",
            "owner": {"id": None, "name": "Storköpings bibliotek",
                      "url": "https://www.facebook.com/storkopingsbibliotek", **owner}}


def answers(browser: Device, *documents: dict[str, object]) -> list[str]:
    ids = [new_id() for _ in documents]
    for id_, document in zip(ids, documents, strict=True):
        assert browser.put(f"account-questions/{id_}", document).status_code == 201
    return ids


def accounts(bevara: Bevara) -> list[dict[str, object]]:
    return register.all_accounts(bevara.rooms.real_store)


def test_an_answer_that_it_is_ours_waits_at_the_desk_once_a_page(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    browser.on_practice().save(capture(platform="practice"))
    answers(browser, asked(), asked(), asked("not_ours", url="https://www.facebook.com/a", name="A"),
            asked("later", url="https://www.facebook.com/b", name="B"))
    page = desk.get("/konton").text
    assert page.count("Någon har svarat att") == 1 and "Storköpings bibliotek" in page
    assert "<b>1</b> <span>sida kan vara kommunens" in desk.get("/").text


def test_what_is_added_from_an_answer_is_an_account_and_waits_no_more(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    (id_, _) = answers(browser, asked(), asked())
    answer = desk.post("/konton", {"question": id_, "name": "Biblioteket",
                                   "address": "https://www.facebook.com/storkopingsbibliotek"})
    assert answer.status_code == 303
    assert [one["name"] for one in accounts(bevara)] == ["Biblioteket"]
    assert "Någon har svarat" not in desk.get("/konton").text
    kinds = [kind for kind, _ in documents(bevara.rooms.real_store.folder)]
    assert kinds.count("account_decision") == 2
    assert verify(bevara.rooms.real_store).findings == []


def test_an_answer_without_an_address_asks_for_it_and_keeps_what_was_known(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    (id_,) = answers(browser, asked(url=None))
    answer = desk.post("/konton", {"question": id_, "name": "Storköpings bibliotek", "address": ""})
    assert answer.status_code == 422 and "Adressen saknas" in answer.text
    assert f'name="question" value="{id_}"' in answer.text
    assert "Någon har svarat" in answer.text and accounts(bevara) == []


def test_what_is_not_ours_is_put_away_and_can_be_asked_again(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    (id_,) = answers(browser, asked())
    assert desk.post(f"/konton/fragor/{id_}/inte-vart").status_code == 303
    assert "Någon har svarat" not in desk.get("/konton").text and accounts(bevara) == []
    assert desk.post(f"/konton/fragor/{id_}/inte-vart").status_code == 404
    answers(browser, asked())
    assert "Någon har svarat" in desk.get("/konton").text


def test_a_page_that_is_registered_already_is_no_question(
    bevara: Bevara, browser: Device, desk: Desk
) -> None:
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkopingsbibliotek", "Bib")
    answers(browser, asked())
    assert "Någon har svarat" not in desk.get("/konton").text


def test_a_hostile_name_is_shown_as_text(browser: Device, desk: Desk) -> None:
    answers(browser, asked(name="<script>x</script>\u202e", url="javascript:alert(1)"))
    page = desk.get("/konton").text
    assert "<script>x" not in page and 'href="javascript' not in page


def test_the_question_is_asked_in_english_too(browser: Device, desk: Desk) -> None:
    answers(browser, asked())
    page = desk.get("/konton", **{"Accept-Language": "en-GB"}).text
    assert "Someone has answered that" in page and "is one of the municipality" in page
    assert ">Add</button>" in page and ">Not ours</button>" in page


def learned(browser: Device, account: str, *values: str) -> object:
    return browser.put(f"accounts/{account}/identifiers", {
        "identifiers": [{"kind": "alias", "value": value} for value in values]})


def test_what_another_account_is_called_is_refused_and_nothing_is_kept(
    bevara: Bevara, browser: Device
) -> None:
    store = bevara.rooms.real_store
    one = register.add(store, "https://www.facebook.com/ett", "Ett")
    two = register.add(store, "https://www.facebook.com/tva", "Två")
    assert learned(browser, one, "torget").status_code == 201
    assert learned(browser, one, "torget").status_code == 200
    answer = learned(browser, two, "nytt", "torget")
    assert problem(answer) == (409, "conflict", "/identifiers/1/value")
    assert "Ett" in answer.get_json()["detail"]
    assert [i["value"] for i in accounts(bevara)[1]["identifiers"]] == ["tva"]


def test_an_account_is_called_so_many_things_and_no_more(bevara: Bevara, browser: Device) -> None:
    one = register.add(bevara.rooms.real_store, "https://www.facebook.com/ett", "Ett")
    most = register.MOST_IDENTIFIERS
    for start in range(0, most - 1, 50):
        names = [str(number) for number in range(start, min(start + 50, most - 1))]
        assert learned(browser, one, *names).status_code == 201
    assert problem(learned(browser, one, "en till")) == (422, "invalid", "/identifiers")
    assert learned(browser, one, "0").status_code == 200


@pytest.mark.parametrize(("field", "address", "name"), [
    ("address", "https://www.facebook.com/" + "a" * 2000, "Ett"),
    ("address", "https://www.facebook.com/" + "a" * 301, "Ett"),
    ("name", "https://www.facebook.com/ett", "E" * 301),
])
def test_what_is_too_long_in_the_form_is_said_at_its_field(
    bevara: Bevara, desk: Desk, field: str, address: str, name: str
) -> None:
    answer = desk.post("/konton", {"address": address, "name": name})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert "för lång" in answer.text and accounts(bevara) == []
