"""While a post or one author's comments are saved the page goes on: what comes or changes is saved too before anything goes."""

from typing import Any

from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Page
from test_gate_closed import WORDS, shut, written
from test_whole_post import FAIL_THIRD, saved

COMES = """comments.set("504", { author: "Dan Ek", words: "Sist in", parent: null }); draw();
  document.querySelector("[data-count]").textContent = "4 kommentarer";"""


def press(page: Page, query: str = "total=3", delay: int = 300) -> tuple[GatePage, Panel]:
    """Confirms the post's deletion, with a helper that takes its time over each capture."""
    gate = GatePage(page, f"post=yes&{query}")
    gate.mode("ok", delay)
    gate.remove_post()
    return gate, Panel(page)


def sending(page: Page, number: int) -> None:
    """Waits until so many captures have been sent."""
    page.wait_for_function("(n) => __sent.filter((one) => one.type === 'capture.save').length >= n", arg=number)


def captures(gate: GatePage) -> list[dict[str, Any]]:
    return [one["capture"] for one in gate.sent("capture.save")]


def test_a_comment_that_comes_while_saving_is_saved_too(page: Page) -> None:
    gate, _ = press(page)
    sending(page, 2)
    page.evaluate(COMES)
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503", "504"] and gate.leaked() == []
    assert captures(gate)[-1]["whole"] | {"shown": 4, "expected": 4} == captures(gate)[-1]["whole"]


def test_a_comment_that_changes_while_saving_is_saved_again(page: Page) -> None:
    gate, panel = press(page)
    sending(page, 2)
    page.evaluate("comments.get('502').words = 'Ändrad mening'; draw()")
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503", "502"]
    first, second = (one for one in captures(gate) if one["comment"]["id"] == "502")
    assert first["comment"]["text"].startswith("Se den här") and second["comment"]["text"] == "Ändrad mening"
    assert first["capture_id"] != second["capture_id"]
    panel.wait("Sparat och borttaget.")


def test_more_that_is_not_shown_is_asked_about_before_it_goes(page: Page) -> None:
    gate, panel = press(page)
    sending(page, 2)
    page.evaluate("document.querySelector('[data-count]').textContent = '9 kommentarer'")
    panel.wait("Inlägget har 9 kommentarer. 3 är framme.")
    assert gate.did() == []
    panel.press("Avbryt")
    page.wait_for_timeout(300)
    assert gate.did() == [] and [one["observed"] for one in gate.sent("capture.outcome")] == ["aborted"] * 4


def test_a_comment_that_vanishes_before_its_turn_was_read_and_is_saved(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    page.evaluate("""() => { const take = bevara.picture.take; let taken = 0;
      bevara.picture.take = async (...all) => { if (++taken === 2) { comments.delete("503"); draw(); } return take(...all); }; }""")
    gate.remove_post()
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503"]
    assert captures(gate)[-1]["comment"]["text"] == "Ett svar på Anna"


def test_what_is_gone_and_was_never_read_is_left_out_and_said(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    page.evaluate("""() => { const build = bevara.capture.build;
      bevara.capture.build = async (wanted) => { if (wanted.comment.ids.comment !== "503") return build(wanted);
        comments.delete("503"); document.querySelector("[data-count]").textContent = "2 kommentarer"; draw(); throw new Error("comment_gone"); }; }""")
    gate.remove_post()
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502"]
    post = captures(gate)[0]
    assert post["whole"]["reason"] == "vanished" and "comments.rest" in post["completeness"]["missing"]


def test_a_new_try_looks_again_and_sends_what_vanished_meanwhile(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    page.evaluate(FAIL_THIRD)
    gate.remove_post()
    panel = Panel(page)
    panel.wait("Inlägget är kvar.")
    page.evaluate("comments.delete('502'); comments.delete('503');" + COMES)
    panel.press("Försök igen")
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "502", "503", "504"]
    ids = [one["capture_id"] for one in captures(gate)]
    assert ids[2] == ids[3] and captures(gate)[2] == captures(gate)[3]


def test_a_page_that_changes_all_the_time_is_not_believed(page: Page) -> None:
    gate, panel = press(page, delay=30)
    page.evaluate("""() => { let n = 0; window.changing = setInterval(() => {
      document.querySelector("[aria-label='Kommentar av Bo Berg'] .words").textContent = `Nu ${n += 1}`; }, 5); }""")
    panel.wait("Sidan ändras hela tiden.", 20)
    assert gate.did() == []
    page.evaluate("clearInterval(changing)")
    panel.press("Försök igen")
    gate.wait_did("delete", "77")


def test_a_press_that_is_made_once_more_saves_what_came_between(page: Page) -> None:
    gate, panel = press(page)
    sending(page, 2)
    page.evaluate("document.querySelector('[role=dialog]').remove(); openDialog('77')")
    panel.wait("Tryck en gång till.", 20)
    assert gate.did() == [] and saved(gate) == ["77", "501", "502", "503"]
    page.evaluate(COMES)
    gate.confirm()
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503", "504"], "only what came is sent"
    assert page.evaluate("__order").pop() == ["save", 0] and gate.leaked() == []


def test_a_press_that_is_made_once_more_goes_through_when_nothing_came(page: Page) -> None:
    gate, panel = press(page)
    sending(page, 2)
    page.evaluate("document.querySelector('[role=dialog]').remove(); openDialog('77')")
    panel.wait("Tryck en gång till.", 20)
    gate.confirm()
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503"]


def test_a_single_comment_that_changes_before_the_second_press_is_saved_again(page: Page) -> None:
    gate = GatePage(page)
    gate.mode("ok", 600)
    gate.menu()
    gate.item("Ta bort")
    gate.confirm()
    page.evaluate("document.querySelector('[role=dialog]').remove(); openDialog('501')")
    Panel(page).wait("Tryck en gång till.")
    page.evaluate("comments.get('501').words = 'Ändrad mening'; draw()")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert [one["comment"]["text"] for one in captures(gate)] == ["Hej 🙂\nandra raden", "Ändrad mening"]


def test_with_the_whole_post_the_others_are_saved(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    shut(gate)
    gate.remove_post()
    gate.wait_did("delete", "77")
    assert [one["capture"]["comment"]["id"] for one in gate.sent("capture.save")] == ["77", "502", "503"]
    assert WORDS not in written(gate) and "Anna Ek" not in written(gate)
    assert "comments.rest" in gate.sent("capture.save")[0]["capture"]["completeness"]["missing"]


def test_blocking_its_author_saves_what_else_stands_by_the_same_and_no_more(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3&block=yes")
    page.evaluate("comments.set('504', { author: 'Anna Ek', words: 'En till', parent: null }); draw();")
    page.evaluate("document.querySelector('[data-count]').textContent = '4 kommentarer'")
    shut(gate)
    gate.menu("501")
    gate.item("Blockera den här personen")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert [one["capture"]["comment"]["id"] for one in gate.sent("capture.save")] == ["504"]
    assert WORDS not in written(gate)
