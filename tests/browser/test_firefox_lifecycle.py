"""In Firefox the extension is replaced, switched off and on, loses its scripts; a private window: a tab is guarded, or the badge says that it is not, or the list in README says
that nothing is (test_own_pages reads the list)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import facebook_views as fv
import firefox_system as system
import pytest
from facebook_server import FacebookServer
from firefox import FIREFOX, Firefox, facebook_prefs
from firefox_extension import pair, prefs
from running import Running

pytestmark = pytest.mark.skipif(FIREFOX is None, reason="Firefox is not installed")
SITE = "https://www.facebook.com/"
UNSIGNED = {"xpinstall.signatures.required": False}
REMEMBERED = {"browser.sessionstore.interval": 300}
DELETE = "useCometUFIDeleteCommentMutation"
COMMENT = "document.querySelector('[role=article][tabindex=\"-1\"]')"


@dataclass(frozen=True)
class Desk:
    """A paired Firefox on our own Facebook."""

    firefox: Firefox
    facebook: FacebookServer
    bevara: Running

    def visit(self) -> None:
        self.firefox.goto(self.facebook.url(fv.OWN_POST))
        self.firefox.until(f"{COMMENT} !== null")
        self.firefox.wait(1.2)

    def delete(self) -> bool:
        """Deletes the first comment; gives whether it was saved before Facebook heard of it."""
        self.facebook.asked.clear()
        before = self.saved()
        self.firefox.click(f"{COMMENT}.querySelector('[aria-haspopup=menu]')")
        self.firefox.click("[...document.querySelectorAll('[role=menuitem]')][1]")
        self.firefox.click("document.querySelector('.portal [aria-label=\"Ta bort\"]')")
        end = time.monotonic() + 8
        while not self.facebook.asked and time.monotonic() < end:
            self.firefox.wait(0.1)
        assert self.facebook.names() == [DELETE]
        return self.saved() == before + 1

    def saved(self) -> int:
        return len(self.bevara.documents("capture"))

    def says(self, badge: str) -> None:
        system.until_badges(self.firefox, SITE, [badge])


@pytest.fixture(scope="module")
def browser() -> Iterator[Desk]:
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Firefox({**prefs(), **UNSIGNED, **REMEMBERED, **facebook_prefs(facebook.port)}) as firefox,
    ):
        system.keep(firefox)
        assert pair(firefox, bevara).startswith("Kopplad")
        yield Desk(firefox, facebook, bevara)


@pytest.fixture
def desk(browser: Desk) -> Desk:
    """One tab on the post, and no other."""
    browser.firefox.new_tab()
    for one in browser.firefox.tabs():
        if one != browser.firefox.tab:
            browser.firefox.close_tab(one)
    browser.visit()
    return browser


def test_after_an_update_open_tabs_are_guarded_at_once(desk: Desk) -> None:
    system.replace(desk.firefox)
    desk.says("På")
    assert desk.delete()


def test_switched_off_nothing_is_held_and_switched_on_the_open_tab_is(desk: Desk) -> None:
    """Firefox stops the scripts in open tabs the moment that it is switched off, as README says."""
    system.set_enabled(desk.firefox, False)
    assert not desk.delete()
    desk.visit()
    system.set_enabled(desk.firefox, True)
    desk.says("På")
    assert desk.delete()


def test_lost_scripts_are_registered_again_and_the_tab_says_reload(desk: Desk) -> None:
    system.asked(desk.firefox, "browser.scripting.unregisterContentScripts().then(() => 1)")
    desk.visit()
    desk.says("↻")
    desk.visit()
    desk.says("På")
    assert desk.delete()


def test_a_page_from_the_back_forward_cache_is_guarded(desk: Desk) -> None:
    desk.facebook.extra["/start"] = "<!doctype html><title>Start</title>"
    desk.says("På")
    desk.firefox.run("addEventListener('pageshow', (event) => { window.cached = event.persisted; })")
    desk.firefox.goto(desk.facebook.url("/start"))
    desk.firefox.call("browsingContext.traverseHistory", context=desk.firefox.tab, delta=-1)
    desk.firefox.until("window.cached === true")
    desk.says("På")
    assert desk.delete()


def test_a_closed_tab_that_is_opened_again_is_guarded(desk: Desk) -> None:
    closed, other = desk.firefox.tab, desk.firefox.new_tab()
    desk.firefox.wait(1)
    desk.firefox.close_tab(closed)
    system.open_closed_tab(desk.firefox)
    desk.firefox.wait(0.5)
    [desk.firefox.tab] = [one for one in desk.firefox.tabs() if one != other]
    desk.firefox.until(f"{COMMENT} !== null")
    desk.firefox.wait(1.2)
    desk.says("På")
    assert desk.delete()


def test_a_tab_that_is_restored_at_start_is_guarded(desk: Desk) -> None:
    desk.firefox.wait(1)
    desk.firefox.restart({"browser.startup.page": 3})
    system.until_tab(desk.firefox, desk.facebook.url(fv.OWN_POST))
    desk.firefox.until(f"{COMMENT} !== null")
    desk.says("På")
    assert desk.delete()


def test_a_private_window_is_not_covered_until_the_extension_is_allowed_there(desk: Desk) -> None:
    system.private_tab(desk.firefox)
    desk.visit()
    assert not desk.delete()
    assert system.panel_text(desk.firefox) == ""
    desk.firefox.close_tab(desk.firefox.tab)
    desk.firefox.tab = desk.firefox.tabs()[0]
    system.allow_private(desk.firefox)
    desk.says("På")
    system.private_tab(desk.firefox)
    desk.visit()
    assert desk.delete()
    assert "Varför togs den bort?" in system.panel_text(desk.firefox)
