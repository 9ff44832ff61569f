"""An override and the closed path wait until they are noted; the record of what was kept says that it was taken away first."""

import pytest
from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page


def delete(gate: GatePage) -> Panel:
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    panel = Panel(gate.page)
    panel.wait("Kommentaren är kvar.")
    return panel


def override(panel: Panel) -> None:
    panel.press("Ta bort utan att spara")
    panel.wait("Ta bort utan att spara?")
    panel.press("Akut fara")
    panel.press("Ta bort utan att spara")


def incidents(gate: GatePage) -> list[dict[str, object]]:
    return [one["incident"] for one in gate.sent("incident.put")]


def test_an_override_that_cannot_be_noted_says_so_and_waits(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("unnoted")
    panel = delete(gate)
    override(panel)
    panel.wait("Det gick inte att anteckna.")
    page.wait_for_timeout(400)
    assert gate.did() == [] and gate.leaked() == []
    assert panel.buttons() == ["Försök igen", "Gå vidare utan anteckning", "Avbryt"]
    panel.press("Försök igen")
    panel.wait("Det gick inte att anteckna.")
    assert gate.did() == [] and len(incidents(gate)) == 2 and incidents(gate)[0] == incidents(gate)[1]
    panel.press("Gå vidare utan anteckning")
    gate.wait_did("delete", "501")


def test_a_new_try_that_is_noted_goes_on(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("unnoted")
    panel = delete(gate)
    override(panel)
    panel.wait("Det gick inte att anteckna.")
    gate.mode("down")
    panel.press("Försök igen")
    gate.wait_did("delete", "501")
    assert len({one["id"] for one in incidents(gate)}) == 1


def test_given_up_it_stays(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("unnoted")
    panel = delete(gate)
    override(panel)
    panel.wait("Det gick inte att anteckna.")
    panel.press("Avbryt")
    panel.wait("Kommentaren är kvar.")
    assert gate.did() == []


@pytest.mark.parametrize("pressed", [True, False])
def test_the_closed_path_waits_for_its_note_too(page: Page, pressed: bool) -> None:
    gate = GatePage(page)
    gate.mode("unnoted")
    if pressed:
        panel = delete(gate)
    else:
        gate.menu()
        gate.item("Ta bort")
        panel = Panel(page)
        panel.wait("Sparas först.")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Ta bort och anteckna")
    panel.wait("Det gick inte att anteckna.")
    page.wait_for_timeout(300)
    assert gate.did() == [] and not page.evaluate("bevara.hold.passed('501', false, { kind: 'delete' })")
    assert page.evaluate("bevara.memory.isShut('501')"), "nothing of it is kept meanwhile"
    panel.press("Gå vidare utan anteckning")
    panel.wait("Ring polisen")
    if not pressed:
        panel.press("Stäng")
        gate.confirm()
    gate.wait_did("delete", "501")


def test_after_the_receipt_an_unnoted_closed_path_says_that_it_is_not_withheld(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    panel = Panel(page)
    panel.wait("Sparad och borttagen.")
    gate.mode("unnoted")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Spärra och anteckna")
    panel.wait("kommentaren är inte spärrad")
    assert panel.buttons() == ["Försök igen", "Avbryt"]
    gate.mode("ok")
    panel.press("Försök igen")
    panel.wait("Kommentaren är spärrad.")
    assert len({one["id"] for one in incidents(gate)}) == 1


def test_a_dialog_that_closes_while_it_is_noted_ends_the_override(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    page.evaluate("""() => { const send = bevara.wire.send;
      bevara.wire.send = async (message, ms) => { if (message.type === "incident.put") await new Promise((done) => setTimeout(done, 1200)); return send(message, ms); }; }""")
    override(panel)
    panel.wait("Antecknar")
    gate.confirm("Avbryt")
    page.wait_for_timeout(1800)
    assert gate.did() == [["cancel", "501"]]


@pytest.mark.parametrize(("mode", "told"), [("down", ["overridden"]), ("unspooled", [])])
def test_what_the_browser_kept_is_said_to_have_been_taken_away_first(page: Page, mode: str, told: list[str]) -> None:
    gate = GatePage(page)
    gate.mode(mode)
    override(delete(gate))
    gate.wait_did("delete", "501")
    Panel(page).wait("Borttagen utan att sparas.")
    assert [one["observed"] for one in gate.sent("capture.outcome")] == told


def test_of_a_whole_post_only_what_was_not_saved_is_said_so(page: Page) -> None:
    from test_whole_post import FAIL_THIRD

    gate = GatePage(page, "post=yes&total=3")
    page.evaluate(FAIL_THIRD)
    gate.remove_post()
    panel = Panel(page)
    panel.wait("Inlägget är kvar.")
    override(panel)
    gate.wait_did("delete", "77")
    panel.wait("Borttagen utan att sparas.")
    saves = [one["capture"]["capture_id"] for one in gate.sent("capture.save")]
    told = [(one["capture_id"], one["observed"]) for one in gate.sent("capture.outcome")]
    assert told == list(zip(saves, ["removed", "removed", "overridden"], strict=True))
