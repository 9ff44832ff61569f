"""A stored page changed overnight: a press on ⋯ still means the same comment, or the badge says that it may not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from facebook_capture import REBUILT
from mutated import PAGES, UNCERTAIN, prepare, publish
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ADDRESS = "https://www.facebook.com/storkopingskommun/posts/stored"
COMPOSER = '<div role="textbox" contenteditable="true" aria-label="Skriv en kommentar"></div>'
"""What the stored page lost: whoever may delete may write. The badge looks for comments because of it."""
PRESS_ALL = """async ([names, wanted]) => {
  document.body.innerHTML = window.original;
  const dots = [...document.querySelectorAll("[role=article] [aria-haspopup=menu]")];
  document.querySelectorAll("[role=button],[role=menuitem],[aria-haspopup],a").forEach((node) => { node.listening = true; });
  mutations.apply(names, document.body);
  await window.startBevara();
  const state = bevara.health.now();
  const pressed = dots.map((dot) => { mutations.press(dot); return bevara.menu.last()?.ids.comment ?? null; });
  return { names, state, pressed, right: wanted === null || JSON.stringify(pressed) === JSON.stringify(wanted) };
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    if not REBUILT.exists():
        pytest.skip(f"{REBUILT.name} is not beside the project")
    context = chromium.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    prepare(page)
    mutations = (PAGES / "mutations.js").read_text(encoding="utf-8")
    body = REBUILT.read_text(encoding="utf-8") + COMPOSER + f"<script>window.make = () => {{}};</script><script>{mutations}</script>"
    page.route(ADDRESS, lambda route: route.fulfill(status=200, content_type="text/html; charset=utf-8", body=body))
    page.goto(ADDRESS)
    page.evaluate("() => { document.querySelectorAll('script').forEach((node) => node.remove()); window.original = document.body.innerHTML; }")
    yield page
    context.close()


def press(page: Page, names: list[str], wanted: list[str | None] | None) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(PRESS_ALL, [names, wanted])
    return found


def test_no_changed_stored_page_is_silently_misread(page: Page, tries: Callable[[int, int], int]) -> None:
    plain = press(page, [], None)
    assert plain["pressed"] and all(plain["pressed"]), plain
    counted: Counter[str] = Counter()
    silent = []
    for seed in range(tries(60, 1000)):
        names = page.evaluate("(seed) => mutations.pick(seed, 1 + seed % 5)", seed)
        made = press(page, names, plain["pressed"])
        said = "handled" if made["right"] else "uncertain" if made["state"] in UNCERTAIN else "silent"
        counted[said] += 1
        if said == "silent":
            silent.append(made)
    print(f"changed stored pages: {dict(counted)}, unchanged: {plain}")
    publish("facebook, stored page", dict(counted))
    assert not silent, json.dumps(silent[:5], ensure_ascii=False, indent=1)
