"""Gemensam: who gets in, with what, for how long, and what the browser is told to keep."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bevara.identity import passwords, sessions, users
from bevara.kernel.tables import ledger_entries
from tests.client import Device, problem
from tests.shared_house import AT, HOST, PASSWORD, PORT, House, Person, shared_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with shared_house(tmp_path) as house:
        yield house


@pytest.fixture
def anna(house: House) -> Person:
    return house.person("Anna Berg", "administratör")


def log(house: House) -> list[dict[str, object]]:
    """Return what the ledger says of users."""
    with house.rooms.real_store.read() as connection:
        rows = connection.execute(select(ledger_entries.c.entry).order_by(ledger_entries.c.idx))
        found = [json.loads(row.entry) for row in rows]
    return [one for one in found if one.get("kind") == "user"]


def test_a_stranger_is_led_to_the_page_where_one_signs_in(house: House) -> None:
    stranger = Person(house)
    asked = stranger.get("/kommentarer?flik=alla")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/logga-in?till=%2Fkommentarer%3Fflik%3Dalla"
    assert 'type="password"' in stranger.get("/logga-in").text
    assert stranger.post("/kommentarer/skal").status_code == 401


def test_a_user_signs_in_with_name_and_password_and_lands_where_she_was_going(house: House) -> None:
    house.user("Åsa  Öberg", "moderator")
    anna = Person(house)
    led = anna.sign_in(" åsa öberg ", till="?till=/kommentarer?flik=alla")
    assert led.headers["Location"] == "/kommentarer?flik=alla"
    assert "Åsa Öberg" in anna.get("/").text
    evil = Person(house)
    assert evil.sign_in("Åsa Öberg", till="?till=//evil.test").headers["Location"] == "/"


def test_the_cookie_is_bound_to_this_host_and_to_https(house: House, anna: Person) -> None:
    said = Person(house).post("/logga-in", {"name": "Anna Berg", "password": PASSWORD})
    cookie = said.headers["Set-Cookie"]
    assert cookie.startswith("__Host-bevara=") and "Path=/" in cookie and "Domain" not in cookie
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Strict"))
    assert anna.get("/").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_wrong_name_and_wrong_password_are_not_told_apart(house: House) -> None:
    house.user("Anna Berg", "moderator")
    said = [Person(house).sign_in(*given) for given in (("Anna Berg", "fel"), ("Bo Ek", PASSWORD))]
    assert {one.status_code for one in said} == {422}
    assert said[0].text.replace("Anna Berg", "Bo Ek") == said[1].text


def test_guesses_are_counted_per_name_and_per_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.user("Anna Berg", "moderator")
    guesser = Person(house)
    for _ in range(passwords.GUESSES):
        assert guesser.sign_in("Anna Berg", "fel").status_code == 422
    assert guesser.sign_in("ANNA berg").status_code == 429, "the right one too, for a while"
    for number in range(passwords.GUESSES_FROM_ONE_ADDRESS - passwords.GUESSES):
        assert guesser.sign_in(f"Namn {number}", "fel").status_code == 422
    assert guesser.sign_in("Någon annan", "fel").status_code == 429
    later = time.monotonic() + passwords.SECONDS + 1
    monkeypatch.setattr(passwords.time, "monotonic", lambda: later)
    assert guesser.sign_in("Anna Berg").status_code == 303


def test_who_gets_in_has_used_no_guesses(house: House) -> None:
    house.user("Anna Berg", "moderator")
    for _ in range(passwords.GUESSES_FROM_ONE_ADDRESS + 2):
        assert Person(house).sign_in("Anna Berg").status_code == 303


def test_a_session_ends_unused_at_last_and_when_signed_out(
    house: House, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.monotonic()
    for seconds in range(3600, sessions.LONGEST, 3600):
        monkeypatch.setattr(sessions.time, "monotonic", lambda at=now + seconds: at)
        assert anna.get("/").status_code == 200
    monkeypatch.setattr(sessions.time, "monotonic", lambda: now + sessions.LONGEST + 60)
    assert anna.get("/").status_code == 303
    monkeypatch.undo()
    bo = house.person("Bo Ek", "moderator")
    cookie = bo.cookie()
    monkeypatch.setattr(sessions.time, "monotonic", lambda: now + sessions.IDLE + 600)
    assert bo.get("/").status_code == 303
    monkeypatch.undo()
    assert bo.sign_in("Bo Ek").status_code == 303
    cookie = bo.cookie()
    assert bo.post("/logga-ut").headers["Location"] == "/logga-in"
    assert bo.cookie() is None
    stolen = Person(house).get("/", Cookie=f"__Host-bevara={cookie}")
    assert stolen.status_code == 303


def test_a_new_user_chooses_a_password_at_an_address_that_works_once(
    house: House, anna: Person
) -> None:
    page = anna.post("/anvandare", {"name": "Bo Ek", "roles": ["moderator"]}).text
    address = page.partition('<code class="exact">')[2].partition("<")[0]
    path = address.removeprefix(f"https://{AT}")
    bo = Person(house)
    assert "Bo Ek" in bo.get(path).text
    for first, second, field in (("kort", "kort", "password"), ("bo ek bo ek bo", "", "password"),
                                 ("aaaaaaaaaaaaa", "", "password"), ("x" * 201, "", "password"),
                                 (PASSWORD, PASSWORD + "x", "again")):
        refused = bo.post(path, {"password": first, "again": second})
        assert refused.status_code == 422 and f'id="{field}-error"' in refused.text
    assert bo.post(path, {"password": PASSWORD, "again": PASSWORD}).headers["Location"] == "/"
    assert bo.get("/").status_code == 200
    assert bo.get(path).status_code == 404
    assert Person(house).post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 404


def test_a_new_password_ends_every_other_session_of_its_user(house: House, anna: Person) -> None:
    elsewhere = Person(house)
    assert elsewhere.sign_in("Anna Berg").status_code == 303
    new = "helt andra ord nu"
    form = {"old": "fel", "password": new, "again": new}
    anna.csrf = csrf_of(anna)
    assert anna.post("/losenord", form).status_code == 422
    assert anna.post("/losenord", form | {"old": PASSWORD}).status_code == 303
    assert anna.get("/").status_code == 200 and elsewhere.get("/").status_code == 303
    assert Person(house).sign_in("Anna Berg").status_code == 422
    assert Person(house).sign_in("Anna Berg", new).status_code == 303


def csrf_of(person: Person) -> str:
    """Return the form token that the person's own page holds."""
    return person.get("/").text.partition('name="csrf" value="')[2].partition('"')[0]


