"""A picture of a whole screen of 1920 x 1080, against mss's own way of saving one."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright

from bevara.capture import screen
from tests.bench.figures import Figures, alternate, milliseconds
from tests.virtual_screen import Screen

WIDTH, HEIGHT, ROUNDS = 1920, 1080, 30
WHOLE = {"left": 0, "top": 0, "width": WIDTH, "height": HEIGHT, "scale": 1}


@pytest.mark.usefixtures("calm")
def test_screen(figures: Figures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    with Screen(tmp_path, WIDTH, HEIGHT) as display:
        monkeypatch.setenv("DISPLAY", display.name)
        with window(noisy_photo()):
            grabbed = alternate(grab, theirs, ROUNDS // 2)
            times = alternate(ours, theirs, ROUNDS)
            made, saved = ours(), theirs()
        with window(Image.new("RGB", (1, 1))):
            text = ours()
    shown = Image.open(io.BytesIO(made))
    assert shown.tobytes() == Image.open(io.BytesIO(saved)).tobytes()
    print("\nBevara  ", milliseconds(times.a))
    print("to_png  ", milliseconds(times.b))
    figures.put("screen 1080p, mss's own grab alone vs grab and mss.tools.to_png, p50",
                grabbed.ratio(50), None, ROUNDS // 2)
    figures.put("screen 1080p, grab and encode vs grab and mss.tools.to_png, p50",
                times.ratio(50), "<= 0.2", ROUNDS)
    name = "screen 1080p, bytes vs Pillow level 1"
    figures.put(name, len(made) / as_pillow(made), "<= 1.05", 1)
    figures.put(f"{name}, text alone", len(text) / as_pillow(text), None, 1)


@contextmanager
def window(photo: Image.Image) -> Iterator[None]:
    """Fill the screen with a browser that shows a page with comments and `photo`."""
    kept = io.BytesIO()
    photo.save(kept, "PNG")
    shown = base64.b64encode(kept.getvalue()).decode()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            headless=False, executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--kiosk", f"--window-size={WIDTH},{HEIGHT}",
                  "--window-position=0,0"])
        tab = browser.new_page(no_viewport=True)
        tab.set_content(f"<h1>Storköpings kommun</h1><img src='data:image/png;base64,{shown}'>"
                        + "<p><b>Kalle Testsson</b> Ni är dumma i huvudet, skäms. 2 tim</p>" * 40)
        tab.wait_for_timeout(1500)
        yield
        browser.close()


def noisy_photo() -> Image.Image:
    """Return a picture as hard to compress as a photo: a gradient with noise."""
    size = (WIDTH // 3, HEIGHT // 3)
    across = Image.linear_gradient("L")
    bands = (across, across.rotate(90), Image.radial_gradient("L"))
    return Image.merge("RGB", [ImageChops.add(band.resize(size), Image.effect_noise(size, 24), 2)
                               for band in bands])


def as_pillow(made: bytes) -> int:
    """Return the bytes of the same picture as Pillow writes it at level 1."""
    kept = io.BytesIO()
    Image.open(io.BytesIO(made)).save(kept, "PNG", compress_level=1)
    return kept.tell()


def grab() -> object:
    """Return the screen's pixels as mss gets them."""
    import mss

    with mss.MSS() as screens:
        return screens.grab(screens.monitors[1])


def ours() -> bytes:
    """Return the picture as Bevara takes it."""
    return screen.take("screen", WHOLE, {}).data


def theirs() -> bytes:
    """Return it as mss saves it."""
    import mss
    import mss.tools

    with mss.MSS() as screens:
        shot = screens.grab(screens.monitors[1])
        return mss.tools.to_png(shot.rgb, shot.size) or b""
