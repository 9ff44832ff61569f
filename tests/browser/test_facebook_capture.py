"""The saved Facebook page: every comment is read with author, text, ids and shown time."""

from collections.abc import Iterator
from typing import Any

import pytest
from content_in_page import READ_ALL, account, script
from facebook_capture import CAPTURE, expected, summary
from playwright.sync_api import Page, Route, sync_playwright

ADDRESS = "https://www.facebook.com/sidan.exempel.1/posts/pfbid02ExempelExempelExempel"

pytestmark = pytest.mark.skipif(
    not CAPTURE.exists(), reason="the saved Facebook page is not on this computer"
)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The saved page at its own address, with nothing else reachable."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        opened = browser.new_page()
        opened.route("**/*", _answer)
        opened.goto(ADDRESS)
        opened.evaluate(script([account(("vanity", "sidan.exempel.1"))]))
        yield opened
        browser.close()


def _answer(route: Route) -> None:
    if route.request.url == ADDRESS:
        route.fulfill(
            body=CAPTURE.read_text(encoding="utf-8"), content_type="text/html; charset=utf-8"
        )
    else:
        route.abort()


def test_every_comment_is_read_as_shown(page: Page) -> None:
    found: list[dict[str, Any]] = page.evaluate(READ_ALL)
    wanted = expected()
    assert len(wanted) == 10
    assert [summary(each) for each in found] == wanted


def test_the_post_is_ours_and_its_text_stands_beside(page: Page) -> None:
    for each in page.evaluate(READ_ALL):
        assert each["state"] == "ours"
        assert each["post"]["owner"]["name"] == "Sidan Exempel"
        assert each["post"]["text"].startswith("Påhittat inlägg från kommunen.")
        assert each["post"]["permalink"].startswith(ADDRESS)


def test_a_link_preview_is_an_attachment(page: Page) -> None:
    for each in page.evaluate(READ_ALL):
        links = [part["url"] for part in each["attachments"] if part["kind"] == "link"]
        assert links == ["https://example.test/"]


OTHERWISE = {
    "no classes": "document.querySelectorAll('[class]').forEach((e) => e.removeAttribute('class'))",
    "other words": """document.querySelectorAll('[role=article][tabindex]').forEach((e) =>
      e.setAttribute('aria-label', 'Kommentar av någon för en vecka sedan'))""",
    "no labels": """document.querySelectorAll('[aria-label]').forEach((e) =>
      e.removeAttribute('aria-label'))""",
    "no list marks": """document.querySelectorAll('ul[aria-hidden]').forEach((e) =>
      e.removeAttribute('aria-hidden'))""",
    "no language": "document.querySelectorAll('span[lang]').forEach((e) => e.removeAttribute('lang'))",
    "another dialog": "document.querySelectorAll('[role=dialog]').forEach((e) => e.setAttribute('role', 'complementary'))",
    "the last under the first": """(() => {
      const all = [...document.querySelectorAll('[role=article][tabindex]')];
      all[8].append(all[9]);
    })()""",
    "no post around": """document.querySelectorAll('[aria-posinset]').forEach((e) => {
      e.removeAttribute('role');
      e.removeAttribute('aria-posinset');
    })""",
}


@pytest.mark.parametrize("change", OTHERWISE)
def test_the_same_is_read_when_the_page_is_marked_otherwise(page: Page, change: str) -> None:
    page.goto(ADDRESS)
    page.evaluate(script([account(("vanity", "sidan.exempel.1"))]))
    page.evaluate(OTHERWISE[change])
    found: list[dict[str, Any]] = page.evaluate(READ_ALL)
    assert [summary(each) for each in found] == expected()
    assert {each["state"] for each in found} == {"ours"}
