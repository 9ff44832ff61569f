"""A recording of a page keeps how it is built and nothing of what it says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import facebook_views as fv
import pytest
from axe import faults
from content_in_page import CONTENT, account
from extension_only import Browser
from facebook_server import SHELL, views
from playwright.sync_api import Page, expect
from recorded import leaks, parts, record
from running import Running

from bevara import contract

pytestmark = pytest.mark.browser
PAGES = Path(__file__).resolve().parents[1] / "pages"
FACEBOOK = "https://www.facebook.com"
PLANTED = {
    "Gunhild", "Fjällström", "fjallstrom", "Oskarsson", "Bergkvist", "Hammarlund", "Torsten", "Vallgren", "Ragnhild",
    "Stenmark", "Hallgrim", "Valfrid", "Ekstrand", "Ingeborg", "Lindgatan", "0701234521", "5521", "Snödrivor", "Grönbygd",
    "100045551234521", "2000555123455", "EAAGm0PY4ZCpsBAKLR", "AUYTb5hDnP31", "AZXtokenHemlig", "Hemligord", "skriver",
    "R3VuaGlsZEZqYWxsc3Ryb20", "Ⓖⓤⓝⓗⓘⓛⓓ", "🧊", "lurgrop", "jolsgard",
}
NEVER = ("data:", "javascript", "<script", "<style", "<!--", "srcdoc", "srcset", "onclick", "<object", "<noscript", "@")
DRAWN = re.compile(r"[qwxzvjk6789]{4}", re.I)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser(1) as running:
        running.context.route(f"{FACEBOOK}/**", _facebook)
        yield running


def _facebook(route: Any) -> None:
    path = route.request.url.removeprefix(FACEBOOK).split("?")[0]
    if path == "/comet.js":
        return route.fulfill(content_type="text/javascript", body=(PAGES / "facebook/comet.js").read_text("utf-8"))
    if path == "/planted":
        return route.fulfill(content_type="text/html; charset=utf-8", body=(PAGES / "recorded.html").read_text("utf-8"))
    view = views().get(path)
    if view is None:
        return route.fulfill(status=404, body="")
    data = json.dumps(view).replace("<", "\\u003c")
    body = SHELL.format(lang=view["lang"], title="Inlägg", view=data)
    return route.fulfill(content_type="text/html; charset=utf-8", body=body)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.context.new_page()
    page.set_default_timeout(10_000)
    yield page
    page.close()


def test_what_is_planted_could_not_be_drawn_by_chance() -> None:
    assert not [word for word in PLANTED for part in parts(word) if DRAWN.fullmatch(part)]


def test_nothing_planted_is_left(browser: Browser, tab: Page) -> None:
    tab.goto(f"{FACEBOOK}/planted")
    found = record(browser, tab)
    assert leaks((PAGES / "recorded.html").read_text("utf-8"), PLANTED)
    assert leaks(found["html"], PLANTED) == []
    assert [each for each in NEVER if each in found["html"]] == []
    assert (found["roots"], found["host"]) == (1, "www.facebook.com")


def test_nothing_planted_is_left_of_an_unknown_site(browser: Browser, tab: Page) -> None:
    tab.route("https://fjallstrom.example/**", lambda route: route.fulfill(
        content_type="text/html; charset=utf-8", body=(PAGES / "recorded.html").read_text("utf-8")))
    tab.goto("https://fjallstrom.example/Gunhild")
    found = record(browser, tab)
    assert leaks(found["html"], PLANTED) == []
    assert found["host"].endswith(".invalid")


def test_the_same_stays_the_same_and_labels_and_shapes_stay(browser: Browser, tab: Page) -> None:
    tab.goto(f"{FACEBOOK}/planted")
    made = record(browser, tab)["html"]
    last = re.search(r"\U0001f642\U0001f642 (\w+) (\w+) (\w+) (\d{4}) (\d{4})", made)
    assert last
    capital, small, loud, number, again = last.groups()
    assert capital == small.capitalize() and loud == small.upper() and len(small) == 7 and number == again
    assert made.count(capital) > 10
    for kept in ('aria-label="Ta bort"', "<span>Ta bort …</span>", ">Rapportera kommentar<", 'aria-label="Blockera '):
        assert kept in made
    assert re.search(r"tel \d{10}\.|\w{3} \d{10}\.", made)
    assert f'href="https://www.facebook.com/{small}.' in made
    assert '<template shadowrootmode="open"><p id="' in made


def test_two_recordings_have_nothing_in_common(browser: Browser, tab: Page) -> None:
    tab.goto(f"{FACEBOOK}/planted")
    names = [re.search(r"\U0001f642 (\w+) ", record(browser, tab)["html"]) for _ in range(2)]
    assert names[0] and names[1] and names[0].group(1) != names[1].group(1)


def test_the_page_itself_is_left_as_it_was(browser: Browser, tab: Page) -> None:
    tab.goto(f"{FACEBOOK}{fv.OWN_POST}")
    tab.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    before = tab.content()
    record(browser, tab)
    assert tab.content() == before
    assert tab.evaluate("typeof bevara_record") == "undefined"


LOOK = """([pack, accounts]) => { bevara.pack = pack; bevara.setup = { accounts, practice_origin: "" };
  return { rows: bevara.reading.rows().map(({ id, parent, author, text, owner }) => ({ id, parent, author, text, owner })),
    steps: [...bevara.reading.steps()] }; }"""


def reading_code() -> str:
    order = json.loads((CONTENT / "order.json").read_text("utf-8"))
    files = [CONTENT / name for name in order[: order.index("classify.js") + 1]]
    files.append(CONTENT.parent / "trial" / "reading.js")
    return "\n".join(path.read_text("utf-8") for path in files) + "\nvoid 0;"


def look(page: Page, markup: str | None, pack: dict[str, Any], address: str) -> Any:
    """What the content scripts read, in a page shown anew at the same address without its scripts."""
    if markup is not None:
        page.route(address, lambda route: route.fulfill(
            content_type="text/html; charset=utf-8", body=markup.replace("Content-Security-Policy", "x")))
        page.goto(address)
    page.evaluate(reading_code())
    return page.evaluate(LOOK, [pack, [account(("vanity", "storkopingskommun"))]])


def shape(text: str | None) -> str | None:
    return text and re.sub(r"\d", "9", re.sub(r"[^\W\d]", "x", re.sub(r"[^\w\s.,·]", "", text)))


SURFACES = [path for path, view in fv.ours().items() if not view.get("window")]


def alike(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The same comments, answers, owners and steps, with other names and numbers."""
    rows, again = before["rows"], after["rows"]
    assert len(rows) == len(again) > 0
    ids = {row["id"]: new["id"] for row, new in zip(rows, again, strict=True)}
    assert len(set(ids.values())) == len(ids) and not set(ids) & set(ids.values())
    assert [ids.get(row["parent"]) for row in rows] == [new["parent"] for new in again]
    for row, new in zip(rows, again, strict=True):
        assert (row["owner"] is None) == (new["owner"] is None) and row["owner"] != new["owner"]
        assert [shape(row[name]) for name in ("author", "text")] == [shape(new[name]) for name in ("author", "text")]
    assert [step for _, step in before["steps"]] == [step for _, step in after["steps"]]
    kept = [label for label, step in before["steps"] if step and not re.match("Block|Kasta", label)]
    assert kept == [label for label, _ in after["steps"] if label in kept]


