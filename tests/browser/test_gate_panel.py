"""The panel keeps to itself: its keys, its events, the focus; and the badge's word is honest."""

from gate_page import GatePage, pack
from gate_panel import Panel
from playwright.sync_api import Page


def saved(page: Page, query: str = "") -> tuple[GatePage, Panel]:
    gate = GatePage(page, query)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    panel = Panel(page)
    panel.wait("Varför togs den bort?")
    panel.wait("Sparad och borttagen.")
    return gate, panel


def listen(page: Page) -> None:
    page.evaluate(
        """() => { window.heard = []; for (const type of ["keydown", "keyup", "click", "pointerdown", "mousedown", "focusin"])
        document.addEventListener(type, (event) => heard.push(event.type + ":" + event.target.tagName), true); }"""
    )


def test_a_number_key_gives_the_reason_only_with_focus_in_the_panel(page: Page) -> None:
    gate, panel = saved(page)
    page.keyboard.press("6")
    page.wait_for_timeout(150)
    assert gate.sent("capture.reason") == []
    listen(page)
    panel.focus("Påhopp")
    page.keyboard.press("6")
    panel.wait("Skäl: Svordomar.")
    assert gate.sent("capture.reason")[0]["category"] == "profanity"
    assert page.evaluate("heard") == []


def test_clicks_in_the_panel_stay_there(page: Page) -> None:
    gate, panel = saved(page)
    listen(page)
    panel.press("Kan innehålla sekretess")
    panel.press("Reklam")
    panel.wait("Skäl: Reklam.")
    assert page.evaluate("heard") == []
    reasons = gate.sent("capture.reason")
    assert [one["possible_secrecy"] for one in reasons] == [True, True]
    assert [one["category"] for one in reasons] == [None, "commercial"]


def test_the_page_cannot_press_the_panel(page: Page) -> None:
    gate, panel = saved(page)
    page.evaluate("document.querySelector('bevara-panel').click()")
    page.evaluate(
        """() => { const host = document.querySelector('bevara-panel');
        for (const key of ['1', 'Enter', 'Escape']) host.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); }"""
    )
    page.wait_for_timeout(150)
    assert gate.sent("capture.reason") == [] and "Varför" in panel.text()
    assert page.evaluate("document.querySelector('bevara-panel').shadowRoot") is None


def test_escape_closes_the_panel(page: Page) -> None:
    _, panel = saved(page)
    panel.focus("Senare")
    page.keyboard.press("Escape")
    panel.wait_gone()


def test_the_saving_notice_never_takes_the_focus(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 1500)
    gate.menu()
    gate.item("Ta bort")
    before = page.evaluate("document.activeElement.textContent")
    gate.confirm()
    Panel(page).wait("Sparar kommentaren")
    assert page.evaluate("document.activeElement.textContent") == before == "Ta bort"


def test_the_panel_goes_after_ten_seconds_without_pointer_or_focus(page: Page) -> None:
    _, panel = saved(page)
    page.mouse.move(5, 5)
    page.wait_for_timeout(8000)
    assert panel.text()
    panel.wait_gone(5)


