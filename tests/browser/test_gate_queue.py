"""Presses on other comments while one is held wait their turn: each is saved before it is done, in order and once."""

from typing import Any

from gate_page import GatePage, pack
from gate_panel import Panel

INLINE = pack(inline=[{"selector": "[data-inline]", "kind": "hide"}])


def press(page: Any, *comment_ids: str) -> None:
    for comment_id in comment_ids:
        page.click(f"[data-inline='{comment_id}']")


def saved(gate: GatePage) -> list[str]:
    """The comments that were saved, in order."""
    return [one["capture"]["comment"]["id"] for one in gate.sent("capture.save")]


def test_three_presses_are_saved_and_done_one_after_the_other(page: Any) -> None:
    gate = GatePage(page, "inline=yes&outcome=still", INLINE)
    gate.mode("ok", 1500)
    press(page, "501", "502", "503")
    assert gate.did() == [] and len(gate.sent("capture.save")) <= 1
    gate.wait_did("hide", "503", 15000)
    assert gate.did() == [["hide", "501"], ["hide", "502"], ["hide", "503"]]
    assert page.evaluate("__order") == [["save", 0], ["save", 1], ["save", 2]], "done before it was saved"
    assert saved(gate) == ["501", "502", "503"] and gate.leaked() == []


def test_the_same_comment_pressed_again_waits_only_once(page: Any) -> None:
    gate = GatePage(page, "inline=yes&outcome=still", INLINE)
    gate.mode("ok", 1000)
    press(page, "501", "502", "501", "502")
    gate.wait_did("hide", "502", 15000)
    page.wait_for_timeout(1500)
    assert saved(gate) == ["501", "502"] and gate.did() == [["hide", "501"], ["hide", "502"]]
    assert gate.leaked() == []


def test_when_the_page_redraws_the_waiting_one_is_saved_and_asks_for_one_more_press(page: Any) -> None:
    gate = GatePage(page, "inline=yes", INLINE)
    gate.mode("ok", 1000)
    press(page, "501", "502")
    gate.wait_did("hide", "501")
    Panel(page).wait("Tryck en gång till.", 15)
    assert saved(gate) == ["501", "502"] and gate.did() == [["hide", "501"]] and gate.leaked() == []
    press(page, "502")
    gate.wait_did("hide", "502")
    page.wait_for_timeout(300)
    assert saved(gate) == ["501", "502"] and gate.did() == [["hide", "501"], ["hide", "502"]]


def test_when_the_first_is_given_up_the_next_has_its_turn(page: Any) -> None:
    gate = GatePage(page, "inline=yes&outcome=still", INLINE)
    gate.mode("unspooled", 1500)
    press(page, "501", "502")
    panel = Panel(page)
    panel.wait("Kommentaren är kvar.")
    assert gate.did() == []
    gate.mode("ok", 100)
    panel.press("Avbryt")
    gate.wait_did("hide", "502")
    page.wait_for_timeout(300)
    assert gate.did() == [["hide", "502"]] and saved(gate) == ["501", "502"] and gate.leaked() == []
