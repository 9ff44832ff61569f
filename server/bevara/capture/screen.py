"""A picture of the browser's window, or of the screen that it stands on (optional part).

`mss`, `numpy` and `isal` come with `bevara[screen]` and are imported only here and in `png`: a
Bevara without the part holds no code that can look at the screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from bevara.capture import png

Mode = Literal["off", "window", "screen"]
Area = Mapping[str, int]
"""left, top, width and height in the screen's pixels, as mss has them."""
PARTS = ("mss", "numpy", "isal")
NOWHERE: Area = {"left": 0, "top": 0, "width": 0, "height": 0}
LARGEST = 16 << 20
BACKEND = "xgetimage" if sys.platform == "linux" else "default"
"""For a single picture mss's own choice on X11 spends more on its shared memory than it gains."""


class NoScreen(Exception):
    """There is no picture; `reason` is one of the contract's."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Taken:
    """A picture: PNG bytes and its size in pixels."""

    data: bytes
    width: int
    height: int


def installed() -> bool:
    """Tell whether the optional part is there."""
    return all(find_spec(name) for name in PARTS)


def take(mode: Mode, window: Mapping[str, float], notes: dict[str, str]) -> Taken:
    """Return what the screen shows now; raise `NoScreen`.

    `window` is the browser's own left, top, width and height in its units, and scale, the pixels
    per unit. With `window` nothing outside it is pictured; another window in front of it is.
    """
    if not installed():
        raise NoScreen("not_installed")
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        raise NoScreen("wayland")
    if _locked():
        raise NoScreen("locked")
    bgra, width, height = _grab(mode, window)
    if png.is_blank(bgra):
        raise NoScreen("blank")
    data = png.encode(bgra, width, height, notes)
    if len(data) > LARGEST:
        raise NoScreen("too_large")
    return Taken(data, width, height)


def area_of(mode: Mode, window: Mapping[str, float], monitors: Sequence[Area]) -> Area:
    """Return what to picture of `monitors` (the first is all of them); raise `NoScreen`."""
    scale = window["scale"]
    asked = {key: round(window[key] * scale) for key in ("left", "top", "width", "height")}
    best = max(monitors[1:], key=lambda one: _pixels(_common(asked, one)), default=NOWHERE)
    shown = _common(asked, monitors[0])
    # A window whose place is mostly outside every screen is not where it says it is.
    if _pixels(shown) * 2 < _pixels(asked) or not _pixels(_common(asked, best)):
        raise NoScreen("window_not_found")
    return shown if mode == "window" else best


def _grab(mode: Mode, window: Mapping[str, float]) -> tuple[bytes | bytearray, int, int]:
    import mss
    from mss.exception import ScreenShotError

    try:
        with mss.MSS(backend=BACKEND) as screens:
            shot = screens.grab(dict(area_of(mode, window, screens.monitors)))
            return shot.raw, shot.width, shot.height
    except (ScreenShotError, OSError):
        raise NoScreen("no_display") from None


def _common(one: Area, other: Area) -> Area:
    left, top = max(one["left"], other["left"]), max(one["top"], other["top"])
    right = min(one["left"] + one["width"], other["left"] + other["width"])
    bottom = min(one["top"] + one["height"], other["top"] + other["height"])
    return {"left": left, "top": top, "width": max(0, right - left),
            "height": max(0, bottom - top)}


def _pixels(area: Area) -> int:
    return area["width"] * area["height"]


def _locked() -> bool:
    """Tell whether Windows shows its lock screen, or this runs where nobody is signed in.

    OpenInputDesktop fails then (learn.microsoft.com, winuser). Not run on Windows by our tests.
    """
    if sys.platform != "win32":
        return False
    import ctypes

    desktop = ctypes.windll.user32.OpenInputDesktop(0, False, 0x0100)
    if not desktop:
        return True
    ctypes.windll.user32.CloseDesktop(desktop)
    return False
