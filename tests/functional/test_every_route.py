"""Walks every route that the app has. A route that somebody adds is closed, or named here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.routing import AnyConverter, BaseConverter, Rule, UUIDConverter
from werkzeug.test import TestResponse

from tests.client import PORT, Bevara, Desk, check_answer, running
from tests.factories import blob_name, new_id

OPEN_TO_ALL = {"static", "health", "identity.start"}
"""Look, version, and the address that signs its reader in with a key that works once."""
OWN_SECRET = {"identity.control"}
"""Needs the token that lies in the data folder."""
FIRST_WORDS = {"identity_api.hello", "identity_api.pair"}
"""What a browser may say before it is known; pairing carries a signature of its own."""
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Call:
    """One method of one route, with an address that it takes."""

    method: str
    path: str
    endpoint: str

    @property
    def kind(self) -> str:
        """Return which guard the route stands behind."""
        if self.path.startswith("/api/"):
            return "api"
        if self.endpoint.startswith("practice."):
            return "practice"
        return "open" if self.endpoint in OPEN_TO_ALL | OWN_SECRET else "desk"

    @property
    def changes(self) -> bool:
        """Tell whether the call may change something."""
        return self.method not in SAFE


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bevara]:
    with running(tmp_path_factory.mktemp("walked")) as bevara:
        yield bevara


@pytest.fixture
def calls(walked: Bevara) -> list[Call]:
    return calls_of(walked)


def calls_of(bevara: Bevara) -> list[Call]:
    """Return every method of every route, HEAD aside, which is GET."""
    adapter = bevara.app.url_map.bind("x")
    return [Call(method, adapter.build(rule.endpoint, filled(rule), method=method), rule.endpoint)
            for rule in bevara.app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD"})]


def filled(rule: Rule) -> dict[str, str]:
    """Return something that fits each part of a route's address."""
    return {name: fitting(name, part) for name, part in rule._converters.items()}


def fitting(name: str, part: BaseConverter) -> str:
    """Return a value for the part `name` of an address."""
    if isinstance(part, AnyConverter):
        return min(part.items)
    known = {"filename": "desk.css", "what": "open", "name": blob_name(b"")}
    return new_id() if isinstance(part, UUIDConverter) else known.get(name, new_id())


def ask(bevara: Bevara, call: Call, host: str | None = None, **headers: str) -> TestResponse:
    """Make a call as a stranger; to the address where the call lives, unless another is given."""
    home = {"api": f"127.0.0.1:{PORT}", "practice": f"localhost:{PORT}"}
    at = host or home.get(call.kind, desk_host(bevara))
    return bevara.app.test_client().open(call.path, method=call.method, base_url=f"http://{at}",
                                         headers={"Host": at, **headers})


def desk_host(bevara: Bevara) -> str:
    return f"{bevara.rooms.instance}.localhost:{PORT}"


def code(answer: TestResponse) -> Any:
    return json.loads(answer.data)["code"]


def test_the_list_of_what_is_open_is_this_one(calls: list[Call]) -> None:
    assert {call.endpoint for call in calls if call.kind == "open"} == OPEN_TO_ALL | OWN_SECRET
    assert {call.endpoint for call in calls} >= FIRST_WORDS
    assert sum(call.kind == "desk" for call in calls) > 20


def test_the_desk_is_closed_to_a_stranger_and_says_how_to_open_it(
    walked: Bevara, calls: list[Call]
) -> None:
    for call in calls:
        if call.kind == "desk":
            answer = ask(walked, call)
            assert answer.status_code == 401, call
            assert "bevara open" in answer.text, call
            assert answer.headers["Cache-Control"] == "no-store", call


def test_the_desk_is_closed_on_every_other_address(walked: Bevara, calls: list[Call]) -> None:
    owner = Desk(walked)
    cookie = owner.http.get_cookie("bevara", domain=owner.host.partition(":")[0])
    assert cookie is not None
    for call in calls:
        if call.kind == "desk":
            for host in (f"127.0.0.1:{PORT}", f"localhost:{PORT}"):
                answer = ask(walked, call, host, Cookie=f"bevara={cookie.value}")
                assert answer.status_code == 421 or answer.headers.get("Location") == "/torget/", call


