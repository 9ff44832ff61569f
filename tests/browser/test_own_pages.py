"""The popup and the options page: their words, states and look, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe import faults
from extension_only import Browser, capture, saving
from playwright.sync_api import Page, expect
from running import Running

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bevara() -> Iterator[Running]:
    with Running() as running:
        yield running


@pytest.fixture(scope="module")
def browser(bevara: Running) -> Iterator[Browser]:
    with Browser(bevara.port) as browser:
        yield browser


@pytest.fixture(autouse=True)
def swedish(browser: Browser) -> Iterator[None]:
    yield
    browser.open("options/options.html")
    browser.ask({"type": "language.set", "language": "sv"})


def popup(browser: Browser, **status: object) -> Page:
    """Opens the popup, with parts of the worker's answer replaced."""
    browser.page.add_init_script(f"window.__status = {status!r};".replace("None", "null").replace("True", "true").replace("False", "false"))
    browser.page.add_init_script("""
      const send = chrome.runtime?.sendMessage?.bind(chrome.runtime);
      if (send) chrome.runtime.sendMessage = async (message) => {
        const answer = await send(message);
        return message.type === "status.get" ? { ...answer, ...window.__status } : answer;
      };""")
    browser.open("popup/popup.html")
    expect(browser.page.locator("#state strong")).not_to_be_empty()
    return browser.page


def test_the_popup_reminds_of_what_lacks_a_reason_and_leads_there(browser: Browser) -> None:
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.", paired=True,
                 desk="http://b.localhost:1/", without_reason={"number": 3, "late": 2})
    link = page.locator("#reasons a")
    expect(link).to_have_text("3 kommentarer, 2 sedan mer än en arbetsdag")
    expect(link).to_have_attribute("href", "http://b.localhost:1/kommentarer?flik=saknar-skal")
    expect(page.locator("#reasons")).to_have_class("late")
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.", paired=True,
                 desk="http://b.localhost:1/", without_reason={"number": 0, "late": 0})
    expect(page.locator("#reasons")).to_be_hidden()


def test_under_more_it_leads_to_the_account_to_document(browser: Browser) -> None:
    page = popup(browser, state="armed", sentence="På. Det du tar bort sparas först.", paired=True,
                 desk="http://b.localhost:1/", account_page="konton/1#dokumentation")
    expect(page.locator("#document a")).to_have_attribute("href", "http://b.localhost:1/konton/1#dokumentation")
    page = popup(browser, state="resting", sentence="Vilar.", paired=True, desk="http://b.localhost:1/", account_page=None)
    expect(page.locator("#document")).to_be_hidden()


STATES = {
    "armed": "På. Det du tar bort sparas först.",
    "degraded": "Osäkert. Spara själv innan du tar bort.",
    "blind": "Av. Bevara känner inte igen sidan.",
    "resting": "Vilar. Det här är inte ett av kommunens konton.",
    "reload": "Ladda om sidan. Bevara har uppdaterats eller startats om.",
}


def test_unpaired_it_says_so_and_leads_to_the_code(browser: Browser) -> None:
    page = popup(browser)
    expect(page.locator("#state")).to_contain_text("Webbläsaren är inte kopplad: öppna Bevara här och välj Koppla webbläsaren.")
    expect(page.locator("#pair")).to_be_visible()
    assert faults(page) == []


def default_badge(browser: Browser) -> list[str]:
    """What the button says on a page that nobody knows, and the words beside it."""
    code = "() => Promise.all([chrome.action.getBadgeText({}), chrome.action.getTitle({})])"
    said: list[str] = browser.page.evaluate(code)
    return said


def test_unpaired_the_button_says_off_on_every_page_and_how_to_pair(browser: Browser) -> None:
    browser.page.wait_for_function("() => chrome.action.getBadgeText({}).then((text) => text !== '')")
    assert default_badge(browser) == [
        "Av", "Av. Webbläsaren är inte kopplad: öppna Bevara här och välj Koppla webbläsaren."]


UNCOVERED = {
    "sv": ["Mobilen", "Business Suite", "Privata fönster", "stängs av i Firefox", "Andra administratörer", "srcdoc"],
    "en": ["Phones", "Business Suite", "Private windows", "turned off in Firefox", "Other administrators", "srcdoc"],
}


