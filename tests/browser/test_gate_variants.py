"""Every way to press a deletion is held, whoever made the press and however the page listens."""

from typing import Literal

import pytest
from gate_page import GatePage, pack
from gate_panel import Panel
from playwright.sync_api import Page


def open_menu_by_key(page: Page, comment_id: str = "501") -> None:
    page.focus(f"[data-id='{comment_id}']")
    page.keyboard.press("Enter")


def assert_saved_first(gate: GatePage, kind: str = "delete", comment_id: str = "501") -> None:
    gate.wait_did(kind, comment_id)
    gate.page.wait_for_timeout(250)
    assert gate.did() == [[kind, comment_id]]
    assert gate.page.evaluate("__order") == [["save", 0]]
    assert gate.leaked() == []


@pytest.mark.parametrize(
    "how", ["click", "native", "mousedown", "pointerdown", "pointerup", "press"]
)
@pytest.mark.parametrize("role", ["button", "native"])
def test_mouse(page: Page, how: str, role: str) -> None:
    gate = GatePage(page, f"how={how}&confirm={role}")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    assert_saved_first(gate)


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize(
    "query", ["confirm=button&how=click", "confirm=native&how=native", "confirm=button&how=press"]
)
def test_keyboard(page: Page, key: str, query: str) -> None:
    gate = GatePage(page, query)
    gate.mode("ok", 150)
    open_menu_by_key(page)
    page.keyboard.press("ArrowDown")
    page.focus("[role=menu] >> text='Ta bort'")
    page.keyboard.press("Enter")
    page.focus("[role=dialog] >> text='Ta bort'")
    page.keyboard.press(key)
    assert_saved_first(gate)
    assert gate.sent("capture.save")[0]["capture"]["action"]["trigger"] == "keyboard"


@pytest.mark.parametrize("key", ["mouse", "Enter"])
def test_hiding_without_a_dialog(page: Page, key: str) -> None:
    gate = GatePage(page)
    gate.mode("ok", 150)
    gate.menu()
    if key == "mouse":
        gate.item("Dölj kommentar")
    else:
        page.focus("[role=menu] >> text='Dölj kommentar'")
        page.keyboard.press(key)
    assert_saved_first(gate, "hide")
    assert gate.sent("capture.save")[0]["capture"]["mode"] == "hide"


