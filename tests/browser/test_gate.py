"""The gate: nothing is deleted before it is saved, and then the press works."""

import json

from gate_page import CONTENT, ROOT, GatePage
from gate_panel import Panel
from playwright.sync_api import Page


def test_a_deletion_waits_for_the_receipt(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 1000)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    assert gate.did() == []
    gate.wait_did("delete", "501")
    assert gate.did() == [["delete", "501"]]
    assert page.evaluate("__order") == [["save", 0]]
    assert gate.leaked() == []


def test_what_is_saved_is_what_was_shown(page: Page) -> None:
    gate = GatePage(page)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    gate.wait_did("delete", "501")
    saved = gate.sent("capture.save")[0]["capture"]
    comment = saved["comment"]
    assert comment["text"] == "Hej 🙂\nandra raden"
    assert comment["id"] == "501" and comment["author"]["name"] == "Anna Ek"
    assert comment["permalink"].endswith("comment_id=501") and comment["time_shown"] == "2 tim"
    assert saved["context"]["post"]["text"] == "Vi plogar i natt."
    assert saved["account_id"] == "6d0f5e9e-0000-4000-8000-000000000001"
    assert saved["action"] == {
        "kind": "delete",
        "label": "Ta bort",
        "reversible": False,
        "trigger": "mouse",
    }
    assert saved["picture"]["media_type"] == "image/png"
    assert "hemligt" not in comment["fragment"] and "<script" not in comment["fragment"]


def test_the_panel_asks_why(page: Page) -> None:
    gate = GatePage(page)
    panel = Panel(page)
    gate.menu()
    gate.item("Ta bort")
    panel.wait("Kan innehålla sekretess")
    gate.confirm()
    panel.wait("Sparad och borttagen.")
    panel.press("Svordomar")
    panel.wait("Skäl: Svordomar.")
    assert gate.sent("capture.reason")[0]["category"] == "profanity"
    assert gate.sent("capture.outcome")[0]["observed"] == "removed"


def test_a_comment_that_goes_later_is_told_of(page: Page) -> None:
    gate = GatePage(page, "outcome=still")
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    Panel(page).wait("Torget visar fortfarande kommentaren.")
    page.evaluate("draw()")
    Panel(page).wait("Sparad och borttagen.")
    assert [one["observed"] for one in gate.sent("capture.outcome")] == ["still_visible", "removed"]


def test_the_pack_schema_knows_every_decoder_and_no_other(page: Page) -> None:
    schema = json.loads(
        (ROOT / "shared/schema/platform-pack-1.json").read_text(encoding="utf-8")
    )
    GatePage(page)
    assert set(page.evaluate("bevara.decoders.names")) == set(schema["$defs"]["decode"]["enum"])


def test_the_order_names_every_file_once() -> None:
    order = json.loads((CONTENT / "order.json").read_text(encoding="utf-8"))
    assert sorted(order) == sorted(path.name for path in CONTENT.glob("*.js"))