@pytest.mark.parametrize("language", UNCOVERED)
@pytest.mark.parametrize("state", ["unpaired", "armed", "resting"])
def test_the_popup_lists_what_is_not_held(browser: Browser, language: str, state: str) -> None:
    browser.open("options/options.html")
    browser.ask({"type": "language.set", "language": language})
    page = popup(browser, paired=state != "unpaired", state=state, sentence=STATES.get(state, ""))
    page.locator("#uncovered summary").click()
    lines = page.locator("#uncovered li").all_inner_texts()
    assert len(lines) == len(UNCOVERED[language])
    assert all(word in line for word, line in zip(UNCOVERED[language], lines, strict=True))
    assert faults(page) == []


def test_the_readme_lists_the_same() -> None:
    section = " ".join((ROOT / "README.md").read_text("utf-8").split("## Vad som är prövat")[1].split("## ")[0].split())
    assert all(word.lower() in section.lower() for word in UNCOVERED["sv"])


def test_nothing_is_saved_by_a_browser_that_is_not_paired(browser: Browser) -> None:
    answer = browser.ask(saving(capture()))
    assert (answer["ok"], answer["code"], answer["spooled"]) == (False, "not_paired", False)
    assert browser.spool() == []


def test_the_options_page_has_no_known_fault_in_light_and_dark(browser: Browser) -> None:
    for scheme in ("light", "dark"):
        browser.page.emulate_media(color_scheme=scheme)
        browser.open("options/options.html")
        browser.page.locator("summary").click()
        expect(browser.page.locator("#port")).not_to_have_value("")
        assert faults(browser.page) == []


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_one_word_and_one_sentence(browser: Browser, state: str) -> None:
    page = popup(browser, paired=True, state=state, sentence=STATES[state], account="Storköpings kommun")
    assert " ".join(page.locator("#state").inner_text().split()) == STATES[state]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []


def test_resting_it_says_one_sentence_and_nothing_of_accounts_or_people(browser: Browser) -> None:
    page = popup(browser, paired=True, state="resting", sentence=STATES["resting"], account="Storköpings kommun",
                 recent=[{"at": "2026-11-24T10:00:00Z", "kind": "hide"}], waiting=3, moderators=["Moa"])
    assert not page.locator("#facts").is_visible() and not page.locator("#recent").is_visible()
    assert "Storköpings" not in page.locator("body").inner_text()


def test_what_waits_and_what_cannot_be_received_is_said(browser: Browser) -> None:
    page = popup(browser, paired=True, state="armed", sentence=STATES["armed"], waiting=2, refused=1)
    assert page.locator("#waiting dd").inner_text() == "2 kommentarer väntar. 1 kunde inte tas emot. Säg till IT."


def test_the_last_three_stand_with_time_and_without_text(bevara: Running, browser: Browser) -> None:
    browser.open("options/options.html")
    assert browser.type_code(bevara.pairing_code()).startswith("Kopplad")
    for at in range(4):
        document = capture(f"Hemlig text {at}")
        document["action"]["kind"] = "hide" if at == 3 else "delete"
        document["captured_at"] = f"2026-11-24T1{at}:32:00Z"
        assert browser.ask(saving(document))["ok"]
    page = popup(browser, state="armed", sentence=STATES["armed"])
    lines = page.locator("#recent li").all_inner_texts()
    assert [line.split()[0] for line in lines] == ["Dold", "Borttagen", "Borttagen"]
    assert all("." in line.split()[1] for line in lines)
    assert default_badge(browser) == ["", "Bevara"]
    assert "Hemlig" not in page.content() and "Rehn" not in page.content()


def test_english_is_chosen_on_the_options_page(browser: Browser) -> None:
    browser.open("options/options.html")
    expect(browser.page.locator("#port")).not_to_have_value("")
    browser.page.select_option("#language", "en")
    browser.page.click("#languages button")
    expect(browser.page.locator("h1")).to_have_text("Bevara in this browser")
    assert browser.page.evaluate("document.documentElement.lang") == "en"
    assert faults(browser.page) == []
    page = popup(browser, paired=False)
    expect(page.locator("#state")).to_have_text("Off.The browser is not connected: open Bevara here and choose Connect the browser.")
    assert browser.page.evaluate("chrome.runtime.sendMessage({type: 'page.hello'}).then((one) => one.texts.cancel)") == "Cancel"


def test_the_keyboard_reaches_every_control_of_the_popup(browser: Browser) -> None:
    page = popup(browser, paired=True, state="armed", sentence=STATES["armed"], moderators=["Moa", "Bo"], desk="http://x.localhost/")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    assert {"desk", "moderator", "SUMMARY"} <= set(reached)
