"""Where the owner's cookie goes: cookies know names and no ports, so the desk has a name of its own."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from running import Running

pytestmark = pytest.mark.browser


class Stranger:
    """Another program on a port of its own, which keeps the cookies that a browser brings, by host name."""

    def __init__(self) -> None:
        self.cookies: dict[str, str | None] = {}
        stranger = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/":
                    stranger.cookies[self.headers["Host"].partition(":")[0]] = self.headers["Cookie"]
                body = b"<!doctype html><title>x</title>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.port = self._server.server_port

    def __enter__(self) -> "Stranger":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def got(self, page: Page, name: str, start: str = "about:blank") -> str | None:
        """Go to this program under a name, typed or from a link on the page `start`; return the cookie."""
        address = f"http://{name}:{self.port}/"
        page.goto(start)
        self.cookies.clear()
        if start == "about:blank":
            page.goto(address)
        else:
            with page.expect_navigation():
                page.evaluate("(to) => { location.href = to; }", address)
        return self.cookies[name]


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running() as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium",
                                             args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        yield browser
        browser.close()


def test_only_the_desk_s_own_name_gets_the_cookie_and_ports_do_not_count(
    bevara: Running, chromium: Browser
) -> None:
    address = bevara.invitation()
    name = re.match(r"http://(\w+\.localhost):", address).group(1)  # type: ignore[union-attr]
    with Stranger() as stranger:
        page = chromium.new_context(locale="sv-SE").new_page()
        page.goto(address)
        assert page.url == f"http://{name}:{bevara.port}/" and page.locator("h1").inner_text() == "Kom igång"
        [cookie] = page.context.cookies()
        assert (cookie["domain"], cookie["httpOnly"], cookie["sameSite"]) == (name, True, "Strict")
        assert page.evaluate("document.cookie") == ""
        for other in ("127.0.0.1", "localhost", "another.localhost", f"x.{name}"):
            assert stranger.got(page, other) is None, other
        assert stranger.got(page, name, f"http://127.0.0.1:{stranger.port}/start") is None, "SameSite=Strict"
        stolen = stranger.got(page, name)
        assert stolen == f"bevara={cookie['value']}", "the residual risk: the same name typed with another port"
        page.goto(f"http://{name}:{bevara.port}/kommentarer")
        assert page.locator("h1").inner_text() == "Kommentarer"
        page.context.close()
    thief = chromium.new_context(locale="sv-SE", extra_http_headers={"Cookie": stolen})
    page = thief.new_page()
    for host, status in ((f"127.0.0.1:{bevara.port}", 421), (f"localhost:{bevara.port}", 421), (f"{name}:{bevara.port}", 200)):
        answer = page.goto(f"http://{host}/kommentarer")
        assert answer is not None and answer.status == status, host
    thief.close()


def test_the_name_is_too_long_to_guess(bevara: Running) -> None:
    name = (bevara.data / "instance").read_text().strip()
    assert len(name) >= 17 and name in bevara.invitation(), "b and 64 bits in hex, or more"
