"""When it cannot be saved: the comment stays, one sentence says why, and there is a next step."""

import pytest
from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page


def delete(gate: GatePage, comment_id: str = "501") -> Panel:
    gate.menu(comment_id)
    gate.item("Ta bort")
    gate.confirm()
    return Panel(gate.page)


@pytest.mark.parametrize("mode", ["down", "unspooled", "wrong"])
def test_without_a_receipt_the_comment_stays(page: Page, mode: str) -> None:
    gate = GatePage(page)
    gate.mode(mode)
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    page.wait_for_timeout(500)
    assert gate.did() == [] and gate.leaked() == []
    assert panel.buttons()[:3] == ["Försök igen", "Dölj så länge", "Avbryt"]


def test_trying_again_sends_the_same_bytes_and_then_deletes(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    gate.mode("ok")
    panel.press("Försök igen")
    gate.wait_did("delete", "501")
    first, second = gate.sent("capture.save")
    assert first["capture"] == second["capture"]


def test_a_silent_helper_ends_in_a_panel_after_eight_seconds(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("dead")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.", timeout=11)
    assert gate.did() == []


def test_a_receipt_after_giving_up_never_deletes(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    gate.mode("ok", 3000)
    panel.press("Försök igen")
    panel.wait("Sparar")
    gate.confirm("Avbryt")
    page.wait_for_timeout(3600)
    assert gate.did() == [["cancel", "501"]]
    assert gate.sent("capture.outcome")[0]["observed"] == "aborted"


def test_cancelling_takes_the_capture_back_and_the_next_press_is_held_again(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    panel.press("Avbryt")
    panel.wait_gone()
    assert len(gate.sent("capture.cancel")) == 1
    gate.confirm()
    panel.wait("Kommentaren är kvar.")
    assert gate.did() == [] and gate.leaked() == []


def test_the_override_needs_a_reason_and_is_noted(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    panel.press("Ta bort utan att spara")
    panel.wait("Det som står i kommentaren går förlorat.")
    panel.press("Ta bort utan att spara")
    page.wait_for_timeout(300)
    assert gate.did() == [] and gate.sent("incident.put") == []
    panel.press("Akut fara")
    panel.press("Ta bort utan att spara")
    gate.wait_did("delete", "501")
    incident = gate.sent("incident.put")[0]["incident"]
    assert (incident["kind"], incident["reason"], incident["comment_id"]) == (
        "override",
        "danger",
        "501",
    )
    assert incident["moderator"] == "Moa"


def test_the_closed_path_before_the_confirming_press(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    panel = Panel(page)
    panel.wait("Misstänkt övergrepp mot barn")
    panel.press("Misstänkt övergrepp mot barn")
    panel.wait("Ring polisen")
    panel.press("Ta bort och anteckna")
    panel.wait("Antecknat.")
    panel.press("Stäng")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert gate.sent("capture.save") == []
    incident = gate.sent("incident.put")[0]["incident"]
    assert incident["kind"] == "closed_path" and incident["author_url"].endswith("/anna.x")
    assert "Hej" not in str(gate.sent("incident.put"))
    assert page.evaluate("bevara.memory.get('501')") is None
    answer = page.evaluate(
        "bevara.watchdog.seen({pack_id: 'practice', comment_id: '501', action: 'delete'})"
    )
    assert answer == {"ours": True, "known": True, "capture": None, "blobs": []}


def test_the_closed_path_from_a_failed_save(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Ta bort och anteckna")
    gate.wait_did("delete", "501")
    panel.wait("Antecknat.")
    assert (
        gate.sent("capture.cancel")[0]["capture_id"]
        == gate.sent("capture.save")[0]["capture"]["capture_id"]
    )


def test_the_closed_path_after_the_receipt(page: Page) -> None:
    gate = GatePage(page)
    panel = delete(gate)
    gate.wait_did("delete", "501")
    panel.wait("Sparad och borttagen.")
    panel.press("Misstänkt övergrepp mot barn")
    panel.wait("Kommentaren är redan sparad.")
    panel.press("Spärra och anteckna")
    panel.wait("Ring polisen")
    capture_id = gate.sent("capture.save")[0]["capture"]["capture_id"]
    incident = gate.sent("incident.put")[0]["incident"]
    assert (incident["kind"], incident["captures"]) == ("closed_path", [capture_id])
    assert incident["author_url"].endswith("/anna.x"), "kept by the closed path"
    assert "Hej" not in str(incident)
    assert page.evaluate("bevara.memory.get('501')") is None
    assert page.evaluate("bevara.memory.recall('501')") is None
    assert gate.did() == [["delete", "501"]], "nothing is done again"


def test_going_back_from_the_closed_path_shows_the_reasons(page: Page) -> None:
    gate = GatePage(page)
    panel = delete(gate)
    panel.wait("Sparad och borttagen.")
    panel.press("Misstänkt övergrepp mot barn")
    panel.wait("Kommentaren är redan sparad.")
    panel.press("Avbryt")
    panel.wait("Sparad och borttagen.")
    assert gate.sent("incident.put") == []


def test_hiding_goes_through_when_the_capture_is_kept_in_the_browser(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    gate.menu()
    gate.item("Dölj kommentar")
    gate.wait_did("hide", "501")
    Panel(page).wait("Dold, ännu inte sparad.")
    assert gate.sent("incident.put")[0]["incident"]["kind"] == "early_hide"


def test_the_guideline_may_forbid_hiding_early(page: Page) -> None:
    gate = GatePage(page, profile={"forbid_early_hide": True})
    gate.mode("down")
    gate.menu()
    gate.item("Dölj kommentar")
    Panel(page).wait("Kommentaren är kvar.")
    assert gate.did() == []


def test_a_page_left_behind_by_an_update_says_reload(page: Page) -> None:
    gate = GatePage(page)
    page.evaluate("chrome.runtime.id = undefined")
    panel = delete(gate)
    panel.wait("Ladda om sidan")
    assert gate.did() == [] and panel.buttons() == ["Ladda om sidan", "Avbryt"]


def test_without_a_picture_the_capture_says_so(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("no_shot")
    delete(gate)
    gate.wait_did("delete", "501")
    saved = gate.sent("capture.save")[0]["capture"]
    assert saved["picture"] is None and saved["no_picture_reason"] == "quota"
    assert "picture" in saved["completeness"]["missing"]


def test_an_item_that_deletes_at_once_is_saved_late(page: Page) -> None:
    gate = GatePage(page, "dialog=no")
    gate.menu()
    gate.item("Ta bort")
    gate.wait_did("delete", "501")
    page.wait_for_function("__sent.some((one) => one.type === 'capture.save')", timeout=6000)
    saved = gate.sent("capture.save")[0]["capture"]
    assert saved["mode"] == "late" and saved["comment"]["text"] == "Hej 🙂\nandra raden"
    assert gate.sent("incident.put")[0]["incident"]["kind"] == "unseen_deletion"


def test_the_watchdog_gets_a_late_capture(page: Page) -> None:
    gate = GatePage(page)
    seen = "(id) => bevara.watchdog.seen({pack_id: 'practice', comment_id: id, action: 'delete'})"
    answer = page.evaluate(seen, "502")
    assert answer["ours"] is True and answer["known"] is False
    assert answer["capture"]["mode"] == "late" and answer["capture"]["comment"]["id"] == "502"
    assert page.evaluate(seen, "777")["ours"] is None
    delete(gate)
    gate.wait_did("delete", "501")
    assert page.evaluate(seen, "501")["known"] is True


def test_the_watchdog_reads_nothing_on_someone_elses_page(page: Page) -> None:
    GatePage(page, "owner=other")
    answer = page.evaluate(
        "bevara.watchdog.seen({pack_id: 'practice', comment_id: '502', action: 'delete'})"
    )
    assert answer == {"ours": False, "known": False, "capture": None, "blobs": []}


def test_a_panel_that_the_page_throws_away_comes_back(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = delete(gate)
    panel.wait("Kommentaren är kvar.")
    page.evaluate("document.querySelector('bevara-panel').remove()")
    assert not panel.text()
    gate.confirm()
    panel.wait("Kommentaren är kvar.")
    assert gate.did() == []


def test_hiding_with_a_silent_helper_goes_through_after_five_seconds_if_kept(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("dead")
    gate.menu()
    gate.item("Dölj kommentar")
    page.wait_for_timeout(4000)
    assert gate.did() == []
    gate.wait_did("hide", "501")
    Panel(page).wait("Dold, ännu inte sparad.")


def test_a_pass_for_hiding_opens_no_deletion(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 150)
    page.evaluate("bevara.hold.allow('501', { kind: 'hide' })")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert page.evaluate("__order") == [["save", 0]] and gate.leaked() == []


def test_a_pass_opens_its_own_action_once(page: Page) -> None:
    gate = GatePage(page)
    page.evaluate("bevara.hold.allow('501', { kind: 'delete' })")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert gate.sent("capture.save") == []
