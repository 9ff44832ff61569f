"""Walks every route role by role: the table says who may, and nobody else may. A route that somebody
adds is in the table, or closed to everyone.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bevara.accounts import register
from bevara.identity import access, permitted, users
from tests.client import Bevara, Device, running
from tests.factories import capture, incident, new_id
from tests.functional.test_every_route import Call, calls_of
from tests.shared_house import AT, House, Person, shared_house

NEVER = "kejsare"
ELSEWHERE = access.OPEN | access.SIGNING_IN | access.UNPAIRED | access.DEVICES | access.PRACTICE


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with shared_house(tmp_path_factory.mktemp("roles")) as house:
        yield house


@pytest.fixture(scope="module")
def people(house: House) -> dict[str, Person]:
    """One person for each role, signed in."""
    return {role: signed(house, role) for role in users.ROLES}


def signed(house: House, role: str) -> Person:
    person = house.person(f"Person {role}", role)
    assert person.csrf
    return person


def desk_calls(bevara: Bevara) -> list[Call]:
    return [call for call in calls_of(bevara)
            if call.endpoint not in ELSEWHERE and call.method != "OPTIONS"]


def test_every_endpoint_is_listed_once_and_none_is_left_over(house: House) -> None:
    made = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    listed = [*access.OPEN, *access.SIGNING_IN, *access.UNPAIRED, *access.DEVICES,
              *access.PRACTICE, *access.ALLOWED]
    assert len(listed) == len(set(listed))
    assert set(listed) == made, "say in identity/access.py who may reach what is new"
    named = [name for names in access._TABLE.values() for name in names.split()]
    assert len(named) == len(set(named))


def test_every_role_reaches_what_the_table_says_and_nothing_else(
    house: House, people: dict[str, Person]
) -> None:
    for role, person in people.items():
        for call in desk_calls(house):
            if call.endpoint == "signing.sign_out":
                continue
            answer = person.http.open(
                call.path, method=call.method, base_url=f"https://{AT}",
                data={"csrf": person.csrf} if call.changes else None)
            refused = answer.status_code == 403
            assert refused == (role not in access.ALLOWED[call.endpoint]), (role, call, answer)
            assert answer.status_code not in (401, 500), (role, call)


def test_nobody_reaches_what_is_not_in_the_table(
    house: House, people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(access.ALLOWED, "web.guide")
    assert [person.get("/hjalp").status_code for person in people.values()] == [403] * len(people)


def test_the_owner_of_one_computer_neither_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(access.ALLOWED, "web.guide")
    with running(tmp_path) as bevara:
        assert bevara.desk().get("/hjalp").status_code == 403
        assert bevara.desk().get("/tillganglighet").status_code == 200


def test_a_stranger_reaches_nothing(house: House) -> None:
    stranger = Person(house)
    for call in desk_calls(house):
        answer = stranger.http.open(call.path, method=call.method, base_url=f"https://{AT}")
        assert answer.status_code == (401 if call.changes else 303), call
        assert call.changes or answer.headers["Location"].startswith("/logga-in"), call


def test_no_form_is_taken_without_its_token(house: House, people: dict[str, Person]) -> None:
    for call in desk_calls(house):
        if call.changes:
            for person in people.values():
                answer = person.http.open(call.path, method=call.method, data={"csrf": "fel"},
                                          base_url=f"https://{AT}")
                assert answer.status_code == 403, call


def test_a_signed_in_user_is_nobody_to_the_api(house: House, people: dict[str, Person]) -> None:
    for call in calls_of(house):
        if call.endpoint in access.DEVICES:
            answer = people["registrator"].http.open(call.path, method=call.method,
                                                     base_url=f"https://{AT}")
            assert answer.status_code == 401, call


class Led(HTMLParser):
    """Where a page leads: its links, and what its forms and buttons send to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a" and (told.get("href") or "").startswith("/"):
            self.found.add(("GET", told["href"] or ""))
        if tag == "form" and (told.get("action") or "").startswith("/"):
            self.found.add(((told.get("method") or "get").upper(), told["action"] or ""))


def fill(house: House) -> list[str]:
    """Put accounts, comments and incidents in it; return the records' ids."""
    device = Device(house, AT)
    assert device.pair(house.rooms.pairing.open()).status_code == 201
    register.add(house.rooms.real_store, "https://www.facebook.com/storby", "Storby")
    permitted.add(house.rooms.real_store, "Person registrator", "registrar")
    found = [device.save(capture(f"Kommentar {number}", possible_secrecy=number == 1))
             .get_json()["record_id"] for number in range(3)]
    happened = incident("unseen_deletion")
    device.put(f"incidents/{happened['id']}", happened)
    assert device.put(f"account-questions/{new_id()}", {
        "platform": "facebook", "answer": "ours", "at": "2026-11-24T10:00:00Z", "moderator": None,
        "owner": {"id": None, "name": "Bad", "url": "https://www.facebook.com/bad"}},
    ).status_code == 201
    return found


def test_no_page_leads_anyone_to_what_they_may_not_do(
    house: House, people: dict[str, Person]
) -> None:
    records = fill(house)
    withheld = people["moderator"].post(f"/kommentarer/{records[2]}/sparra", {"reason": "Fel"})
    assert withheld.status_code == 303
    assert "saknar skäl" in people["moderator"].get("/").text
    adapter = house.app.url_map.bind("x")
    for role, person in people.items():
        seen, waiting = set[str](), ["/"]
        while waiting:
            page = waiting.pop()
            if page in seen or page.startswith(("/sprak/", "/static/")) or len(seen) > 80:
                continue
            seen.add(page)
            answer = person.get(page)
            assert answer.status_code != 403, (role, page)
            if answer.mimetype != "text/html":
                continue
            for method, path in Led(answer.text).found:
                endpoint, _ = adapter.match(path.partition("#")[0].partition("?")[0], method)
                allowed = role in access.ALLOWED.get(endpoint, ()) or endpoint in access.OPEN
                assert allowed, (role, page, method, path)
                if method == "GET":
                    waiting.append(path.partition("#")[0])
        assert len(seen) > 3, role
