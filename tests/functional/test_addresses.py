"""Bevara answers under its own names only, and never to a web page."""

import pytest

from tests.client import PORT, Bevara, Desk, Device, problem

PATHS = ["/", "/start?key=x", "/kommentarer", "/torget/", "/health", "/api/v1/setup", "/control/open",
         "/static/desk.css", "/nothing"]


@pytest.mark.parametrize("host", [
    "evil.test", f"evil.test:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", f"localhost.evil.se:{PORT}",
    f"evil.localhost:{PORT}", f"127.0.0.1.nip.io:{PORT}", f"[::1]:{PORT}", f"0.0.0.0:{PORT}", "",
])
@pytest.mark.parametrize("path", PATHS)
def test_another_name_is_refused(bevara: Bevara, host: str, path: str) -> None:
    for method in ("GET", "POST", "PUT", "OPTIONS"):
        answer = bevara.app.test_client().open(path, method=method, headers={"Host": host})
        assert answer.status_code == 421, (host, path, method)


@pytest.mark.parametrize("origin", [
    "https://evil.test", "http://evil.test", f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}",
    "null",
])
def test_a_web_page_gets_nothing_from_the_api(
    bevara: Bevara, browser: Device, origin: str
) -> None:
    for method, path in [("POST", "/api/v1/hello"), ("POST", "/api/v1/pairing"),
                         ("GET", "/api/v1/setup")]:
        answer = browser.send(method, path, b"{}", headers={"Origin": origin})
        assert problem(answer)[:2] == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_form_on_another_page_changes_nothing(desk: Desk) -> None:
    for headers in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"},
                    {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
                    {"Origin": f"http://localhost:{PORT}"}):
        answer = desk.post("/koppla", headers=headers)
        assert answer.status_code == 403, headers
    assert desk.post("/koppla", headers={"Origin": f"http://{desk.host}",
                                         "Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_every_answer_keeps_other_pages_out(bevara: Bevara, desk: Desk) -> None:
    for path in ("/", "/kommentarer", "/kontroll", "/nothing"):
        headers = desk.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
