"""Gemensam: whatever a form says of who sends it, it is the user who is signed in. Two persons are
two users, and closed content is shown to the user who is on the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bevara.accounts import applications
from bevara.identity import permitted
from bevara.kernel.tables import documents
from tests.client import Device
from tests.factories import capture
from tests.shared_house import AT, House, Person, shared_house

FORGED = "Falsk Person"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with shared_house(tmp_path) as house:
        yield house


@pytest.fixture
def rut(house: House) -> Person:
    return house.person("Rut Ek", "registrator")


def saved(house: House, **changes: object) -> str:
    device = Device(house, AT)
    assert device.pair(house.rooms.pairing.open()).status_code == 201
    return str(device.save(capture("Hemligt ord", **changes)).get_json()["record_id"])


def said(house: House, kind: str) -> list[dict[str, object]]:
    """Return every document of a kind, oldest first."""
    with house.rooms.real_store.read() as connection:
        rows = connection.execute(select(documents.c.body).where(documents.c.kind == kind)
                                  .order_by(documents.c.ledger_index))
        return [json.loads(row.body) for row in rows]


def addresses(page: str) -> list[str]:
    return re.findall(r"/godkann/[\w-]+", page)[::2]


def test_two_different_users_have_to_approve_that_a_comment_is_erased(
    house: House, rut: Person
) -> None:
    record = saved(house)
    chief = house.person("Nils Chef", "närmaste chef")
    path = f"/kommentarer/{record}/sparrad"
    assert rut.post(f"/kommentarer/{record}/sparra", {"by": FORGED, "reason": "Fel"}
                    ).status_code == 303
    first, second = addresses(rut.post(path, {"purpose": "erase"}).text)
    assert rut.post(first, {"by": FORGED}).status_code == 200
    again = rut.post(second, {"by": "En helt annan"})
    assert again.status_code == 422 and "Det namnet har redan godkänt" in again.text
    assert "Hemligt ord" not in chief.get(path).text
    assert chief.post(second).status_code == 303
    page = rut.get(path).text
    assert "Raderad kommentar" in page and "Rut Ek" in page and "Nils Chef" in page
    assert FORGED not in page


def test_lifting_what_is_withheld_takes_two_users_too(house: House, rut: Person) -> None:
    record = saved(house)
    moderator = house.person("Maja Lind", "moderator")
    assert moderator.post(f"/kommentarer/{record}/sparra", {"reason": "Fel"}).status_code == 303
    assert moderator.post(f"/kommentarer/{record}/sparrad", {"purpose": "lift"}).status_code == 403
    first, second = addresses(rut.post(f"/kommentarer/{record}/sparrad", {"purpose": "lift"}).text)
    assert moderator.post(first).status_code == 403
    assert rut.post(first).status_code == 200 and rut.post(second).status_code == 422
    assert house.person("Rasmus Bo", "registrator").post(second).status_code == 303
    assert "Hemligt ord" in rut.get(f"/kommentarer/{record}").text


def test_closed_content_is_shown_to_the_user_who_is_on_the_list_and_to_no_other(
    house: House, rut: Person
) -> None:
    record = saved(house, possible_secrecy=True)
    look = {"vem": "Rut Ek", "andamal": "assess"}
    other = house.person("Rasmus Bo", "registrator")
    moderator = house.person("Maja Lind", "moderator")
    assert rut.post(f"/kommentarer/{record}/visa", look).status_code == 422
    officer = house.person("Inga Form", "informatör")
    for name, status in (("Ingen Alls", 422), ("rut ek", 303), ("Maja Lind", 303)):
        role = {"role": "registrar"}
        assert officer.post("/skyddat-innehall", {"name": name, **role}).status_code == status
    assert {one.name for one in permitted.everyone(house.rooms.real_store)} == {
        "Rut Ek", "Maja Lind"}
    refused = other.post(f"/kommentarer/{record}/visa", look)
    assert refused.status_code == 422 and "Hemligt ord" not in refused.text
    assert "Du är inte en av dem" in other.get(f"/kommentarer/{record}").text
    assert moderator.post(f"/kommentarer/{record}/visa", look).status_code == 403
    shown = rut.post(f"/kommentarer/{record}/visa", {**look, "vem": "Rasmus Bo"}).text
    assert "Hemligt ord" in shown
    assert [one["by"] for one in said(house, "viewing")] == ["Rut Ek"]
    key = re.search(r"visning=([\w-]+)", shown)
    assert key is not None
    proof = f"/kommentarer/{record}/bevis.zip?visning={key[1]}"
    assert rut.get(proof).status_code == 200
    assert other.get(proof).status_code == 403, "a viewing is its user's own"


def test_a_second_assessor_is_a_second_user(house: House, rut: Person) -> None:
    record = saved(house)
    rut.post(f"/kommentarer/{record}/skal", {"skal": "incitement"})
    path = f"/kommentarer/{record}/bedomning"
    form = {"kategori": "incitement", "sett": "0"}
    for name in ("Rut Ek", FORGED):
        rut.post(path, {**form, "av": name})
    assert {one["by"] for one in said(house, "assessment")} <= {"Rut Ek"}
    house.person("Rasmus Bo", "registrator").post(path, {**form, "sett": "1", "av": "Rut Ek"})
    assert {one["by"] for one in said(house, "assessment")} <= {"Rut Ek", "Rasmus Bo"}


def test_no_form_is_kept_under_a_name_that_was_typed(house: House, rut: Person) -> None:
    record = saved(house)
    typed = dict.fromkeys(("av", "by", "vem", "removed_by"), FORGED)
    rut.post(f"/kommentarer/{record}/registrering", {
        **typed, "beslut": "register", "sett": "0", "inkom": "2026-11-24", "arende": "new",
        "avsandare": "Privatperson", "rubrik": "Borttagen kommentar", "diarium": "KS",
        "namnd": "KS", "handlingstyp": "Kommentar", "riktning": "received",
        "precision": "day", "bevaras": "keep"})
    rut.post(f"/kommentarer/{record}/bedomning", {**typed, "kategori": "hate_speech", "sett": "0"})
    officer = house.person("Inga Form", "informatör")
    officer.post("/konton/lankar", {**typed, "name": "Partiet", "address": "https://x.se/"})
    with house.rooms.real_store.read() as connection:
        bodies = [row.body for row in connection.execute(select(documents.c.body))]
    assert len(bodies) > 1
    assert not [body for body in bodies if FORGED.encode() in body]


def test_the_manager_and_the_information_officer_answer_each_for_themselves(house: House) -> None:
    chief, officer = house.person("Nils Chef", "närmaste chef"), house.person("Ivar Ek", "informatör")
    plan = dict.fromkeys(("applicant", "stand_in", *applications.PARTS), "Anna Berg")
    assert chief.post("/konton/ansokningar", plan).status_code == 303
    [application] = applications.listed(house.rooms.real_store)
    path = f"/konton/ansokningar/{application.id}/svar"
    assert "Godkänn ansökan" not in officer.get("/konton/ansokningar").text
    assert officer.post(path, {"svar": "ja"}).status_code == 403
    assert chief.post(path, {"svar": "ja"}).status_code == 303
    assert chief.post(path, {"svar": "ja"}).status_code == 403
    assert officer.post(path, {"svar": "ja", "by": FORGED}).status_code == 303
    assert [one["by"] for one in said(house, applications.ANSWER)] == ["Nils Chef", "Ivar Ek"]


def test_a_search_for_a_person_is_logged_for_who_is_signed_in_and_shown_to_the_officer(
    house: House, rut: Person
) -> None:
    assert 'name="av"' not in rut.get("/kommentarer/sok-avsandare").text
    asked = {"namn": "Tobias", "av": FORGED, "andamal": "case"}
    assert rut.post("/kommentarer/sok-avsandare", asked).status_code == 200
    officer = house.person("Ivar Ek", "informatör")
    log = officer.get("/kontroll").text
    assert "Rut Ek: Handlägga ett ärende." in log and FORGED not in log
    assert rut.get("/kontroll").status_code == 403
