"""What the panel says, word for word, and that each of it can be reached."""

import json

from gate_page import ROOT, GatePage, texts
from gate_panel import Panel
from playwright.sync_api import Page

EIGHT = ["Påhopp", "Hat och trakasserier", "Våld eller pornografi", "Uppmaning till brott", "Upphovsrätt",
         "Svordomar", "Reklam", "Sekretess"]


def delete(page: Page, mode: str = "ok", delay: int = 30, query: str = "") -> tuple[GatePage, Panel]:
    gate = GatePage(page, query)
    gate.mode(mode, delay)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    return gate, Panel(page)


def test_holding(page: Page) -> None:
    _, panel = delete(page, "ok", 1500)
    panel.wait("Sparar kommentaren … Den tas bort strax.")


def test_done(page: Page) -> None:
    _, panel = delete(page)
    panel.wait("Sparad och borttagen. Varför togs den bort?")
    buttons = panel.buttons()
    assert buttons[:8] == EIGHT and "Senare" in buttons


def test_still_visible(page: Page) -> None:
    _, panel = delete(page, query="outcome=still")
    panel.wait("Sparad. Torget visar fortfarande kommentaren.")


def test_no_receipt(page: Page) -> None:
    gate, panel = delete(page, "down")
    panel.wait("Kommentaren är kvar. Bevara kunde inte spara den.")
    assert {"Försök igen", "Dölj så länge", "Ta bort utan att spara"} <= set(panel.buttons())
    assert gate.did() == []


def test_the_worker_s_own_sentence_says_more_than_the_code(page: Page) -> None:
    _, panel = delete(page, "clock")
    panel.wait("Kommentaren är kvar. Bevara kunde inte spara den. Datorns klocka går 3 timmar före Bevaras.")


def test_override_and_what_it_said(page: Page) -> None:
    gate, panel = delete(page, "down")
    panel.wait("Kommentaren är kvar.")
    panel.press("Ta bort utan att spara")
    said = panel.wait("Ta bort utan att spara? Det som står i kommentaren går förlorat. Ditt namn och skälet antecknas.")
    assert "Akut fara Bevara fungerar inte Annat" in said and panel.buttons()[-2:] == ["Ta bort utan att spara", "Avbryt"]
    panel.press("Bevara fungerar inte")
    panel.press("Ta bort utan att spara")
    gate.wait_did("delete", "501")
    panel.wait("Vad stod det? Skriv det du minns.")
    page.keyboard.press("F6")
    page.evaluate("__roots.get('bevara-panel').querySelector('textarea').focus()")
    for key in "tok":
        page.keyboard.press(key)
    panel.press("Anteckna")
    page.wait_for_timeout(300)
    incidents = [one["incident"] for one in gate.sent("incident.put")]
    assert [(one["kind"], one["reason"], one["note"]) for one in incidents] == [
        ("override", "not_working", None), ("override", "memory", "tok")]


def test_closed_path_before_the_confirming_press(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    panel = Panel(page)
    panel.wait("Misstänkt övergrepp mot barn")
    panel.press("Misstänkt övergrepp mot barn")
    panel.wait("Misstänkt övergrepp mot barn. Ta ingen bild. Bevara sparar varken text eller bild, bara tid, konto, länk, "
               "avsändarens adress och ditt namn. Ring polisen: 114 14, vid akut fara 112.")
    assert panel.buttons() == ["Ta bort och anteckna", "Avbryt"]
    panel.press("Ta bort och anteckna")
    panel.wait("Ring polisen: 114 14, vid akut fara 112.")
    assert gate.sent("capture.save") == []


def test_secrecy_by_the_mark_and_by_the_reason(page: Page) -> None:
    text = "Kan innehålla sekretess. Att dölja räcker inte, ta bort kommentaren. Nu ser bara registrator innehållet."
    gate, panel = delete(page)
    panel.wait("Sparad och borttagen.")
    panel.press("Kan innehålla sekretess")
    panel.wait(text)
    panel.press("Sekretess")
    panel.wait(f"Skäl: Sekretess. {text}")
    assert [one["possible_secrecy"] for one in gate.sent("capture.reason")] == [True, True]


def test_not_covered_stands_in_the_pack_for_business_suite() -> None:
    pack = json.loads((ROOT / "shared/platforms/facebook.json").read_text("utf-8"))
    wanted = "I Meta Business Suite och i mobilen håller Bevara inget än. Dölj där. Ta bort vid datorn, på sidan."
    assert [one["banner"]["sv"] for one in pack["watch_only"]] == [wanted]


def test_the_panel_speaks_english_when_that_is_chosen(page: Page) -> None:
    gate = GatePage(page, "", None, language="en", texts=texts("en"))
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Saved and removed. Why was it removed?")
