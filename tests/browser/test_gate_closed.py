"""A comment that the closed path has shut is in nothing that Bevara writes, also where others answer it."""

import json

from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page

WORDS = "andra raden"


def shut(gate: GatePage, comment_id: str = "501") -> None:
    """Takes the closed path from the dialog, and leaves the comment on the page."""
    gate.menu(comment_id)
    gate.item("Ta bort")
    panel = Panel(gate.page)
    panel.wait("Misstänkt övergrepp mot barn")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Ta bort och anteckna")
    panel.wait("Antecknat.")
    panel.press("Stäng")
    gate.confirm("Avbryt")


def written(gate: GatePage) -> str:
    return json.dumps(gate.page.evaluate("__sent"), ensure_ascii=False)


def test_a_reply_is_saved_without_what_it_answers(page: Page) -> None:
    gate = GatePage(page)
    gate.menu("503")
    page.keyboard.press("Escape")
    shut(gate)
    assert WORDS not in json.dumps(page.evaluate("bevara.memory.get('503')?.seen")), "remembered before it was shut"
    gate.menu("503")
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "503")
    saved = gate.sent("capture.save")[0]["capture"]
    assert saved["comment"]["id"] == "503" and saved["context"]["answers"] == []
    assert "context.answers" in saved["completeness"]["missing"] and saved["context"]["post"]["text"]
    assert WORDS not in written(gate) and "Anna Ek" not in written(gate)


def test_no_save_button_stands_beside_it(page: Page) -> None:
    gate = GatePage(page)
    shut(gate)
    page.mouse.move(5, 650)
    page.hover("[aria-label='Kommentar av Anna Ek'] .words")
    page.wait_for_timeout(200)
    assert not Panel(page, "bevara-save").buttons()
    page.hover("[aria-label='Kommentar av Bo Berg'] .words")
    page.wait_for_timeout(200)
    assert Panel(page, "bevara-save").buttons()


def test_nothing_can_build_a_capture_of_it(page: Page) -> None:
    gate = GatePage(page)
    shut(gate)
    built = """() => { const comment = bevara.finder.byId("501"); return bevara.capture.build({ comment, action: {}, mode: "save",
      seen: null, shot: null, account: null, secrecy: false, capture_id: crypto.randomUUID() }).then(() => "built", (one) => one.message); }"""
    assert page.evaluate(built) == "shut"
    assert page.evaluate("bevara.capture.look(bevara.finder.byId('501'))") is None


def test_no_picture_of_the_screen_is_taken_while_it_is_in_sight(page: Page) -> None:
    gate = GatePage(page, screen="window")
    shut(gate)
    gate.menu("503")
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "503")
    saved = gate.sent("capture.save")[0]["capture"]
    assert gate.sent("screen.take") == [] and saved["no_screen_reason"] == "shut_in_sight"


def test_a_page_that_is_loaded_anew_knows_what_is_shut(page: Page) -> None:
    gate = GatePage(page, shut=[{"platform": "practice", "comment_id": "501"}, {"platform": "facebook", "comment_id": "502"}])
    assert page.evaluate("[bevara.memory.isShut('501'), bevara.memory.isShut('502')]") == [True, False]
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Kommentaren är spärrad i Bevara och sparas inte.")
    assert gate.did() == [] and gate.sent("capture.save") == [] and gate.sent("shot.take") == []
