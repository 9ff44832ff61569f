"""The desk opens with an address that works once, and every form carries its session's token."""

import time

import pytest

from bevara.identity import sessions
from tests.client import PORT, Bevara


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
