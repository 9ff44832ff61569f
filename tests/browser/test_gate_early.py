"""The first moments of a page: until the worker has said what is known, nothing on it can be pressed."""

from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page


def test_no_menu_opens_before_the_worker_has_answered(page: Page) -> None:
    gate = GatePage(page, answered=False)
    gate.menu()
    page.focus("[data-id='501']")
    for key in ("Enter", "Space", "ArrowDown"):
        page.keyboard.press(key)
    Panel(page).wait("Bevara startar …")
    assert page.evaluate("document.querySelector('[role=menu]')") is None
    assert gate.leaked() == []


def test_a_deletion_that_is_already_asked_for_is_not_let_through(page: Page) -> None:
    gate = GatePage(page, answered=False)
    page.evaluate("openDialog('501')")
    gate.confirm()
    page.focus("[role=dialog] [data-final]")
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('[role=dialog] [data-final]').click()")
    assert gate.did() == [] and gate.leaked() == []


def test_the_answer_is_told_and_the_next_press_is_held_as_usual(page: Page) -> None:
    gate = GatePage(page, answered=False)
    gate.menu()
    gate.mode("ok", 150)
    Panel(page).wait("Tryck en gång till.")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert page.evaluate("__order") == [["save", 0]]


def test_a_worker_that_never_answers_is_named_and_the_page_may_be_loaded_again(page: Page) -> None:
    gate = GatePage(page, answered=False)
    gate.menu()
    panel = Panel(page)
    panel.wait("Bevara svarar inte på den här sidan.", timeout=12)
    assert panel.buttons() == ["Ladda om sidan", "Avbryt"]
    panel.press("Avbryt")
    gate.menu()
    panel.wait("Bevara startar …")


def test_a_page_left_behind_before_it_was_known_says_reload_at_once(page: Page) -> None:
    gate = GatePage(page, answered=False)
    page.evaluate("chrome.runtime.id = undefined")
    gate.menu()
    Panel(page).wait("Ladda om sidan")


def test_writing_is_left_alone_meanwhile(page: Page) -> None:
    GatePage(page, answered=False)
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.focus("textarea")
    page.keyboard.press("h")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('textarea').value") == "h\n"