def test_an_administrator_changes_roles_closes_users_and_ends_sessions(
    house: House, anna: Person
) -> None:
    bo, cecilia = house.person("Bo Ek", "moderator"), house.person("Cecilia Dahl", "registrator")
    ids = {one.name: one.id for one in listed(house)}
    assert bo.get("/leveranser").status_code == 403
    answer = anna.post(f"/anvandare/{ids['Bo Ek']}/roller", {"roles": ["moderator", "registrator"]})
    assert answer.status_code == 303 and bo.get("/leveranser").status_code == 200
    session = next(one for one in house.rooms.sessions.ongoing() if one.user == ids["Bo Ek"])
    anna.post(f"/anvandare/inloggningar/{session.id}/avsluta")
    assert bo.get("/").status_code == 303
    assert anna.post(f"/anvandare/{ids['Cecilia Dahl']}/avsluta").status_code == 303
    assert cecilia.get("/").status_code == 303 and cecilia.sign_in("Cecilia Dahl").status_code == 422
    again = anna.post("/anvandare", {"name": "cecilia DAHL", "roles": ["arkivarie"]})
    assert again.status_code == 409 and 'id="name-error"' in again.text


def test_the_browsers_of_a_closed_user_save_nothing_more(house: House, anna: Person) -> None:
    bo = house.person("Bo Ek", "moderator")
    code = re.search(r"data-code>([\w-]+)<", bo.post("/koppla").text)
    assert code is not None
    device, other = Device(house, AT), Device(house, AT)
    assert device.pair(code[1]).status_code == 201
    assert other.pair(house.rooms.pairing.open()).status_code == 201
    assert device.get("/api/v1/setup").status_code == 200
    bo_id = next(one.id for one in listed(house) if one.name == "Bo Ek")
    anna.csrf = csrf_of(anna)
    assert anna.post(f"/anvandare/{bo_id}/avsluta").status_code == 303
    assert problem(device.get("/api/v1/setup"))[:2] == (401, "revoked_device")
    assert other.get("/api/v1/setup").status_code == 200