@pytest.mark.parametrize("path", SURFACES)
def test_a_recording_of_facebook_is_read_as_the_page_was(browser: Browser, tab: Page, path: str) -> None:
    pack = contract.load("platforms/facebook.json")
    tab.goto(FACEBOOK + path)
    tab.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    dots = tab.locator("[role=article][tabindex='-1'] [aria-haspopup=menu]")
    if dots.count():
        dots.first.click()
        tab.wait_for_selector(".portal [role=menu]")
    made = record(browser, tab)["html"]
    before = look(tab, None, pack, FACEBOOK + path)
    other = browser.context.new_page()
    after = look(other, made, pack, f"{FACEBOOK}/inspelad")
    other.close()
    alike(before, after)
    names = {"Kalle", "Testsson", "Fiktiv", "köpings", "200000000000001", "cykelväg"}
    found = leaks(made, names)
    assert not found, found
    if dots.count():
        assert before["steps"]


def test_a_recording_of_an_open_dialog_holds_its_confirming_button(browser: Browser, tab: Page) -> None:
    pack = contract.load("platforms/facebook.json")
    tab.goto(FACEBOOK + fv.OWN_POST)
    tab.locator("[role=article][tabindex='-1'] [aria-haspopup=menu]").first.click()
    tab.locator(".portal [role=menu] >> text=/^Ta bort/").first.click()
    tab.wait_for_selector(".portal [aria-modal]")
    made = record(browser, tab)["html"]
    other = browser.context.new_page()
    after = look(other, made, pack, f"{FACEBOOK}/inspelad")
    other.close()
    assert dict(after["steps"])["Ta bort"] == "final"


