"""When Bevara itself fails at a press: what may take a comment away is stopped, everything else goes its way."""

import pytest
from gate_page import GatePage, pack
from gate_panel import Panel
from playwright.sync_api import Page

BREAK = "bevara.classify.of = () => { throw new Error('planned'); }; void 0"


def test_a_confirming_press_that_is_not_understood_is_stopped(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    page.wait_for_selector("[role=dialog]")
    page.evaluate(BREAK)
    gate.confirm()
    panel = Panel(page)
    panel.wait("Trycket är stoppat.")
    assert gate.did() == [] and gate.leaked() == []
    assert panel.buttons() == ["Ladda om sidan", "Avbryt"]
    panel.press("Avbryt")
    page.focus("[role=dialog] [data-final]")
    page.keyboard.press("Enter")
    panel.wait("Trycket är stoppat.")
    assert gate.did() == [] and gate.leaked() == []


def test_an_item_of_an_open_menu_is_stopped(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    page.evaluate(BREAK)
    gate.item("Dölj kommentar")
    Panel(page).wait("Trycket är stoppat.")
    assert gate.did() == [] and gate.leaked() == []


def test_a_control_that_acts_without_a_menu_is_stopped(page: Page) -> None:
    gate = GatePage(page, "inline=yes", pack(inline=[{"selector": "[data-inline]", "kind": "hide"}]))
    page.evaluate(BREAK)
    page.click("[data-inline='501']")
    Panel(page).wait("Trycket är stoppat.")
    assert gate.did() == [] and gate.leaked() == []


def test_when_even_the_dialog_cannot_be_asked_for_it_is_stopped(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    page.wait_for_selector("[role=dialog]")
    page.evaluate("bevara.dialog.pending = () => { throw new Error('planned'); }; void 0")
    gate.confirm()
    Panel(page).wait("Trycket är stoppat.")
    assert gate.did() == [] and gate.leaked() == []


@pytest.mark.parametrize("query", ["", "owner=other"])
def test_nothing_else_is_stopped(page: Page, query: str) -> None:
    """Presses far from any comment's menu, writing, and everything on somebody else's page."""
    gate = GatePage(page, query)
    if query:
        gate.menu()
        gate.item("Ta bort")
    page.evaluate(BREAK)
    if query:
        gate.confirm()
        assert gate.did() == [["delete", "501"]]
    else:
        page.click("#other")
        gate.item("Arkivera")
        assert gate.did() == [["page", "archive"]]
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.focus("textarea")
    page.keyboard.press("h")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('textarea').value") == "h "
    assert not Panel(page).text()


def test_a_comment_that_was_let_through_once_may_go(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    page.wait_for_selector("[role=dialog]")
    page.evaluate("bevara.hold.allow('501', null)")
    page.evaluate(BREAK)
    gate.confirm()
    gate.wait_did("delete", "501")
