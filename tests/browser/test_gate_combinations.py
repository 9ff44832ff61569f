"""Eight kinds of control pressed in three ways, in each browser: nothing reaches the page before the
receipt, and each press then goes through once or asks for one more."""

from typing import Any

import pytest
from gate_page import GatePage
from gate_panel import Panel

CONTROLS = ["click", "native", "mousedown", "pointerdown", "pointerup", "press", "trusted", "keyup"]
# A page that wants trusted events, and keys on a control that listens to the pointer only.
ASKS = {("trusted", "mouse"), ("trusted", "Enter"), ("trusted", "Space"),
        *((how, key) for how in ("mousedown", "pointerdown", "pointerup") for key in ("Enter", "Space"))}


def press(page: Any, way: str) -> None:
    """Presses the confirming control."""
    if way == "mouse":
        page.click("[role=dialog] [data-final]")
    else:
        page.focus("[role=dialog] [data-final]")
        page.keyboard.press(way)


@pytest.mark.parametrize("way", ["mouse", "Enter", "Space"])
@pytest.mark.parametrize("how", CONTROLS)
def test_held_and_then_through_once(page: Any, how: str, way: str) -> None:
    gate = GatePage(page, f"how={how}&confirm={'native' if how == 'native' else 'button'}")
    gate.mode("ok", 250)
    gate.menu()
    gate.item("Ta bort")
    press(page, way)
    page.wait_for_function("__order.length > 0")
    if (how, way) in ASKS:
        Panel(page).wait("Tryck en gång till.")
        assert (gate.did(), gate.leaked()) == ([], [])
        press(page, "mouse")
    gate.wait_did("delete", "501")
    page.wait_for_timeout(100)
    assert gate.did() == [["delete", "501"]]
    assert page.evaluate("__order") == [["save", 0]], "the page acted before the receipt"
    assert ((how, way) in ASKS) == (gate.leaked() != []), "a press that was not asked for reached the page"
