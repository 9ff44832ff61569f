"""The extension is replaced, switched off and on, loses its scripts; tabs are restored, prepared in advance and
taken back from the cache: a tab is guarded, or the badge says that it is not."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import FLAGS, Moderator
from facebook_server import FacebookServer
from panel import Panel
from playwright.sync_api import Error
from raw_chromium import RawChromium
from running import Running

pytestmark = pytest.mark.browser
BADGE = """async (address) => {
  const tabs = (await chrome.tabs.query({})).filter((one) => one.url?.startsWith(address));
  return Promise.all(tabs.map((one) => chrome.action.getBadgeText({ tabId: one.id })));
}"""
SITE = "https://www.facebook.com/"
START = "/start"
DELETE = "useCometUFIDeleteCommentMutation"
PREPARED = f"""<!doctype html><title>Start</title><a id=go href="{fv.OWN_POST}">Till inlägget</a>
<script type=speculationrules>{json.dumps({"prerender": [{"urls": [fv.OWN_POST]}]})}</script>
<script>setTimeout(() => document.querySelector("#go").click(), 3000)</script>"""


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running("https://www.facebook.com/storkopingskommun") as running:
        yield running


@pytest.fixture
def moderator(bevara: Running) -> Iterator[Moderator]:
    with FacebookServer() as facebook, Moderator(bevara, facebook) as person:
        facebook.extra[START] = '<!doctype html><title>Start</title>'
        yield person


def extension_id(moderator: Moderator) -> str:
    return moderator.worker.url.split("/")[2]


def asked(moderator: Moderator, code: str, arg: Any = None) -> Any:
    """Runs code in a page of the extension's own, which lives when the worker sleeps."""
    page = moderator._context.new_page()
    try:
        page.goto(f"chrome-extension://{extension_id(moderator)}/popup/popup.html")
        return page.evaluate(code, arg)
    finally:
        page.close()


def badges(moderator: Moderator) -> list[str]:
    """The badge of each tab on Facebook."""
    found: list[str] = asked(moderator, BADGE, SITE)
    return found


def until(what: Callable[[], Any], wanted: Any, seconds: float = 15) -> None:
    """Waits until `what` gives what is wanted."""
    end = time.monotonic() + seconds
    found = None
    while time.monotonic() < end:
        try:
            if (found := what()) == wanted:
                return
        except Error as error:
            found = error
        time.sleep(0.2)
    raise AssertionError(f"never {wanted!r}, last {found!r}")


def set_enabled(moderator: Moderator, on: bool) -> None:
    """Switches the extension off or on, as on the browser's own page for extensions."""
    page = moderator._context.new_page()
    page.goto("chrome://extensions/")
    page.evaluate("([id, on]) => chrome.management.setEnabled(id, on)", [extension_id(moderator), on])
    page.close()


def replace(moderator: Moderator) -> None:
    """Loads the extension's files anew, as an update does."""
    page = moderator._context.new_page()
    page.goto("chrome://extensions/")
    page.evaluate("""async (id) => {
      await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
      await chrome.developerPrivate.reload(id, { failQuietly: true }); }""", extension_id(moderator))
    page.close()


def press_delete(moderator: Moderator) -> None:
    moderator.page.bring_to_front()
    moderator.open_menu()
    moderator.choose("Ta bort")
    moderator.confirm()


