"""The real extension on the practice page: a whole post, a blocked author, a comment shown again, fifty in a row."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from extension_only import Browser
from panel import Panel
from playwright.sync_api import Page, Route, expect
from running import Running

pytestmark = pytest.mark.browser


@pytest.fixture
def page(bevara: Running, browser: Browser) -> Iterator[Page]:
    page = browser.context.new_page()
    page.goto(f"http://localhost:{bevara.port}/torget/")
    page.click("#reset")
    page.wait_for_selector("[aria-label='Kommentar från Olle Sand']")
    page.wait_for_timeout(800)
    yield page
    page.close()


def heartbeat(bevara: Running) -> dict[str, Any]:
    """What the browser last told of itself, read beside the running process."""
    database = bevara.data / "register" / "bevara.sqlite"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        row = connection.execute("select value from meta where key like 'heartbeat/%'").fetchone()
    return dict(json.loads(row[0])) if row else {}


def test_the_browser_tells_that_it_lives_as_soon_as_it_is_paired(bevara: Running, browser: Browser) -> None:
    for _ in range(50):
        if heartbeat(bevara):
            break
        browser.page.wait_for_timeout(200)
    told = heartbeat(bevara)
    assert told["browser"].startswith("Chrome ") and told["version"] == "0.1.0"
    assert set(told["pages"]) == {"armed", "degraded", "blind", "resting", "reload"}
    assert told["waiting"] == told["refused"] == 0 and "Receptionen" not in json.dumps(told)


def choose(page: Page, author: str, item: str) -> None:
    page.locator(f"[aria-label='Kommentar från {author}'] [aria-haspopup=menu]").click()
    page.locator(f"[role=menuitem] >> text=/^{item}/").click()


def retried(panel: Panel) -> bool:
    """Presses *Försök igen* when a slow machine made Bevara give up, as a person would; false when there was no need."""
    if "Kommentaren är kvar." not in panel.text():
        return False
    panel.press("Försök igen")
    return True


def asked(page: Page) -> list[list[str]]:
    found = page.evaluate("async () => (await (await fetch('/torget/requests')).json()).requests")
    return [[one["op"], one["comment_id"]] for one in found]


def test_a_whole_post_is_saved_before_it_goes(bevara: Running, page: Page) -> None:
    before = len(bevara.documents("capture", practice=True))
    page.click("#post-dots")
    page.click("[role=menuitem] >> text='Ta bort inlägget'")
    page.click("[data-confirm]")
    Panel(page).wait("Sparat och borttaget. 8 sparade.", 30)
    captures = bevara.documents("capture", practice=True)[before:]
    assert [one["comment"]["id"] for one in captures] == ["800", *(str(9001 + at) for at in range(7))]
    assert asked(page) == [["delete_post", "800"]]
    assert {one["whole"]["first"] for one in captures} == {captures[0]["capture_id"]}
    assert len(bevara.wait_documents("outcome", 8, practice=True)) == 8


def test_blocking_saves_the_comment_before_it_goes(bevara: Running, page: Page) -> None:
    choose(page, "Signe Bohm", "Blockera")
    page.click("[data-confirm]")
    Panel(page).wait("Sparad", 20)
    page.wait_for_selector("[aria-label='Kommentar från Signe Bohm']", state="detached")
    last = bevara.documents("capture", practice=True)[-1]
    assert (last["comment"]["id"], last["action"]["kind"], last["whole"]["subject"]) == ("9004", "block", "author")
    assert asked(page) == [["block_author", "9004"]]


def test_a_comment_that_is_shown_again_is_not_held_and_is_noted(bevara: Running, page: Page) -> None:
    choose(page, "Elsa Grahn", "Dölj")
    page.wait_for_selector("[aria-label='Kommentar från Elsa Grahn'].hidden")
    captures = len(bevara.documents("capture", practice=True))
    outcomes = len(bevara.documents("outcome", practice=True))
    choose(page, "Elsa Grahn", "Ta fram")
    expect(page.locator("[aria-label='Kommentar från Elsa Grahn']")).not_to_have_class("comment  hidden")
    end = bevara.wait_documents("outcome", outcomes + 1, practice=True)
    while end[-1]["observed"] != "restored" and len(end) < outcomes + 3:
        page.wait_for_timeout(300)
        end = bevara.wait_documents("outcome", len(end) + 1, practice=True, seconds=4)
    assert end[-1]["observed"] == "restored" and end[-1]["comment_id"] == "9001"
    assert len(bevara.documents("capture", practice=True)) == captures
    assert asked(page)[-1] == ["restore_comment", "9001"]


def test_a_burst_of_deletions_is_saved_whole_and_in_order(
    bevara: Running, page: Page, tries: Callable[[int, int], int]
) -> None:
    many = tries(15, 50)
    ids = [str(7000 + at) for at in range(many)]
    left = list(ids)
    gone: list[str] = []
    early: list[str] = []

    def thread(route: Route) -> None:
        route.fulfill(json={"comments": [
            {"id": id_, "author": f"Person {id_}", "vanity": f"p.{id_}", "time": "1 tim", "text": f"Text {id_} åäö",
             "parent": None, "edited": False, "picture": False, "state": "shown"} for id_ in left]})

    def act(route: Route) -> None:
        id_ = dict(part.split("=") for part in (route.request.post_data or "").split("&"))["comment_id"]
        saved = {one["comment"]["id"] for one in bevara.documents("capture", practice=True)}
        if id_ not in saved:
            early.append(id_)
        gone.append(id_)
        left.remove(id_)
        route.fulfill(json={"ok": True, "state": "deleted"})

    page.route("**/torget/thread", thread)
    page.route("**/torget/api", act)
    before = len(bevara.documents("capture", practice=True))
    page.reload()
    page.wait_for_selector(f"[aria-label='Kommentar från Person {ids[0]}']")
    page.wait_for_timeout(800)
    page.set_default_timeout(60000)
    panel = Panel(page)
    for id_ in ids:
        choose(page, f"Person {id_}", "Ta bort")
        page.click("[data-confirm]")
        while id_ in left and not retried(panel):
            page.wait_for_timeout(100)
    while left:
        retried(panel)
        page.wait_for_timeout(100)
    assert gone == ids and early == []
    captures = bevara.documents("capture", practice=True)[before:]
    assert [one["comment"]["id"] for one in captures] == ids
    assert all(one["comment"]["text"] == f"Text {one['comment']['id']} åäö" for one in captures)
    pictures = [one["no_picture_reason"] for one in captures]
    assert pictures.count(None) > many / 4, pictures
    print(json.dumps({"with_picture": pictures.count(None), "of": many}))
    page.unroute_all()