def test_secrecy_marked_before_the_confirming_press_is_in_the_capture(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    panel = Panel(page)
    panel.wait("Kan innehålla sekretess")
    panel.press("Kan innehålla sekretess")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert gate.sent("capture.save")[0]["capture"]["possible_secrecy"] is True


def test_a_comment_that_stays_is_said_to_stay(page: Page) -> None:
    gate = GatePage(page, "outcome=still")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Torget visar fortfarande kommentaren.")
    assert gate.sent("capture.outcome")[0]["observed"] == "still_visible"


def test_saving_by_hand(page: Page) -> None:
    gate = GatePage(page)
    page.hover("[aria-label='Kommentar av Bo Berg'] .words")
    button = Panel(page, "bevara-save")
    page.wait_for_timeout(200)
    button.press("Spara")
    Panel(page).wait("Varför sparades den?")
    capture = gate.sent("capture.save")[0]["capture"]
    assert (capture["mode"], capture["comment"]["id"], capture["action"]["kind"]) == (
        "save",
        "502",
        "none",
    )


def save_by_hand(page: Page) -> Panel:
    page.hover("[aria-label='Kommentar av Bo Berg'] .words")
    page.wait_for_timeout(200)
    Panel(page, "bevara-save").press("Spara")
    return Panel(page)


def test_saving_by_hand_again_sends_the_same(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = save_by_hand(page)
    panel.wait("Kommentaren är inte sparad.")
    page.evaluate("document.querySelector('[aria-label=\"Kommentar av Bo Berg\"] .words').textContent = 'Ändrad'")
    gate.mode("ok")
    panel.press("Försök igen")
    panel.wait("Varför sparades den?")
    first, second = gate.sent("capture.save")
    assert first["capture"] == second["capture"] and first["blobs"] == second["blobs"]
    assert gate.sent("capture.cancel") == []


def test_saving_by_hand_that_is_given_up_is_taken_back(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = save_by_hand(page)
    panel.wait("Kommentaren är inte sparad.")
    panel.press("Avbryt")
    panel.wait_gone()
    cancelled = [one["capture_id"] for one in gate.sent("capture.cancel")]
    assert cancelled == [gate.sent("capture.save")[0]["capture"]["capture_id"]]


def test_the_closed_path_after_saving_by_hand_failed_takes_it_back(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("down")
    panel = save_by_hand(page)
    panel.wait("Kommentaren är inte sparad.")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Ta bort och anteckna")
    panel.wait("Ta nu bort kommentaren som vanligt.")
    capture_id = gate.sent("capture.save")[0]["capture"]["capture_id"]
    assert [one["capture_id"] for one in gate.sent("capture.cancel")] == [capture_id]
    assert gate.sent("incident.put")[0]["incident"]["captures"] == [capture_id]
    assert gate.did() == []


def test_the_closed_path_without_a_dialog_is_beside_the_save_button(page: Page) -> None:
    gate = GatePage(page)
    page.hover("[aria-label='Kommentar av Bo Berg'] .words")
    page.wait_for_timeout(200)
    Panel(page, "bevara-save").press("…")
    panel = Panel(page)
    panel.wait("Spara kommentaren")
    panel.press("Misstänkt övergrepp mot barn")
    panel.press("Ta bort och anteckna")
    panel.wait("Antecknat.")
    assert gate.sent("capture.save") == [] and len(gate.sent("incident.put")) == 1


def comes_to(gate: GatePage, state: str) -> bool:
    """Waits until the page says this of itself."""
    said = "(state) => __sent.filter((one) => one.type === 'page.state').at(-1)?.state === state"
    return bool(gate.page.wait_for_function(said, arg=state, timeout=9000))


def test_a_page_that_is_understood_is_armed(page: Page) -> None:
    gate = GatePage(page)
    assert comes_to(gate, "armed")
    assert gate.sent("page.state")[-1]["account_id"] == "6d0f5e9e-0000-4000-8000-000000000001"


def test_missing_parts_make_it_unsure(page: Page) -> None:
    packed = pack()
    packed["parts"]["author_name"] = [{"selector": ".nothing"}]
    assert comes_to(GatePage(page, "", packed), "degraded")


def test_comments_that_are_not_found_make_it_blind(page: Page) -> None:
    packed = pack()
    packed["comment"]["container"] = ".renamed"
    packed["post"]["container"] = ["#post"]
    assert comes_to(GatePage(page, "", packed), "blind")


def test_a_menu_in_an_unknown_language_makes_it_unsure(page: Page) -> None:
    packed = pack()
    packed["menu"]["harmless"] = {"xx": ["-"]}
    for action in packed["actions"]:
        action["labels"] = {"xx": ["-"]}
    gate = GatePage(page, "", packed)
    assert comes_to(gate, "armed")
    gate.menu()
    page.wait_for_timeout(1200)
    assert comes_to(gate, "degraded")


def test_the_panel_makes_room_for_the_pages_dialog(page: Page) -> None:
    page.set_viewport_size({"width": 420, "height": 700})
    gate = GatePage(page)
    page.add_style_tag(
        content="[role=dialog] { top: auto !important; bottom: 10px; left: 10px; right: 10px; height: 200px }"
    )
    gate.menu()
    gate.item("Ta bort")
    panel = Panel(page)
    panel.wait("Sparas först.")
    page.wait_for_timeout(800)
    panel.press("Kan innehålla sekretess")
    gate.confirm()
    gate.wait_did("delete", "501")


def test_f6_takes_the_keyboard_to_the_panel(page: Page) -> None:
    gate, panel = saved(page)
    page.keyboard.press("F6")
    page.keyboard.press("2")
    panel.wait("Skäl: Hat och trakasserier.")
    assert gate.sent("capture.reason")[0]["category"] == "hate_speech"
