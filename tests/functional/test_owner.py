"""The desk opens with an address that works once, and every form carries its session's token."""

import time

import pytest

from bevara.identity import sessions
from tests.client import PORT, Bevara, Desk
from tests.factories import new_id


def pages(bevara: Bevara, method: str) -> list[str]:
    """Return every address of the desk, with something in the place of each id."""
    rules = [rule for rule in bevara.app.url_map.iter_rules()
             if method in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/torget"))
             and rule.endpoint not in ("static", "identity.start", "identity.control", "health",
                                       "practice.static")]
    with bevara.app.test_request_context(headers={"Host": f"localhost:{PORT}"}):
        from flask import url_for

        return [url_for(rule.endpoint, **{name: "ovning" if name == "practice" else new_id()
                                         for name in rule.arguments})
                for rule in rules]


def test_every_page_is_closed_to_a_stranger(bevara: Bevara) -> None:
    host = f"{bevara.rooms.instance}.localhost:{PORT}"
    found = pages(bevara, "GET")
    assert len(found) >= 7
    for path in found:
        answer = bevara.app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 401, path
        assert "bevara open" in answer.text


def test_every_form_needs_its_token(bevara: Bevara, desk: Desk) -> None:
    found = pages(bevara, "POST")
    assert found
    for path in found:
        for token in ("", "fel"):
            answer = desk.post(path, csrf=token)
            assert answer.status_code == 403, path
            assert "Ladda om sidan" in answer.text


def test_every_page_is_closed_on_the_other_addresses(bevara: Bevara, desk: Desk) -> None:
    cookie = desk.http.get_cookie("bevara", domain=desk.host.partition(":")[0])
    assert cookie is not None
    for path in pages(bevara, "GET"):
        answer = bevara.app.test_client().get(path, headers={
            "Host": f"127.0.0.1:{PORT}", "Cookie": f"bevara={cookie.value}"})
        assert answer.status_code == 421, path


def test_the_address_works_once(bevara: Bevara) -> None:
    key = bevara.rooms.sessions.invite()
    host = f"{bevara.rooms.instance}.localhost:{PORT}"
    client = bevara.app.test_client()
    first = client.get(f"/start?key={key}", headers={"Host": host})
    assert (first.status_code, first.headers["Location"]) == (303, "/")
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Expires" not in cookie
    second = bevara.app.test_client().get(f"/start?key={key}", headers={"Host": host})
    assert second.status_code == 401
    assert "Set-Cookie" not in second.headers


def test_the_address_works_for_five_minutes(
    bevara: Bevara, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, now = bevara.rooms.sessions.invite(), time.monotonic()
    monkeypatch.setattr(sessions.time, "monotonic", lambda: now + sessions.SECONDS + 1)
    assert bevara.rooms.sessions.enter(key) is None


def test_control_needs_the_token_in_the_data_folder(bevara: Bevara) -> None:
    client, host = bevara.app.test_client(), {"Host": f"127.0.0.1:{PORT}"}
    path = bevara.rooms.config.data_dir / "control.token"
    token = path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    for given in ("", "Bearer ", "Bearer fel", f"Bearer {token}x"):
        answer = client.post("/control/open", headers={**host, "Authorization": given})
        assert answer.status_code == 404
    right = {**host, "Authorization": f"Bearer {token}"}
    assert client.post("/control/open", headers=right).text.startswith("http://")
    assert client.post("/control/pair", headers=right).text.count("-") == 2
    assert client.post("/control/other", headers=right).status_code == 404
