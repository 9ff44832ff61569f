"""The screen at the moment of the hold: pictured with the capture, or not at all."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import facebook_views as fv
import pytest
from facebook_extension import Moderator
from facebook_server import FacebookServer
from PIL import Image
from running import Running
from tests.virtual_screen import Screen, page

from bevara.kernel import settings
from bevara.kernel.blobs import path_of

pytestmark = pytest.mark.browser
ADDRESS = "https://www.facebook.com/storkopingskommun"
WIDTH, HEIGHT = 1600, 1200
ASK_AGAIN = """async (id) => {
  const { call } = await import("/background/helper.js");
  const { utf8 } = await import("/background/encoding.js");
  const window = { left: 0, top: 0, width: 800, height: 600, scale: 1 };
  const body = utf8(JSON.stringify({ capture_id: id, window }));
  return (await call({ practice: false, method: "PUT", path: `screens/${id}`, body })).reason;
}"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give `desk(mode)`: a moderator before a screen of her own, with that setting."""
    with ExitStack() as stack:
        screen = stack.enter_context(Screen(tmp_path / "screen", WIDTH, HEIGHT))
        for name in ("WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("DISPLAY", screen.name)
        screen.paint(page(WIDTH, HEIGHT))

        def start(mode: str) -> Moderator:
            bevara = Running(ADDRESS, page_id="61550000000001")
            settings.change(bevara.data, screen=mode)
            stack.enter_context(bevara)
            facebook = stack.enter_context(FacebookServer())
            moderator = stack.enter_context(Moderator(bevara, facebook, on_screen=True))
            moderator.visit(fv.OWN_POST)
            return moderator

        yield start


def delete(moderator: Moderator) -> None:
    moderator.open_menu(1)
    moderator.choose("Ta bort")
    moderator.confirm()


def pictured(moderator: Moderator, capture: dict[str, Any]) -> Image.Image:
    name = capture["screen"]["blob"]
    return Image.open(io.BytesIO(path_of(moderator.bevara.data / "register", name).read_bytes()))


@pytest.mark.parametrize("mode", ["window", "screen"])
def test_the_deletion_carries_a_picture_of_what_was_before_the_moderator(
    desk: Any, mode: str
) -> None:
    moderator = desk(mode)
    delete(moderator)
    assert len(moderator.wait_asked()) == 1
    capture = moderator.captures()[0]
    assert capture["no_screen_reason"] is None
    taken = pictured(moderator, capture)
    window = moderator.worker.evaluate("async () => chrome.windows.getLastFocused()")
    wide = (WIDTH, HEIGHT) if mode == "screen" else (window["width"], window["height"])
    assert taken.size == wide and capture["screen"]["of"] == mode
    assert "screen" not in capture["completeness"]["missing"]
    assert holds(taken, "#ffffff", 0.2)


def holds(picture: Image.Image, colour: str, share: float) -> bool:
    """Tell whether so large a part has the page's own colour, which the painted screen lacks."""
    wanted = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
    found = sum(count for count, one in picture.getcolors(1 << 24) or [] if one == wanted)
    return found > share * picture.width * picture.height


def test_without_a_display_the_comment_is_saved_and_says_what_is_missing(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderator = desk("screen")
    moderator.bevara.stop()
    monkeypatch.setenv("DISPLAY", ":9999")
    moderator.bevara.__enter__()
    delete(moderator)
    assert len(moderator.wait_asked()) == 1
    capture = moderator.captures()[0]
    assert capture["screen"] is None and capture["no_screen_reason"] == "no_display"
    assert "screen" in capture["completeness"]["missing"]
    assert capture["picture"]


def test_when_it_is_off_nothing_is_asked_for(desk: Any) -> None:
    moderator = desk("off")
    delete(moderator)
    assert len(moderator.wait_asked()) == 1
    capture = moderator.captures()[0]
    assert (capture["screen"], capture["no_screen_reason"]) == (None, "off")
    assert "screen" not in capture["completeness"]["missing"]


def test_a_cancelled_hold_makes_the_helper_forget_the_screen(desk: Any) -> None:
    moderator = desk("screen")
    own = moderator._context.new_page()
    own.goto(f"chrome-extension://{moderator.worker.url.split('/')[2]}/options/options.html")
    id_ = "6d0f5e9e-0000-4000-8000-000000000077"
    assert own.evaluate(ASK_AGAIN, id_) is None
    own.evaluate("(id) => chrome.runtime.sendMessage({ type: 'capture.cancel', capture_id: id })",
                 id_)
    assert own.evaluate(ASK_AGAIN, id_) == "cancelled"
    assert not [path for path in (moderator.bevara.data / "register" / "blobs").rglob("*")
                if path.is_file()]
