"""Ordinary use leaves the badge as it was: menus opened and left in every way, dialogs opened and cancelled."""

from collections.abc import Callable, Iterator
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from playwright.sync_api import Locator, Page
from running import Running

pytestmark = pytest.mark.browser
MENU = "[role=menu]"
WAYS = ["again", "twice", "Escape", "elsewhere", "wheel", "harmless", "cancelled", "dialog left", "keys", "arrow", "aside"]
DOUBTS = ("menus_missing", "menus_unknown", "dialogs_missing", "unknown_items", "unseen", "faults")


@pytest.fixture(scope="module")
def moderator() -> Iterator[Moderator]:
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Moderator(bevara, facebook) as person,
    ):
        yield person


def choose(page: Page, words: str) -> None:
    page.locator(f"{MENU} >> text=/^({words})/").first.click()


def use(page: Page, dots: Locator, way: str) -> None:
    """Opens a menu and leaves it, as people do: the pointer comes to rest first, for a cut text unfolds under it."""
    dots.hover()
    page.wait_for_timeout(60)
    if way in ("keys", "arrow"):
        dots.focus()
        page.keyboard.press({"keys": "Enter", "arrow": "ArrowDown"}[way])
        return page.keyboard.press("Escape")
    if way in ("twice", "aside"):
        return dots.dblclick() if way == "twice" else dots.click(button="right")
    dots.click()
    ends: dict[str, Callable[[], Any]] = {
        "again": lambda: dots.click(), "Escape": lambda: page.keyboard.press("Escape"),
        "elsewhere": lambda: page.mouse.click(3, 3), "wheel": lambda: page.mouse.wheel(0, 120),
        "harmless": lambda: choose(page, "Kopiera länk|Rapportera"),
        "cancelled": lambda: (choose(page, "Ta bort"), page.click("[role=dialog] >> text=Avbryt")),
        "dialog left": lambda: (choose(page, "Ta bort"), page.keyboard.press("Escape")),
    }
    ends[way]()


@pytest.mark.parametrize("place", ["facebook", "practice"])
def test_ordinary_use_is_no_sign_of_a_changed_page(
    moderator: Moderator, place: str, tries: Callable[[int, int], int]
) -> None:
    page = moderator.page
    if place == "facebook":
        moderator.visit(fv.OWN_POST)
    else:
        page.goto(f"http://localhost:{moderator.bevara.port}/torget/")
        page.wait_for_timeout(1200)
    before = moderator.status()
    buttons = page.locator("[role=article][tabindex='-1'] > [aria-haspopup=menu]" if place == "facebook" else ".comment .dots")
    for number in range(tries(len(WAYS), 50)):
        way = WAYS[number % len(WAYS)]
        use(page, buttons.nth(number % 3), way)
        page.wait_for_timeout(1000 if number % 2 else 30)
        page.keyboard.press("Escape")
        counts = moderator.status()["counts"]
        assert [name for name in DOUBTS if counts[name]] == [], f"{way}, try {number + 1}: {counts}"
    page.wait_for_timeout(3000)
    after = moderator.status()
    assert (after["state"], [name for name in DOUBTS if after["counts"][name]]) == (before["state"], [])
    assert before["state"] == "armed" and after["counts"]["held"] == 0


def test_a_menu_that_comes_late_ends_the_doubt(moderator: Moderator) -> None:
    """The first menu of a visit may wait for the page's own code."""
    moderator.visit(fv.OWN_POST)
    page = moderator.page
    page.evaluate("{ const now = menu; window.menu = (...all) => setTimeout(() => now(...all), 1600); }")
    page.locator("[role=article] [aria-haspopup=menu]").first.click()
    page.wait_for_timeout(1200)
    assert moderator.status()["counts"]["menus_missing"] == 1
    page.wait_for_selector(MENU)
    page.wait_for_timeout(200)
    assert moderator.status()["counts"]["menus_missing"] == 0


def test_a_menu_that_never_comes_is_a_doubt(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.page.evaluate("window.menu = () => {}")
    moderator.page.locator("[role=article] [aria-haspopup=menu]").first.click()
    moderator.page.wait_for_timeout(2000)
    assert moderator.status()["counts"]["menus_missing"] == 1
    assert moderator.status()["state"] == "degraded"
