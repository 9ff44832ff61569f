"""Saving by hand what is marked on a page: any page, any account of the body's own, nothing left behind."""

import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from axe import faults
from extension_only import Browser
from playwright.sync_api import Page, expect
from running import Running

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>Forum</title>
<body style="font: 16px sans-serif"><h1>Grannforumet</h1>
<div id="post"><p>Kommunen <b>ljuger</b> 🙂 och
 <img alt="😡" width="16" height="16"> vet om det.</p><p>Rad två</p><script>var dold = 1;</script></div>
<script>window.heard = []; for (const type of ["keydown", "message", "click"]) addEventListener(type, (event) => heard.push(type), true);</script>
</body></html>"""
MARK = """() => { const range = document.createRange(); range.selectNodeContents(document.querySelector("#post"));
  getSelection().removeAllRanges(); getSelection().addRange(range); }"""


class Forum(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def forum() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forum)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/trad/7?sida=2&__cft__[0]=hemligt"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running("https://www.facebook.com/storkoping") as running:
        yield running


def popup(browser: Browser, page: Page) -> Page:
    """Opens the popup over a page, in a small window of its own, as the browser's button does."""
    page.bring_to_front()
    with browser.context.expect_page() as opened:
        browser.worker.evaluate("chrome.windows.create({url: '/popup/popup.html', type: 'popup', width: 360, height: 640, focused: false})")
    small = opened.value
    expect(small.locator("#state strong")).not_to_be_empty()
    return small


def open_form(small: Page) -> None:
    if small.locator("#more #manual").count():
        small.click("summary[data-text=more]")
    small.click("#manual")
    expect(small.locator("#manual-form")).to_be_visible()


def test_a_marked_text_on_somebody_elses_page_is_saved_for_the_account_that_took_part(
    bevara: Running, browser: Browser, forum: str
) -> None:
    page = browser.context.new_page()
    page.goto(forum)
    before = page.evaluate("document.documentElement.outerHTML")
    page.evaluate(MARK)
    small = popup(browser, page)
    expect(small.locator("#state")).to_contain_text("Vilar.")
    open_form(small)
    for scheme in ("light", "dark"):
        small.emulate_media(color_scheme=scheme)
        assert faults(small) == []
    assert "ljuger" in small.locator("#marked").inner_text()
    small.fill("#author", "Grann Granlund")
    small.select_option("#category", "defamation")
    small.check("#secret")
    small.click("#manual-form button")
    expect(small.locator("#manual-answer")).to_have_text("Sparad.", timeout=15000)
    saved = bevara.documents("capture")[-1]
    assert saved["comment"]["text"] == "Kommunen ljuger 🙂 och 😡 vet om det.\nRad två"
    assert saved["comment"]["author"] == {"name": "Grann Granlund", "url": None, "id": None}
    assert (saved["mode"], saved["platform"], saved["account_id"] is not None) == ("manual", "other", True)
    assert saved["possible_secrecy"] is True and saved["completeness"]["state"] == "partial"
    assert saved["picture"]["width"] > 100 and "hemligt" not in saved["page"]["url"]
    assert saved["page"]["url"].endswith("/trad/7?sida=2")
    assert bevara.wait_documents("reason", 1)[0]["category"] == "defamation"
    assert page.evaluate("document.documentElement.outerHTML") == before
    assert page.evaluate("heard") == []
    assert not any("127.0.0.1" in one for one in browser.worker.evaluate(
        "async () => (await chrome.scripting.getRegisteredContentScripts()).flatMap((one) => one.matches)"))
    small.close()
    page.close()


def test_with_nothing_marked_it_says_what_to_do(browser: Browser, forum: str) -> None:
    page = browser.context.new_page()
    page.goto(forum)
    small = popup(browser, page)
    small.click("summary[data-text=more]")
    small.click("#manual")
    expect(small.locator("#manual-answer")).to_have_text("Markera kommentarens text på sidan och öppna Bevara igen.")
    small.close()
    page.close()


def test_a_page_that_is_not_recognised_on_a_guarded_host_can_be_saved_from(
    bevara: Running, browser: Browser
) -> None:
    page = browser.context.new_page()
    page.goto(f"http://localhost:{bevara.port}/torget/")
    page.wait_for_selector(".words")
    page.evaluate("document.querySelectorAll('[role=article]').forEach((one) => one.removeAttribute('role'))")
    page.evaluate(MARK.replace("#post", ".words"))
    small = popup(browser, page)
    open_form(small)
    small.click("#manual-form button")
    expect(small.locator("#manual-answer")).to_have_text("Sparad.", timeout=15000)
    saved = bevara.documents("capture", practice=True)[-1]
    assert saved["mode"] == "manual" and saved["platform"] == "practice" and saved["comment"]["text"]
    small.close()
    page.close()


def test_nothing_is_said_to_be_saved_when_bevara_is_off(bevara: Running, browser: Browser, forum: str) -> None:
    page = browser.context.new_page()
    page.goto(forum)
    page.evaluate(MARK)
    small = popup(browser, page)
    open_form(small)
    bevara.stop()
    small.click("#manual-form button")
    expect(small.locator("#manual-answer")).to_contain_text("Kommentaren är inte sparad.", timeout=20000)
    expect(small.locator("#manual-form")).to_be_visible()
    bevara.__enter__()
    assert browser.wait_spool(0) == []
    small.close()
    page.close()
