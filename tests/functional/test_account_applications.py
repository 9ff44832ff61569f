"""Who wants a new account writes a plan, two answer; links to elected representatives are kept apart."""

from __future__ import annotations

import pytest

from bevara.accounts import applications, elected, register
from bevara.upkeep.verify import verify
from tests.client import Bevara, Desk
from tests.factories import capture

PLAN = {"applicant": "Anna Berg", "activity": "En sida om simhallen på Facebook", "stand_in": "Bo Ek",
        "purpose": "Svara på frågor", "audience": "Badare", "upkeep": "Varje vardag kl. 9"}
LINK = {"name": "Cia Dahl (S)", "address": "https://ciadahl.example/blogg", "by": "Webbansvarig Ek"}


def applied(bevara: Bevara, desk: Desk) -> str:
    assert desk.post("/konton/ansokningar", PLAN).status_code == 303
    return applications.listed(bevara.rooms.real_store)[0].id


def answered(desk: Desk, id_: str, yes: bool, by: str, note: str = "") -> int:
    said = {"svar": "ja" if yes else "nej", "by": by, "note": note}
    return desk.post(f"/konton/ansokningar/{id_}/svar", said).status_code


def test_an_application_is_approved_by_the_manager_and_then_the_information_officer(
    bevara: Bevara, desk: Desk
) -> None:
    bevara.browser().on_practice().save(capture("Övning", platform="practice"))
    register.add(bevara.rooms.real_store, "https://www.facebook.com/storkoping", "Storköping")
    id_ = applied(bevara, desk)
    assert "<b>1</b> <span>ansökan om konto att svara på" in desk.get("/").text
    assert "Väntar på närmaste chef" in desk.get("/konton/ansokningar").text
    assert answered(desk, id_, True, "Chefen Lind") == 303
    assert "Väntar på informatören" in desk.get("/konton/ansokningar").text
    assert answered(desk, id_, True, "Ivar Informatör") == 303
    page = desk.get("/konton/ansokningar").text
    assert "Godkänd" in page and "godkänd av Chefen Lind" in page and "godkänd av Ivar Informatör" in page
    assert "ansökan om konto" not in desk.get("/").text
    assert verify(bevara.rooms.real_store).findings == []


def test_a_no_needs_a_reason_and_ends_it(bevara: Bevara, desk: Desk) -> None:
    id_ = applied(bevara, desk)
    assert answered(desk, id_, False, "Chefen Lind") == 422
    assert answered(desk, id_, False, "Chefen Lind", "Samma sida finns redan") == 303
    page = desk.get("/konton/ansokningar").text
    assert "Avslagen" in page and "Samma sida finns redan" in page
    assert answered(desk, id_, True, "Ivar Informatör") == 409


@pytest.mark.parametrize("field", PLAN)
def test_a_plan_without_a_part_says_which_and_keeps_the_rest(desk: Desk, field: str) -> None:
    answer = desk.post("/konton/ansokningar", {**PLAN, field: " "})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert all(words in answer.text for name, words in PLAN.items() if name != field)


@pytest.mark.parametrize("field", ["by", "note"])
def test_too_long_an_answer_is_said_at_its_field(bevara: Bevara, desk: Desk, field: str) -> None:
    id_ = applied(bevara, desk)
    said = {"svar": "ja", "by": "Chefen Lind", "note": "", field: "x" * 4001}
    answer = desk.post(f"/konton/ansokningar/{id_}/svar", said)
    assert answer.status_code == 422 and f'id="{field}-{id_}-error"' in answer.text


def test_a_link_is_published_with_whose_opinions_they_are_until_it_is_removed(
    bevara: Bevara, desk: Desk
) -> None:
    assert desk.post("/konton/lankar", LINK).status_code == 303
    html = desk.get("/konton/lankar.html").text
    assert elected.OPINIONS in html and '<a href="https://ciadahl.example/blogg">Cia Dahl (S)</a>' in html
    assert "Cia Dahl" in desk.get("/konton/lankar.csv").text
    [link] = elected.listed(bevara.rooms.real_store)
    assert desk.post(f"/konton/lankar/{link.id}/ta-bort", {"removed_by": ""}).status_code == 422
    assert desk.post(f"/konton/lankar/{link.id}/ta-bort", {"removed_by": "Ek"}).status_code == 303
    assert desk.post(f"/konton/lankar/{link.id}/ta-bort", {"removed_by": "Ek"}).status_code == 404
    assert "Cia Dahl" not in desk.get("/konton/lankar.html").text
    assert "Borttagen av Ek" in desk.get("/konton/lankar").text
    assert "ciadahl" not in desk.get("/konton").text
    assert verify(bevara.rooms.real_store).findings == []


@pytest.mark.parametrize("field,bad", [
    ("name", ""), ("name", "x" * 201), ("by", ""), ("address", "javascript:alert(1)"), ("address", "ciadahl"),
    ("address", "https://a@b.example"), ("address", "https://a b.example"), ("address", "https://[x"),
    ("address", "https://x.example/" + "x" * 2000),
])
def test_a_bad_link_is_said_at_its_field(desk: Desk, field: str, bad: str) -> None:
    answer = desk.post("/konton/lankar", {**LINK, field: bad})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text


def test_what_is_typed_is_shown_as_text(desk: Desk) -> None:
    hostile = '<script>alert(1)</script>"'
    desk.post("/konton/lankar", {**LINK, "name": hostile, "address": 'https://x.example/"><script>'})
    desk.post("/konton/ansokningar", {**PLAN, "activity": hostile})
    for path in ("/konton/lankar", "/konton/lankar.html", "/konton/ansokningar"):
        assert "<script>alert" not in desk.get(path).text and '"><script>' not in desk.get(path).text