def test_a_recording_of_the_practice_page_is_read_as_the_page_was(browser: Browser, tab: Page) -> None:
    pack = contract.load("platforms/practice.json")
    with Running() as bevara:
        address = f"http://localhost:{bevara.port}/torget/"
        tab.goto(address)
        tab.locator(".comment [aria-haspopup=menu]").first.click()
        made = record(browser, tab)["html"]
        before = look(tab, None, pack, address)
        other = browser.context.new_page()
        after = look(other, made, pack, f"{address}inspelad")
        other.close()
    alike(before, after)
    assert [step for _, step in after["steps"]].count("final") == 1


def test_a_person_sees_all_of_it_before_it_is_saved(browser: Browser, tab: Page) -> None:
    tab.goto(f"{FACEBOOK}/planted")
    tab.bring_to_front()
    popup = browser.context.new_page()
    tab_id = browser.page.evaluate("async (url) => (await chrome.tabs.query({})).find((tab) => tab.url === url).id", tab.url)
    base = browser.page.url.split("/options")[0]
    popup.goto(f"{base}/record/record.html?tab={tab_id}")
    expect(popup.locator("#counts")).to_contain_text("delar från www.facebook.com")
    shown = popup.locator("#whole pre").text_content() or ""
    assert popup.locator("#look iframe").get_attribute("sandbox") == ""
    expect(popup.frame_locator("#look iframe").locator("[aria-label='Ta bort']")).to_have_count(1)
    with popup.expect_download() as wanted:
        popup.click("#save")
    assert re.fullmatch(r"bevara-sida-www\.facebook\.com-\d{4}-\d\d-\d\d\.html", wanted.value.suggested_filename)
    assert Path(wanted.value.path()).read_text("utf-8") == shown
    assert faults(popup) == []
    popup.close()


def test_the_popup_leads_there_and_a_closed_page_is_said(browser: Browser, tab: Page) -> None:
    base = browser.page.url.split("/options")[0]
    tab.goto(f"{base}/popup/popup.html")
    tab.locator("summary[data-text=more]").click()
    expect(tab.locator("#record a")).to_have_text("Spara sidans uppbyggnad (till support)")
    assert re.search(r"record/record\.html\?tab=\d+$", tab.locator("#record a").get_attribute("href") or "")
    tab.goto(f"{base}/record/record.html?tab=999999")
    expect(tab.locator("#counts")).to_contain_text("Bevara får inte läsa den sidan")
    expect(tab.locator("#save")).to_be_hidden()


def test_a_page_may_not_ask_for_a_recording() -> None:
    code = (CONTENT.parent / "background" / "messages.js").read_text("utf-8")
    assert '"page.record"' in code[code.index("const FROM_OWN") :]
    assert '"page.record"' not in code[: code.index("const FROM_OWN")]
