"""Pages that changed overnight: a deletion is held all the same, or the badge says that it may not be."""

import json
from collections.abc import Callable, Iterator

import pytest
from mutated import counts, plan, prepare, publish, run, verdict
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    yield context.new_page()
    context.close()


def test_no_changed_page_is_silently_unprotected(
    page: Page, tries: Callable[[int, int], int]
) -> None:
    wanted = plan(tries(60, 1000))
    prepare(page)
    results = run(page, wanted)
    found = counts(results)
    print(f"changed pages: {found} of {len(wanted)}")
    publish("facebook", found)
    bad = [each for each in results if verdict(each) not in ("handled", "uncertain")]
    assert not bad, json.dumps(bad[:5], ensure_ascii=False, indent=1)
    assert found["handled"] >= len(wanted) * 0.7


def test_an_unchanged_page_is_held_and_armed(page: Page) -> None:
    prepare(page)
    for path, _, action, number in plan(30):
        page.goto(f"https://www.facebook.com{path}")
        code = "([action, number]) => tryMutation([], action, number, structuredClone(view.posts))"
        ended = page.evaluate(code, [action, number])
        assert (ended["end"], ended["before"]) == ("held", "armed"), path


def test_the_same_tries_without_the_gate_go_through(page: Page) -> None:
    """The page really deletes when nobody holds it: the count above counts something."""
    prepare(page)
    for path, _, action, number in plan(15):
        page.goto(f"https://www.facebook.com{path}")
        code = """([action, number]) => {
          window.startBevara = async () => { window.bevara = { hold: { current: () => null, busy: () => false },
            health: { now: () => "armed" }, menu: { last: () => null }, came: { expect: () => {}, judge: () => {} } }; };
          return tryMutation(["unknown words"], action, number, structuredClone(view.posts));
        }"""
        assert page.evaluate(code, [action, number])["end"] == "through", path
