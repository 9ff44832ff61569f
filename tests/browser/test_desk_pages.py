"""Every page of the desk: nothing that axe finds, nothing too wide, nothing that the page reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import axe
import pytest
from open_desk import PLANTED, OpenDesk, chromium_for, open_desk, reader
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

pytestmark = pytest.mark.browser
WIDE, NARROW, NARROWEST = 1440, 420, 320


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with open_desk(tmp_path_factory.mktemp("desk") / "data") as served:
        yield served


@pytest.fixture(scope="module")
def browser(desk: OpenDesk) -> Iterator[Browser]:
    with chromium_for(desk.port) as found:
        yield found


SEEN = [
    (WIDE, "light", "sv-SE"), (NARROW, "dark", "en-GB"), (NARROW, "dark", "sv-SE"),
    (WIDE, "dark", "en-GB"), (NARROW, "light", "en-GB"), (WIDE, "light", "en-GB"),
    (WIDE, "dark", "sv-SE"), (NARROW, "light", "sv-SE"),
]
"""Every width, scheme and language together; the first two have each of them once."""


def test_axe_finds_nothing_on_any_page(
    desk: OpenDesk, browser: Browser, tries: Callable[[int, int], int]
) -> None:
    for width, scheme, language in SEEN[:tries(2, len(SEEN))]:
        with reader(browser, desk, viewport={"width": width, "height": 900}, color_scheme=scheme,
                    locale=language) as page:
            complaints = listen(page)
            axe.bring(page)
            for name, path in desk.pages().items():
                page.goto(desk.address(path))
                unfold(page)
                assert axe.faults(page) == [], (name, width, scheme, language)
                spoken = "sv" if name == "square" else language[:2]
                assert page.locator("html").get_attribute("lang") == spoken
            assert complaints == []


def test_no_page_is_wider_than_a_narrow_screen(desk: OpenDesk, browser: Browser) -> None:
    with reader(browser, desk, viewport={"width": NARROWEST, "height": 640}) as page:
        for name, path in desk.pages().items():
            page.goto(desk.address(path))
            unfold(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, name


def test_a_stranger_reads_how_to_get_in(desk: OpenDesk, browser: Browser) -> None:
    context = browser.new_context(locale="sv-SE")
    page = context.new_page()
    page.goto(desk.address("/"))
    assert page.get_by_text("bevara open").is_visible()
    assert axe.faults(page) == []
    context.close()


def test_no_page_forgets_what_the_look_promises(desk: OpenDesk, browser: Browser) -> None:
    """Controls are at least 24 px high, and corner marks stand around what is saved only."""
    with reader(browser, desk, viewport={"width": NARROW, "height": 900}) as page:
        for name, path in desk.pages().items():
            page.goto(desk.address(path))
            low = page.evaluate("""() => [...document.querySelectorAll("button, .input, .row > input")]
                .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 24).length""")
            assert low == 0, name
            assert page.locator(".saved").count() == (2 if name in ("record", "named", "decided", "registered") else 0)


@pytest.mark.parametrize("width,scheme", [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_nothing_while_two_people_erase_a_comment(
    desk: OpenDesk, browser: Browser, width: int, scheme: str
) -> None:
    def press(name: str) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=name).click()

    def look() -> None:
        unfold(page)
        assert axe.faults(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    record = desk.practised_anew()
    with reader(browser, desk, viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        axe.bring(page)
        page.goto(desk.address(f"/ovning/kommentarer/{record}"))
        page.get_by_role("link", name="Spärra nu").click()
        press("Spärra nu")
        expect(page.get_by_label("Ditt namn")).to_have_attribute("aria-invalid", "true")
        look()
        page.get_by_label("Ditt namn").fill("Anna Berg")
        page.get_by_label("Skälet").fill("Sparad av misstag")
        press("Spärra nu")
        look()
        press("Begär radering")
        look()
        keys = [one.get_attribute("href") or "" for one in page.locator("a.exact").all()]
        for name, key in zip(("Anna Berg", "Bo Ek"), keys, strict=True):
            page.goto(key)
            look()
            page.get_by_label("Ditt namn").fill(name)
            press("Godkänn radering")
            look()
        expect(page.locator("h1")).to_have_text("Raderad kommentar")
        expect(page.locator(".facts")).to_contain_text("Bo Ek")


def listen(page: Page) -> list[str]:
    """Return where the page's errors gather, but for refused answers and the captured markup's."""
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        about = said.text + said.location["url"]
        expected = "status of 4" in about or "/kod/" in about or PLANTED in about
        if said.type == "error" and not expected:
            complaints.append(said.text)

    page.on("console", hear)
    return complaints


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
