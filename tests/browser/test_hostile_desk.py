"""Comments made to break the page that shows them: they stay in their own box, and the page is usable."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import axe
import pytest
from open_desk import OpenDesk, chromium_for, open_desk, reader
from playwright.sync_api import Page
from test_hostile_comment import HOSTILE
from tests.factories import capture

pytestmark = pytest.mark.browser
MILLION = "Ord för ord 🙂. " * 66_000 + "slutet"
TEXTS = {**HOSTILE, "a million characters": MILLION, "one long word": "å" * 200_000,
         "turned and never turned back": "\u202e\u2067" * 50 + "bakvänt", "only invisible": "\u200b\u2060\ufeff"}
NAME = "Kalle \u202eegel\u200b\ud83d" + "\u0338" * 200
SHOWN = {"half a pair": "före \ufffd efter \ufffd slut"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    with open_desk(tmp_path_factory.mktemp("desk") / "data") as served:
        device = served.bevara.browser()
        for number, text in enumerate(TEXTS.values()):
            author = {"name": NAME, "url": None, "id": None}
            comment = {"id": f"h{number}", "author": author, "time_shown": "3 tim"}
            document = capture(text, account_id=served.account, comment=comment)
            answer = device.put(f"captures/{document['capture_id']}", json.dumps(document).encode())
            assert answer.status_code == 201, answer.get_json()
            served.records.append(str(answer.get_json()["record_id"]))
        yield served


@pytest.fixture(scope="module")
def page(desk: OpenDesk) -> Iterator[Page]:
    with chromium_for(desk.port) as browser, reader(browser, desk, viewport={"width": 1100, "height": 900}) as page:
        page.add_init_script("window.hit = 0")
        yield page


def open_record(desk: OpenDesk, page: Page, kind: str) -> float:
    """Opens the record and gives the seconds until it is there."""
    record = desk.records[len(desk.records) - len(TEXTS) + list(TEXTS).index(kind)]
    start = time.monotonic()
    page.goto(desk.address(f"/kommentarer/{record}?flik=alla"))
    return time.monotonic() - start


@pytest.mark.parametrize("kind", TEXTS)
def test_the_record_page_shows_it_whole_and_stays_usable(desk: OpenDesk, page: Page, kind: str) -> None:
    seconds = open_record(desk, page, kind)
    assert seconds < 10, seconds
    box = page.locator(".saved-text")
    assert box.evaluate("(one) => one.textContent") == SHOWN.get(kind, TEXTS[kind])
    assert page.evaluate("window.hit") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1100
    assert (box.bounding_box() or {})["height"] <= 700
    later = page.locator("details summary").first.bounding_box() or {}
    assert later["y"] < 1600, "what follows the text is out of reach"
    assert page.locator(".by span").first.inner_text() == "3 tim"
    page.get_by_label("Svordomar").check()
    assert axe.faults(page) == []


def test_the_list_keeps_each_comment_in_its_row(desk: OpenDesk, page: Page) -> None:
    page.goto(desk.address("/kommentarer?flik=alla"))
    assert len(page.content()) < 500_000, "the list carries whole texts"
    for row in page.locator("main li.row").all():
        assert (row.bounding_box() or {})["height"] < 260
        assert row.locator("time").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1100
    assert page.evaluate("window.hit") == 0
    assert axe.faults(page) == []