def test_after_an_update_open_tabs_hold_and_say_reload(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    until(lambda: badges(moderator), ["På"])
    replace(moderator)
    until(lambda: badges(moderator), ["↻"])
    press_delete(moderator)
    panel = Panel(moderator.page)
    panel.wait("Ladda om sidan")
    assert moderator.facebook.names() == []
    panel.press("Ladda om sidan")
    until(lambda: badges(moderator), ["På"])
    before = len(moderator.captures())
    moderator.page.wait_for_timeout(1000)
    press_delete(moderator)
    assert moderator.wait_asked() == [DELETE]
    assert len(moderator.captures()) == before + 1


def test_a_tab_left_behind_when_the_extension_is_switched_off_still_holds(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    set_enabled(moderator, False)
    press_delete(moderator)
    assert "Ladda om sidan" in Panel(moderator.page).wait("Kommentaren är kvar.")
    assert moderator.facebook.names() == []


def test_a_tab_opened_while_it_was_off_says_reload_when_it_is_on_again(moderator: Moderator) -> None:
    moderator.page = moderator._context.new_page()
    set_enabled(moderator, False)
    moderator.page.goto(moderator.facebook.url(fv.OWN_POST))
    set_enabled(moderator, True)
    until(lambda: badges(moderator), ["↻"], 70)
    moderator.page.reload()
    until(lambda: badges(moderator), ["På"])


def test_lost_scripts_are_registered_again_and_the_tab_says_reload(moderator: Moderator) -> None:
    asked(moderator, "() => chrome.scripting.unregisterContentScripts()")
    assert moderator.patterns() == []
    moderator.page.goto(moderator.facebook.url(fv.OWN_POST))
    until(lambda: badges(moderator), ["↻"], 8)
    assert "https://www.facebook.com/*" in moderator.patterns()
    moderator.page.reload()
    until(lambda: badges(moderator), ["På"])


def test_a_tab_that_is_restored_at_start_is_guarded(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.restart("--restore-last-session")
    until(lambda: any(page.url.startswith(SITE) for page in moderator._context.pages), True)
    moderator.page = next(page for page in moderator._context.pages if page.url.startswith(SITE))
    until(lambda: badges(moderator)[0] in ("På", "↻"), True)
    if badges(moderator) == ["↻"]:
        moderator.page.reload()
    until(lambda: badges(moderator), ["På"])
    press_delete(moderator)
    assert moderator.wait_asked() == [DELETE]


def test_a_page_that_was_prepared_in_advance_is_guarded(moderator: Moderator) -> None:
    facebook = moderator.facebook
    facebook.extra[START] = PREPARED
    with RawChromium(moderator.leave(), [*FLAGS, facebook.chromium_rule(), "--window-size=1100,900"]) as raw:
        worker = raw.attach(lambda one: one["type"] == "service_worker")
        raw.until("globalThis.chrome?.scripting?.getRegisteredContentScripts().then((found) => found.length)", worker)
        raw.call("Target.createTarget", session="", url=facebook.url(START))
        raw.page = raw.attach(lambda one: one["type"] == "page" and fv.OWN_POST in one["url"])
        assert raw.evaluate("performance.getEntriesByType('navigation')[0].activationStart") > 0, "it was prepared"
        raw.until(f"({BADGE})({json.dumps(SITE)}).then(([said]) => said === 'På')", worker)
        before = len(moderator.captures())
        raw.click("[role=article][tabindex='-1'] > [aria-haspopup=menu]")
        raw.click(".portal [role=menuitem]:nth-child(2)")
        raw.click(".portal [role=button][aria-label='Ta bort']")
        until(lambda: facebook.names(), [DELETE])
        assert len(moderator.captures()) == before + 1


def test_a_page_from_the_back_forward_cache_is_guarded(moderator: Moderator) -> None:
    moderator.restart(without=["--disable-back-forward-cache"])
    moderator.page = moderator._context.new_page()
    moderator.visit(fv.OWN_POST)
    until(lambda: badges(moderator), ["På"])
    moderator.page.evaluate("addEventListener('pageshow', (event) => { window.cached = event.persisted; })")
    moderator.page.goto(moderator.facebook.url(START))
    moderator.page.evaluate("setTimeout(() => history.back(), 50)")
    until(lambda: moderator.page.evaluate("window.cached"), True)
    until(lambda: badges(moderator), ["På"])
    press_delete(moderator)
    assert moderator.wait_asked() == [DELETE]


def private_tab(moderator: Moderator) -> None:
    """Opens the post in a private window, and goes on there."""
    known = set(moderator._context.pages)
    moderator.facebook.asked.clear()
    asked(moderator, "(url) => chrome.windows.create({ incognito: true, url })", moderator.facebook.url(fv.OWN_POST))
    for _ in range(100):
        if fresh := [one for one in moderator._context.pages if one not in known and one.url.startswith(SITE)]:
            break
        moderator.page.wait_for_timeout(100)
    [moderator.page] = fresh
    moderator.page.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    moderator.page.wait_for_timeout(1500)


def test_a_private_window_is_not_covered_unless_the_extension_is_allowed_there(moderator: Moderator) -> None:
    """Nothing of it runs there: popup and README say so (test_own_pages)."""
    before = len(moderator.captures())
    assert asked(moderator, "() => chrome.extension.isAllowedIncognitoAccess()") is False
    private_tab(moderator)
    press_delete(moderator)
    assert moderator.wait_asked() == [DELETE], "the click went through at once, as the list says"
    assert (len(moderator.captures()), moderator.incidents()) == (before, [])
