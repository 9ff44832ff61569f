"""A browser is paired by a person who types a code, with the helper that showed it and no other."""

import json
import shutil
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from extension_only import PRACTICE, Browser
from playwright.sync_api import expect
from running import Running
from test_own_pages import popup

from bevara.identity.pairing import shown

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running() as running:
        yield running


@pytest.fixture
def browser(bevara: Running) -> Iterator[Browser]:
    with Browser(bevara.port) as browser:
        yield browser


def helper_key(bevara: Running) -> bytes:
    """The running Bevara's public key, as its folder has it."""
    from bevara.kernel.keys import Keys

    return Keys(next(bevara.data.rglob("helper.key")).parent).public


def test_a_typed_code_pairs_and_brings_the_setup(bevara: Running, browser: Browser) -> None:
    assert browser.registered() == []
    code = bevara.pairing_code()
    assert browser.type_code(f" {code.lower().replace('-', ' ')} ").startswith("Kopplad")
    assert browser.registered() == [PRACTICE]
    hello = browser.ask({"type": "page.hello", "url": "http://localhost/"})
    assert hello["paired"] and hello["accounts"] == []
    assert hello["practice_origin"] == f"http://localhost:{bevara.port}"
    assert browser.ask({"type": "helper.check"})["ok"]


def test_when_paired_the_page_leads_to_the_start_page_and_hides_the_code(
    bevara: Running, browser: Browser
) -> None:
    desk = browser.context.new_page()
    desk.goto(bevara.invitation())
    browser.type_code(bevara.pairing_code())
    page = browser.page
    expect(page.locator("#code")).to_be_hidden()
    expect(page.locator("#desk")).to_be_focused()
    page.locator("#desk").click()
    expect(page.locator("h1")).to_have_text("Get started")
    browser.open("options/options.html")
    page.locator("#pair-again").click()
    expect(page.locator("#code")).to_be_focused()


def test_names_of_the_desk_and_of_this_browser_are_chosen_among(
    bevara: Running, browser: Browser
) -> None:
    desk = browser.context.new_page()
    desk.goto(bevara.invitation())
    desk.goto(desk.url + "namn")
    desk.fill("#name", "Anna Berg")
    desk.get_by_role("button", name="Add").click()
    expect(desk.locator(".rows")).to_contain_text("Anna Berg")
    browser.type_code(bevara.pairing_code())
    assert browser.ask({"type": "page.hello"})["moderator"] == "Anna Berg"
    browser.ask({"type": "moderators.set", "names": ["Bo Ek"]})
    assert browser.ask({"type": "page.hello"})["moderators"] == ["Anna Berg", "Bo Ek"]
    browser.open("options/options.html")
    expect(browser.page.locator("#names")).to_have_value("Bo Ek")


def test_a_code_from_another_helper_sends_no_proof(bevara: Running, browser: Browser) -> None:
    right = bevara.pairing_code()
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    for _ in range(6):
        assert "Händer det på nytt: fråga IT." in browser.type_code(wrong)
    assert browser.type_code(right).startswith("Kopplad"), "the five tries are untouched"


def test_a_wrong_secret_is_refused_and_then_the_code_closes(
    bevara: Running, browser: Browser
) -> None:
    bevara.pairing_code()
    guess = shown("00000000", helper_key(bevara))
    for _ in range(5):
        assert browser.type_code(guess).startswith("Koden stämmer inte")
    assert browser.type_code(guess).startswith("Koden har gått ut")
    assert browser.registered() == []


def test_what_is_not_a_code_is_said_to_be_so(browser: Browser) -> None:
    for typed in ("", "1234", "ÅÄÖÅ-ÅÄÖÅ-ÅÄÖÅ", "ABCD-EFGH-JKMNP"):
        assert browser.type_code(typed).startswith("Koden ska ha tolv tecken")


def test_the_device_key_cannot_be_read_out(browser: Browser) -> None:
    browser.type_code("0000-0000-0000")
    said = browser.page.evaluate("""async () => {
      const { deviceKey } = await import("/background/keys.js");
      const { pair } = await deviceKey();
      const out = await crypto.subtle.exportKey("pkcs8", pair.privateKey).catch((error) => error.name);
      return [pair.privateKey.extractable, out];
    }""")
    assert said == [False, "InvalidAccessError"]


def test_another_program_on_the_port_is_an_impostor() -> None:
    with Impostor() as fake, Browser(fake.port) as browser:
        assert browser.type_code("0000-0000-0000").startswith("Ett annat program")
        assert fake.paths == ["/api/v1/hello"], "nothing is sent after the first answer"


def test_when_another_bevara_answers_every_page_says_how_to_go_on() -> None:
    """As after a copy was restored: it has a new key and a new address."""
    with Running() as bevara, Browser(bevara.port) as browser:
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
        before = browser.ask({"type": "status.get"})["desk"]
        bevara.stop()
        shutil.rmtree(bevara.data)
        bevara.data.mkdir()
        bevara.begin()
        bevara.wait()
        browser.open("options/options.html")
        expect(browser.page.locator("#pair-answer")).to_contain_text("Fråga IT om det har återställts.")
        expect(browser.page.locator("#code")).to_be_visible()
        small = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.")
        expect(small.locator("#pair")).to_be_visible()
        expect(small.locator("#desk")).to_be_hidden()
        old = browser.context.new_page()
        old.goto(before)
        expect(old.locator("main")).to_contain_text("the browser is paired anew")
        browser.open("options/options.html")
        expect(browser.page.locator("#code")).to_be_visible()
        assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")


def test_nobody_there_is_said_to_be_so(bevara: Running) -> None:
    with Impostor() as fake:
        port = fake.port
    with Browser(port) as browser:
        assert browser.type_code("0000-0000-0000").startswith("Bevara svarar inte")


def test_port_is_checked(browser: Browser) -> None:
    browser.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    browser.page.fill("#port", "80")
    browser.page.click("#advanced button")
    assert browser.page.locator("#port-answer", has_text="mellan 1024").count() == 1


class Impostor:
    """Another program on Bevara's port: answers everything, signs nothing, remembers what was asked."""

    def __init__(self, port: int = 0) -> None:
        self.paths: list[str] = []
        self.bodies: list[bytes] = []
        impostor = self

        class Answers(BaseHTTPRequestHandler):
            def answer(self) -> None:
                impostor.paths.append(self.path)
                impostor.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
                body = json.dumps({"ok": True, "durable": True}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
        self.port = self._server.server_port

    def __enter__(self) -> "Impostor":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_the_impostor_of_these_tests_answers() -> None:
    with Impostor() as fake, urllib.request.urlopen(f"http://127.0.0.1:{fake.port}/x") as reply:
        assert reply.status == 200