def test_a_menu_that_moves_only_aria_activedescendant(page: Page) -> None:
    gate = GatePage(page, "active=descendant")
    gate.mode("ok", 150)
    open_menu_by_key(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert_saved_first(gate, "hide")


def test_items_with_the_role_of_a_button_inside_the_comment(page: Page) -> None:
    gate = GatePage(page, "item=button&portal=no")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Dölj kommentar")
    assert_saved_first(gate, "hide")


def test_a_click_that_the_page_makes_itself(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 1000)
    page.evaluate("document.querySelector(\"[data-id='501']\").click()")
    page.evaluate("[...document.querySelectorAll('[role=menu] > *')].at(-1).click()")
    page.evaluate("document.querySelector('[role=dialog] [data-final]').click()")
    assert gate.did() == []
    assert_saved_first(gate)
    assert gate.sent("capture.save")[0]["capture"]["action"]["trigger"] == "page"


def test_a_form_sent_with_enter(page: Page) -> None:
    gate = GatePage(page, "form=yes")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Ta bort")
    page.fill("[role=dialog] input", "skräp")
    page.keyboard.press("Enter")
    assert_saved_first(gate)


def test_an_unknown_item_is_saved_first(page: Page) -> None:
    gate = GatePage(page, "label=Kasta&dialog=no")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Kasta")
    assert_saved_first(gate)
    assert gate.sent("capture.save")[0]["capture"]["action"]["kind"] == "other"


def test_an_unknown_item_that_opens_a_dialog_asks_once(page: Page) -> None:
    gate = GatePage(page, "label=Kasta&confirm_label=Kasta")
    gate.menu()
    gate.item("Kasta")
    page.wait_for_selector("[role=dialog]")
    gate.confirm("Kasta")
    gate.wait_did("delete", "501")


def test_a_confirming_button_need_not_say_delete(page: Page) -> None:
    gate = GatePage(page, "confirm_label=OK")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm("OK")
    assert_saved_first(gate)


def test_a_harmless_item_passes(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Kopiera länk")
    assert gate.did() == [["copy", "501"]]
    assert gate.sent("capture.save") == []


def test_cancel_in_the_dialog_leaves_nothing(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm("Avbryt")
    Panel(page).wait_gone()
    assert gate.did() == [["cancel", "501"]]
    assert gate.sent("capture.save") == [] and gate.sent("capture.reason") == []


def test_cancel_while_saving_never_deletes(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 2000)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Sparar kommentaren")
    gate.confirm("Avbryt")
    page.wait_for_timeout(2600)
    assert gate.did() == [["cancel", "501"]]
    assert len(gate.sent("capture.cancel")) == 1


def test_a_place_that_shows_another_comment_never_gives_its_text(page: Page) -> None:
    gate = GatePage(page, "reuse=yes")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    comment = gate.sent("capture.save")[0]["capture"]["comment"]
    assert comment["id"] == "501" and comment["text"] == "Hej 🙂\nandra raden"


def test_a_page_that_draws_itself_anew(page: Page) -> None:
    gate = GatePage(page, "redraw=yes")
    gate.menu()
    gate.item("Ta bort")
    page.wait_for_timeout(60)
    gate.confirm()
    assert_saved_first(gate)


def test_a_control_that_vanished_asks_for_one_more_press(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 1500)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    page.evaluate("document.querySelector('[role=dialog]').remove(); openDialog('501')")
    Panel(page).wait("Tryck en gång till.")
    assert gate.did() == []
    gate.confirm()
    gate.wait_did("delete", "501")
    assert len(gate.sent("capture.save")) == 1


def test_a_page_that_wants_trusted_clicks_asks_for_one_more_press(page: Page) -> None:
    gate = GatePage(page, "how=trusted")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Tryck en gång till.")
    gate.confirm()
    gate.wait_did("delete", "501")


def test_a_reply_names_its_parent_and_carries_what_it_answers(page: Page) -> None:
    gate = GatePage(page)
    gate.menu("503")
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "503")
    saved = gate.sent("capture.save")[0]["capture"]
    assert saved["comment"]["id"] == "503" and saved["comment"]["parent_id"] == "501"
    assert [one["text"] for one in saved["context"]["answers"]] == ["Hej 🙂\nandra raden"]


def test_a_link_in_the_text_does_not_lend_its_id(page: Page) -> None:
    gate = GatePage(page)
    gate.menu("502")
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "502")
    assert gate.sent("capture.save")[0]["capture"]["comment"]["id"] == "502"


def test_someone_elses_page_is_left_alone(page: Page) -> None:
    gate = GatePage(page, "owner=other")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    assert gate.did() == [["delete", "501"]]
    page.wait_for_timeout(900)
    assert {one["type"] for one in page.evaluate("__sent")} == {"page.hello", "page.state"}
    assert gate.sent("page.state")[-1]["state"] == "resting"
    assert gate.sent("page.state")[-1]["counters"]["comments"] == 0


@pytest.mark.parametrize(("answer", "saves"), [("Ja", 1), ("Nej", 0), ("Senare", 0)])
def test_an_unknown_owner_is_asked_about(page: Page, answer: str, saves: int) -> None:
    gate = GatePage(page, "owner=none")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    panel = Panel(page)
    panel.wait("Är detta ett av kommunens konton?")
    assert gate.did() == [] and gate.sent("shot.take") == []
    panel.press(answer)
    gate.wait_did("delete", "501")
    assert len(gate.sent("capture.save")) == saves
    assert (
        gate.sent("account.question")[0]["answer"]
        == {"Ja": "ours", "Nej": "not_ours", "Senare": "later"}[answer]
    )


def test_a_shortcut_key_is_held(page: Page) -> None:
    gate = GatePage(page, packed=pack(keys=[{"key": "Delete", "kind": "delete"}]))
    gate.mode("ok", 150)
    page.evaluate("document.querySelector('.comment').tabIndex = 0")
    page.evaluate(
        "document.addEventListener('keydown', (e) => e.key === 'Delete' && finish('501', 'delete'))"
    )
    page.focus(".comment >> nth=0")
    page.keyboard.press("Delete")
    assert gate.did() == []
    assert_saved_first(gate)


def test_another_menu_of_the_page_is_left_alone(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    page.click("#other")
    gate.item("Arkivera")
    assert gate.did() == [["page", "archive"]]
    assert gate.sent("capture.save") == []


def test_a_comments_menu_that_stays_open_is_still_held(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 150)
    gate.menu()
    page.evaluate("addEventListener('pointerdown', (event) => event.stopPropagation(), true)")
    page.mouse.click(600, 600)
    gate.item("Dölj kommentar")
    assert_saved_first(gate, "hide")


def test_a_confirming_box_without_a_role_is_held_by_its_buttons_name(page: Page) -> None:
    gate = GatePage(page, "boxrole=none")
    gate.mode("ok", 150)
    gate.menu()
    gate.item("Ta bort")
    page.wait_for_timeout(3200)
    page.click(".box >> text='Ta bort' >> nth=-1")
    assert_saved_first(gate)


def test_a_press_that_ends_elsewhere_does_nothing(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    box = page.locator("[role=dialog] [data-final]").bounding_box()
    assert box
    page.mouse.move(20, 500)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.up()
    page.wait_for_timeout(400)
    assert gate.did() == [] and gate.sent("capture.save") == []


@pytest.mark.parametrize("key", [False, True])
def test_a_cut_text_is_unfolded_before_the_menu_opens(page: Page, key: bool) -> None:
    gate = GatePage(page, "more=yes")
    if key:
        open_menu_by_key(page)
    else:
        page.hover("[data-id='501']")
        gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    comment = gate.sent("capture.save")[0]["capture"]["comment"]
    assert comment["text"] == "Början och hela slutet" and comment["truncated"] is False


@pytest.mark.parametrize("button", ["right", "middle"])
@pytest.mark.parametrize("how", ["mousedown", "press"])
def test_other_mouse_buttons_do_nothing(
    page: Page, button: Literal["right", "middle"], how: str
) -> None:
    gate = GatePage(page, f"how={how}")
    gate.menu()
    gate.item("Ta bort")
    page.click("[role=dialog] >> text='Ta bort' >> nth=-1", button=button)
    page.wait_for_timeout(400)
    assert gate.did() == [] and gate.sent("capture.save") == []
