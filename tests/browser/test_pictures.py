"""The picture shows this comment, whole and nothing of its neighbours, at any zoom and on any screen."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from panel import Panel
from PIL import Image
from playwright.sync_api import Frame, Page
from running import Running

pytestmark = pytest.mark.browser
RED, BLUE, GREY = (255, 0, 0), (0, 0, 255), (154, 165, 162)
PAINT = """() => { const style = document.createElement('style');
  style.textContent = `[role=article][tabindex="-1"] { background: rgb(0, 0, 255) !important; opacity: 1 !important; }
    [role=article][tabindex="-1"] * { color: transparent !important; }
    .portal { position: fixed; top: 0; right: 0; background: white; }
    [role=article][tabindex="-1"].mine { background: rgb(255, 0, 0) !important; }`;
  document.head.append(style);
  document.querySelectorAll('[role=article][tabindex="-1"]')[0].classList.add('mine'); }"""
JUMP = """() => { let tick = 0; setInterval(() => { const node = document.querySelector('[role=article][tabindex="-1"]');
  tick += 1; if (node) node.style.marginTop = tick % 3 ? '30px' : '60px'; }, 20); }"""
"""Moves the first comment away and back again: it stands where it stood two times of three."""
FRAMED = f'<!doctype html><body style="margin:60px"><iframe src="{fv.OWN_POST}" width=800 height=600></iframe>'


@pytest.fixture(scope="module")
def moderator() -> Iterator[Moderator]:
    with (
        Running("https://www.facebook.com/storkopingskommun") as bevara,
        FacebookServer() as facebook,
        Moderator(bevara, facebook) as person,
    ):
        facebook.extra["/ram"] = FRAMED
        yield person


def delete(moderator: Moderator, where: Page | Frame | None = None, by_hand: bool = True) -> dict[str, Any]:
    """Deletes the first comment, painted red among blue ones, and gives its capture."""
    page = where or moderator.page
    before = len(moderator.captures())
    moderator.facebook.asked.clear()
    page.evaluate(PAINT)
    menu = page.locator(moderator.comment(0)).locator("> [aria-haspopup=menu]")
    menu.click() if by_hand else menu.evaluate("(one) => one.click()")
    page.locator(".portal [role=menu] >> text=/^(Ta bort|Delete)/").first.click()
    page.locator(".portal [aria-modal] [role=button]").last.click()
    assert moderator.wait_asked(), Panel(moderator.page).text()
    return moderator.bevara.wait_documents("capture", before + 1)[-1]


def picture(moderator: Moderator, capture: dict[str, Any]) -> Image.Image:
    """The stored picture of a capture."""
    assert capture["picture"], capture["no_picture_reason"]
    name = capture["picture"]["blob"]
    path = moderator.bevara.data / "register"
    with closing(sqlite3.connect(f"file:{path / 'bevara.sqlite'}?mode=ro", uri=True)) as connection:
        [body] = connection.execute("select body from blobs where sha256 = ?", (name,)).fetchone()
    digest = name.removeprefix("sha256:")
    data = body if body is not None else (path / "blobs" / digest[:2] / digest).read_bytes()
    return Image.open(io.BytesIO(data)).convert("RGB")


def share(image: Image.Image, color: tuple[int, int, int]) -> float:
    """How much of the picture has a colour, within a few steps."""
    pixels = list(image.get_flattened_data() if hasattr(image, "get_flattened_data") else image.getdata())
    near = sum(all(abs(a - b) < 12 for a, b in zip(one, color, strict=True)) for one in pixels)
    return near / len(pixels)


def zoom(moderator: Moderator, factor: float) -> None:
    """Zooms the tab as Ctrl + does."""
    moderator.worker.evaluate("""async (factor) => {
      const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
      await chrome.tabs.setZoom(tab.id, factor); }""", factor)
    moderator.page.wait_for_timeout(500)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1, 1.25, 2])
def test_zoomed(moderator: Moderator, factor: float) -> None:
    moderator.visit(fv.OWN_POST)
    zoom(moderator, factor)
    try:
        capture = delete(moderator)
    finally:
        zoom(moderator, 1)
    image = picture(moderator, capture)
    assert share(image, RED) > 0.8 and share(image, BLUE) == 0
    assert capture["picture"]["marks"] == []
    assert "picture.rest" not in capture["completeness"]["missing"]
    assert capture["page"]["zoom"] == pytest.approx(factor)
    assert (image.width, image.height) == (capture["picture"]["width"], capture["picture"]["height"])


def test_on_a_screen_with_small_dots(moderator: Moderator) -> None:
    moderator.restart("--force-device-scale-factor=2", "--window-size=1200,1000", screen=True)
    try:
        moderator.visit(fv.OWN_POST)
        assert moderator.page.evaluate("devicePixelRatio") == 2
        capture = delete(moderator)
        image = picture(moderator, capture)
        assert share(image, RED) > 0.8 and share(image, BLUE) == 0
        assert capture["picture"]["scale"] == pytest.approx(2, abs=0.05)
    finally:
        moderator.restart()


def test_an_answer_inside_the_comment_is_covered(moderator: Moderator) -> None:
    moderator.visit(fv.POSTS + "english")
    capture = delete(moderator)
    image = picture(moderator, capture)
    assert share(image, BLUE) == 0 and share(image, GREY) > 0.1 and share(image, RED) > 0.2
    assert capture["picture"]["covered"] == 1


def test_inside_a_frame_of_the_same_site(moderator: Moderator) -> None:
    moderator.page.goto(moderator.facebook.url("/ram"))
    frame = moderator.page.frames[1]
    frame.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    moderator.page.wait_for_timeout(1500)
    capture = delete(moderator, frame)
    image = picture(moderator, capture)
    assert share(image, RED) > 0.8 and share(image, BLUE) == 0


def test_inside_a_frame_of_another_site_the_comment_is_saved_before_it_goes(moderator: Moderator) -> None:
    """The page around it belongs to someone else: where the frame stands in the window cannot be known."""
    moderator.facebook.extra["/annan"] = FRAMED.replace('src="', 'src="https://www.facebook.com')
    moderator.facebook.asked.clear()
    moderator.page.goto(moderator.facebook.url("/annan", "facebook.com.evil.se"))
    frame = moderator.page.frames[1]
    frame.wait_for_selector("[role=article][tabindex='-1'] a", state="attached")
    moderator.page.wait_for_timeout(1500)
    assert frame.url.startswith("https://www.facebook.com/") and "evil" in moderator.page.url
    capture = delete(moderator, frame)
    assert capture["comment"]["text"] and moderator.facebook.names()
    assert (capture["picture"], capture["no_picture_reason"]) == (None, "inside_frame")


def test_what_lies_over_the_comment_is_not_in_the_picture(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.page.evaluate("""() => { const node = document.querySelector('[role=article][tabindex="-1"]');
      const lid = document.createElement('div'), { x, y, width, height } = node.getBoundingClientRect();
      lid.style.cssText = `position:fixed;left:${x}px;top:${y}px;width:${width - 80}px;height:${height}px;background:rgb(0,0,255)`;
      document.body.append(lid); }""")
    capture = delete(moderator, by_hand=False)
    image = picture(moderator, capture)
    assert share(image, BLUE) == 0 and share(image, RED) > 0.8


def test_a_comment_cut_by_the_window_is_marked(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.page.evaluate("""() => { const node = document.querySelector('[role=article][tabindex="-1"]');
      node.style.cssText += ';padding-bottom:1500px;display:block'; }""")
    capture = delete(moderator)
    assert "cut" in capture["picture"]["marks"]
    assert "picture.rest" in capture["completeness"]["missing"]
    assert share(picture(moderator, capture), BLUE) == 0


def test_a_comment_that_moves_meanwhile_gives_no_picture_of_another(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.page.evaluate(JUMP)
    moderator.page.evaluate(PAINT)
    before = len(moderator.captures())
    code = """() => { const press = (one) => one.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      press(document.querySelector('[role=article][tabindex="-1"] > [aria-haspopup=menu]'));
      press([...document.querySelectorAll('.portal [role=menuitem]')][1]);
      press([...document.querySelectorAll('.portal [aria-modal] [role=button]')].at(-1)); }"""
    moderator.page.evaluate(code)
    [capture] = moderator.bevara.wait_documents("capture", before + 1)[before:]
    assert capture["picture"] is None and capture["no_picture_reason"] == "moved"


def test_two_a_second_is_what_the_browser_gives(moderator: Moderator) -> None:
    """Of many pictures at once some are taken, the rest are refused with a reason, and in time."""
    page = moderator._context.new_page()
    page.goto(f"chrome-extension://{moderator.worker.url.split('/')[2]}/options/options.html")
    page.bring_to_front()
    answers = page.evaluate("""async () => {
      const started = performance.now(), viewport = { width: innerWidth, height: innerHeight };
      const one = () => chrome.runtime.sendMessage({ type: "shot.take", rect: { x: 0, y: 0, width: 50, height: 50 }, cover: [], dpr: 1, viewport });
      const all = await Promise.all(Array.from({ length: 8 }, one));
      return { all: all.map((each) => each.ok || each.reason), ms: performance.now() - started };
    }""")
    page.close()
    taken = [one for one in answers["all"] if one is True]
    refused = {one for one in answers["all"] if one is not True}
    assert 1 <= len(taken) <= 4 and refused == {"too_many_pictures"}
    assert answers["ms"] < 4000


def test_without_a_picture_the_moderator_is_told(moderator: Moderator) -> None:
    moderator.visit(fv.OWN_POST)
    moderator.page.evaluate(JUMP)
    moderator.page.evaluate("""() => { const node = document.querySelector('[role=article][tabindex="-1"]');
      const press = (one) => one.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      press(node.querySelector(':scope > [aria-haspopup=menu]'));
      press([...document.querySelectorAll('.portal [role=menuitem]')][1]);
      press([...document.querySelectorAll('.portal [aria-modal] [role=button]')].at(-1)); }""")
    Panel(moderator.page).wait("Den sparades utan bild.")
