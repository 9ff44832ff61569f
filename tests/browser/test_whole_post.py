"""A post, or one author's comments: everything is saved with a receipt each, or nothing is deleted."""

from axe import faults
from gate_page import GatePage
from gate_panel import Panel
from playwright.sync_api import Browser, Page

FAIL_THIRD = """() => { const reply = window.__reply; let saves = 0; window.__reply = (message) => {
  if (message.type === "capture.save" && ++saves === 3) return { ok: false, code: "helper_down", spooled: true };
  return reply(message); }; }"""


def delete_post(page: Page, query: str) -> tuple[GatePage, Panel]:
    """Opens the post's menu, chooses to delete it and confirms."""
    gate = GatePage(page, f"post=yes&{query}")
    page.click("#post-dots")
    gate.item("Ta bort inlägget")
    Panel(page).wait("Inlägget och kommentarerna sparas när du bekräftar.")
    gate.confirm()
    return gate, Panel(page)


def saved(gate: GatePage) -> list[str]:
    return [one["capture"]["comment"]["id"] for one in gate.sent("capture.save")]


def test_the_post_and_all_its_comments_are_saved_before_it_goes(page: Page) -> None:
    gate, panel = delete_post(page, "total=3")
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503"]
    assert page.evaluate("__order") == [["save", 0]] * 4
    assert gate.leaked() == []
    post = gate.sent("capture.save")[0]["capture"]
    assert post["comment"]["text"] == "Vi plogar i natt."
    assert post["comment"]["author"]["name"] == "Storköpings kommun"
    assert post["whole"] == {"subject": "post", "first": post["capture_id"], "shown": 3, "expected": 3, "reason": None}
    assert post["picture"] is not None and "Anna Ek" not in post["comment"]["fragment"]
    panel.wait("Sparat och borttaget. 4 sparade.")
    observed = gate.sent("capture.outcome")
    assert [one["observed"] for one in observed] == ["removed"] * 4
    assert len({one["capture_id"] for one in observed}) == 4
    panel.press("Svordomar")
    assert len({one["capture_id"] for one in gate.sent("capture.reason")}) == 4


def test_with_more_comments_than_are_shown_it_waits_for_the_moderator(page: Page) -> None:
    gate, panel = delete_post(page, "total=84&more_control=no")
    panel.wait("Inlägget har 84 kommentarer. 3 är framme. Visa alla först.")
    page.wait_for_timeout(500)
    assert gate.did() == [] and saved(gate) == []
    panel.press("Avbryt")
    page.wait_for_timeout(300)
    assert gate.did() == [] and saved(gate) == [] and gate.leaked() == []


def test_show_all_brings_the_rest_and_then_goes_on(page: Page) -> None:
    gate, panel = delete_post(page, "total=6")
    panel.wait("Visa alla först.")
    panel.press("Visa alla")
    gate.wait_did("delete", "77")
    assert saved(gate) == ["77", "501", "502", "503", "504", "505", "506"]
    assert gate.sent("capture.save")[0]["capture"]["whole"]["shown"] == 6


def test_going_on_without_the_rest_needs_a_reason_and_is_noted_as_incomplete(page: Page) -> None:
    gate, panel = delete_post(page, "total=84&more_control=no")
    panel.wait("Visa alla först.")
    panel.press("Ta bort fast alla inte är framme")
    panel.wait("Resten går förlorat.")
    panel.press("Spara och ta bort")
    page.wait_for_timeout(200)
    assert gate.did() == [], "a reason is needed"
    panel.press("De går inte att visa")
    panel.press("Spara och ta bort")
    gate.wait_did("delete", "77")
    post = gate.sent("capture.save")[0]["capture"]
    assert post["whole"]["reason"] == "cannot_be_shown" and post["whole"]["expected"] == 84
    assert "comments.rest" in post["completeness"]["missing"]


def test_if_one_fails_nothing_is_deleted_and_a_new_try_sends_the_same(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    page.evaluate(FAIL_THIRD)
    gate.remove_post()
    panel = Panel(page)
    panel.wait("Inlägget är kvar. Bevara kunde inte spara allt. Starta Bevara")
    assert gate.did() == [] and saved(gate) == ["77", "501", "502"]
    panel.press("Försök igen")
    gate.wait_did("delete", "77")
    ids = [one["capture"]["capture_id"] for one in gate.sent("capture.save")]
    assert saved(gate) == ["77", "501", "502", "502", "503"] and ids[2] == ids[3] and len(set(ids)) == 4


def test_cancelled_half_way_says_so_of_what_was_saved(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3")
    page.evaluate(FAIL_THIRD)
    gate.remove_post()
    panel = Panel(page)
    panel.wait("Inlägget är kvar.")
    panel.press("Avbryt")
    page.wait_for_timeout(300)
    told = [(one["capture_id"], one["observed"]) for one in gate.sent("capture.outcome")]
    first = [one["capture"]["capture_id"] for one in gate.sent("capture.save")][:2]
    assert told == [(id_, "aborted") for id_ in first] and gate.did() == []


def test_a_place_that_shows_another_post_is_no_longer_the_same(page: Page) -> None:
    GatePage(page, "post=yes&total=3")
    seen = """() => { const post = bevara.post.at(document.getElementById("post")); const before = bevara.finder.same(post);
      document.querySelectorAll("#post a[href*='/posts/77']").forEach((link) =>
        link.setAttribute("href", link.getAttribute("href").replace("/posts/77", "/posts/88")));
      return [before, bevara.finder.same(post), bevara.finder.again(post)]; }"""
    assert page.evaluate(seen) == [True, False, None]
    watched = """() => { const post = { ...bevara.post.at(document.getElementById("post")) };
      post.ids = { comment: "77", parent: null, post: "77" }; return bevara.outcome.watch(post, "delete", 1500); }"""
    assert page.evaluate(watched) == "removed"


def test_other_items_of_the_posts_menu_are_left_alone(page: Page) -> None:
    gate = GatePage(page, "post=yes")
    page.click("#post-dots")
    gate.item("Fäst inlägget")
    gate.wait_did("pin", "77")
    assert saved(gate) == []


def test_somebody_elses_post_is_left_alone(page: Page) -> None:
    gate = GatePage(page, "post=yes&owner=other")
    gate.remove_post()
    gate.wait_did("delete", "77")
    assert saved(gate) == []


def test_blocking_saves_everything_that_stands_by_the_same_author(page: Page) -> None:
    gate = GatePage(page, "post=yes&total=3&block=yes")
    page.evaluate("comments.set('504', { author: 'Anna Ek', words: 'En till', parent: null }); draw();")
    page.evaluate("document.querySelector('[data-count]').textContent = '4 kommentarer'")
    gate.menu("501")
    gate.item("Blockera den här personen")
    gate.confirm()
    gate.wait_did("delete", "501")
    assert saved(gate) == ["501", "504"]
    assert {one["capture"]["action"]["kind"] for one in gate.sent("capture.save")} == {"block"}


OPEN_ROOTS = """{ const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (options) { return attach.call(this, { ...options, mode: "open" }); }; }"""


def test_axe_finds_nothing_in_the_panel_of_a_whole_post(chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    page.add_init_script(OPEN_ROOTS)
    _, panel = delete_post(page, "total=84&more_control=no")
    for step in ("Visa alla först.", "Resten går förlorat."):
        panel.wait(step)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page, within="bevara-panel") == [], step
        if step.startswith("Visa"):
            panel.press("Ta bort fast alla inte är framme")
    context.close()