@pytest.mark.parametrize("ahead, status", [(290, 200), (-290, 200), (310, 401), (-310, 401)])
def test_the_clocks_of_a_shared_bevara_may_differ_by_five_minutes(
    house: House, ahead: int, status: int
) -> None:
    device = Device(house, AT)
    assert device.pair(house.rooms.pairing.open()).status_code == 201
    house.clock.offset = ahead
    answer = device.get("/api/v1/setup")
    assert answer.status_code == status
    if status == 401:
        assert problem(answer)[1] == "stale_signature" and "5 minuter" in answer.get_json()["detail"]


def test_there_is_always_an_administrator_and_no_user_without_a_role(
    house: House, anna: Person
) -> None:
    id_ = listed(house)[0].id
    assert anna.post(f"/anvandare/{id_}/avsluta").status_code == 409
    assert anna.post(f"/anvandare/{id_}/roller", {"roles": ["moderator"]}).status_code == 409
    assert anna.post(f"/anvandare/{id_}/roller", {}).status_code == 422
    assert anna.post(f"/anvandare/{id_}/roller", {"roles": ["kejsare"]}).status_code == 422
    assert anna.get("/anvandare").status_code == 200


def listed(house: House) -> list[users.User]:
    return list(users.everyone(house.rooms.real_store))


def test_what_happens_to_users_is_logged_and_never_a_password(house: House, anna: Person) -> None:
    page = anna.post("/anvandare", {"name": "Bo Ek", "roles": ["moderator"]}).text
    path = page.partition('<code class="exact">')[2].partition("<")[0].partition(AT)[2]
    Person(house).post(path, {"password": PASSWORD, "again": PASSWORD})
    anna.post("/logga-ut")
    said = [(one["what"], one["by"]) for one in log(house)]
    assert said == [("added", "bevara user"), ("password", "Anna Berg"), ("signed_in", "Anna Berg"),
                    ("added", "Anna Berg"), ("password", "Bo Ek"), ("signed_in", "Bo Ek"),
                    ("signed_out", "Anna Berg")]
    assert PASSWORD not in json.dumps(log(house), ensure_ascii=False)
    assert "argon2" not in json.dumps(log(house))
    house.rooms.real_store.write(lambda tx: None)
    for file in (house.rooms.config.data_dir / "register").iterdir():
        if file.is_file():
            assert PASSWORD.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("host", [f"localhost:{PORT}", f"127.0.0.1:{PORT}", "evil.test", HOST,
                                  f"{HOST}:{PORT + 1}", f"x.{HOST}:{PORT}"])
def test_only_the_names_of_the_settings_are_answered(house: House, host: str) -> None:
    person = Person(house)
    person.host = host
    assert person.get("/logga-in").status_code == 421
    assert person.post("/api/v1/hello").status_code == 421
    person.host = f"annat.storkoping.test:{PORT}"
    assert person.get("/logga-in").status_code == 200


def test_a_form_of_another_page_signs_nobody_in(house: House) -> None:
    house.user("Anna Berg", "moderator")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"},
                    {"Origin": f"http://{AT}"}):
        answer = Person(house).post("/logga-in", {"name": "Anna Berg", "password": PASSWORD},
                                    **headers)
        assert answer.status_code == 403
    own = Person(house).post("/logga-in", {"name": "Anna Berg", "password": PASSWORD},
                             Origin=f"https://{AT}")
    assert own.status_code == 303


def test_the_owners_address_lets_nobody_in_where_there_are_users(house: House) -> None:
    key = house.rooms.sessions.invite()
    assert Person(house).get(f"/start?key={key}").status_code == 401


def test_practice_is_on_a_computer_of_ones_own(house: House) -> None:
    anna = house.person("Anna Berg", "registrator")
    for path in ("/ovning", "/ovning/kommentarer", "/torget/"):
        assert anna.get(path).status_code in (403, 404), path
    assert "/ovning" not in anna.get("/").text