def test_the_api_takes_no_call_without_a_signature(walked: Bevara, calls: list[Call]) -> None:
    for call in calls:
        if call.kind == "api" and call.endpoint not in FIRST_WORDS:
            answer = ask(walked, call, **{"Content-Type": "application/json"})
            assert (answer.status_code, code(answer)) == (401, "unsigned"), call
            check_answer(answer, None, walked.rooms.keys.public)


def test_the_owner_of_the_desk_is_nobody_to_the_api(walked: Bevara, calls: list[Call]) -> None:
    owner = Desk(walked)
    for call in calls:
        if call.kind == "api" and call.endpoint not in FIRST_WORDS:
            answer = owner.http.open(call.path, method=call.method, headers={"Host": owner.host},
                                     base_url=f"http://{owner.host}")
            assert answer.status_code == 401, call


def test_no_form_is_taken_without_its_token(walked: Bevara, calls: list[Call]) -> None:
    owner = Desk(walked)
    for call in calls:
        if call.kind == "desk" and call.changes:
            for form in ({}, {"csrf": ""}, {"csrf": "fel"}):
                answer = owner.http.open(call.path, method=call.method, data=form,
                                         headers={"Host": owner.host},
                                         base_url=f"http://{owner.host}")
                assert answer.status_code == 403, call


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.test"}, {"Origin": "http://evil.test"},
    {"Origin": f"http://127.0.0.1:{PORT + 1}", "Sec-Fetch-Site": "same-site"},
])
def test_no_other_page_changes_anything(
    walked: Bevara, calls: list[Call], headers: dict[str, str]
) -> None:
    owner = Desk(walked)
    for call in calls:
        if call.changes:
            host = owner.host if call.kind in ("desk", "open") else None
            client = {"Cookie": f"bevara={cookie_of(owner)}"} if host else {}
            answer = ask(walked, call, host, **headers, **client)
            assert answer.status_code == 403, call
            assert call.kind != "api" or code(answer) == "foreign_origin", call


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}, {"Origin": "null"},
    {"Origin": f"http://localhost:{PORT}"}, {"Origin": "file://"},
])
def test_no_page_reads_from_the_api(
    walked: Bevara, calls: list[Call], headers: dict[str, str]
) -> None:
    for call in calls:
        if call.kind == "api":
            answer = ask(walked, call, **headers)
            assert (answer.status_code, code(answer)) == (403, "foreign_origin"), call
            assert "Access-Control-Allow-Origin" not in answer.headers, call


@pytest.mark.parametrize("host", ["evil.test", f"evil.test:{PORT}", f"127.0.0.1:{PORT + 1}",
                                  f"x.localhost:{PORT}"])
def test_no_route_answers_under_another_name(
    walked: Bevara, calls: list[Call], host: str
) -> None:
    for call in calls:
        answer = ask(walked, call, host)
        assert answer.status_code == 421, call
        assert call.kind != "api" or code(answer) == "unknown_host", call


def test_a_route_that_is_added_without_thought_is_closed(walked: Bevara) -> None:
    from flask import Blueprint, Flask

    from bevara.identity import guard
    from bevara.web import answers, hosts, pages, translations

    thoughtless = Blueprint("thoughtless", __name__)
    for path in ("/nytt", "/api/v1/new"):
        thoughtless.add_url_rule(path, path.replace("/", "_"), lambda: "hemligt",
                                 methods=["GET", "POST", "PATCH"])
    app = Flask("bevara.app", template_folder="web/templates")
    app.extensions["bevara"] = walked.rooms
    hosts.guard(app)
    guard.guard(app)
    answers.handle_errors(app)
    pages.prepare(app)
    translations.prepare(app)
    app.register_blueprint(thoughtless)
    for method in ("GET", "POST", "PATCH"):
        for path, host in (("/nytt", desk_host(walked)), ("/api/v1/new", f"127.0.0.1:{PORT}")):
            answer = app.test_client().open(path, method=method, headers={"Host": host},
                                            base_url=f"http://{host}")
            assert answer.status_code in (401, 500) and b"hemligt" not in answer.data, (method, path)


def cookie_of(desk: Desk) -> str:
    """Return the owner's cookie."""
    found = desk.http.get_cookie("bevara", domain=desk.host.partition(":")[0])
    assert found is not None
    return found.value
