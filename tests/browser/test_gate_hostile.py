"""A page that works against the moderator: it presses our buttons, throws itself over them, keeps the focus."""

import pytest
from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page

TRAP = """() => { const inner = () => document.querySelector('[role=dialog] [data-final]');
  document.addEventListener('focusin', (event) => { if (event.target !== inner()) inner()?.focus(); }, true);
  document.addEventListener('focusout', () => inner()?.focus(), true);
  setInterval(() => inner()?.focus(), 20); }"""
FORGE = """() => { const host = document.querySelector('bevara-panel'), box = __roots.get('bevara-panel').querySelector('.box');
  for (const button of box.querySelectorAll('button')) {
    const { x, y } = button.getBoundingClientRect();
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      host.dispatchEvent(new PointerEvent(type, { bubbles: true, composed: true, clientX: x + 3, clientY: y + 3, detail: 1 }));
    button.click();
    button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
  }
  for (const key of ['Enter', ' ', 'Escape', '1', 'F6'])
    host.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true })); }"""


def failed(page: Page) -> tuple[GatePage, Panel]:
    """A deletion that could not be saved: the panel offers to delete without saving."""
    gate = GatePage(page)
    gate.mode("down")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    panel = Panel(page)
    panel.wait("Kommentaren är kvar.")
    return gate, panel


@pytest.mark.parametrize("opened", ["", "Ta bort utan att spara", "Misstänkt övergrepp mot barn"])
def test_the_page_cannot_press_our_buttons(page: Page, opened: str) -> None:
    gate, panel = failed(page)
    if opened:
        panel.press(opened)
    before = panel.text()
    page.evaluate(FORGE)
    page.wait_for_timeout(400)
    assert panel.text() == before
    assert gate.did() == [] and gate.sent("incident.put") == []
    assert len(gate.sent("capture.save")) == 1 and gate.sent("capture.cancel") == []


def test_a_page_that_keeps_the_focus_cannot_keep_it_from_a_question(page: Page) -> None:
    gate, _ = failed(page)
    page.evaluate(TRAP)
    page.wait_for_timeout(100)
    gate.mode("ok")
    page.keyboard.press("Enter")
    gate.wait_did("delete", "501")
    assert len(gate.sent("capture.save")) == 2


def test_a_page_that_hides_our_panel_still_deletes_nothing(page: Page) -> None:
    gate, _ = failed(page)
    page.evaluate("setInterval(() => document.querySelector('bevara-panel')?.remove(), 5)")
    page.wait_for_timeout(50)
    gate.confirm()
    page.focus("[role=dialog] [data-final]")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert gate.did() == [] and gate.leaked() == []


def test_a_page_that_is_prepared_in_advance_says_its_state_when_it_is_shown(page: Page) -> None:
    page.add_init_script("window.__ahead = true;"
                         "Object.defineProperty(document, 'prerendering', { get: () => window.__ahead });")
    gate = GatePage(page)
    page.wait_for_timeout(1200)
    assert gate.sent("page.state") == []
    page.evaluate("window.__ahead = false; document.dispatchEvent(new Event('prerenderingchange'))")
    page.wait_for_function("__sent.some((one) => one.type === 'page.state' && one.state === 'armed')")
    assert len(gate.sent("page.hello")) == 2
