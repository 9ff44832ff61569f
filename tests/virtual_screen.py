"""A screen of our own (Xvfb), painted by writing its memory, and split in two with xrandr."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from PIL import Image

HEADER = struct.Struct(">25I")
"""The start of an X window dump (XWDFile.h): header size first, number of colours twentieth."""


class Screen:
    """A screen of `width` x `height` pixels; a context manager. Skips where Xvfb is missing."""

    def __init__(self, folder: Path, width: int = 1280, height: int = 480) -> None:
        if shutil.which("Xvfb") is None:
            pytest.skip("Xvfb is not installed")
        self.folder, self.width, self.height = folder, width, height
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        reader, writer = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp", "-noreset", "-screen", "0",
             f"{self.width}x{self.height}x24", "-fbdir", str(self.folder)],
            pass_fds=(writer,), stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = f":{number.readline().strip()}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(10)

    def paint(self, picture: Image.Image) -> None:
        """Show `picture` (RGB, as large as the screen)."""
        path = self.folder / "Xvfb_screen0"
        with path.open("r+b") as file:
            head = HEADER.unpack(file.read(HEADER.size))
            file.seek(head[0] + head[19] * 12)
            file.write(picture.tobytes("raw", "BGRX"))

    def split(self) -> None:
        """Make the left and the right half two monitors, as RandR says it to every program."""
        if shutil.which("xrandr") is None:
            pytest.skip("xrandr is not installed")
        half = self.width // 2
        for name, left, output in (("left", 0, "screen"), ("right", half, "none")):
            place = f"{half}/300x{self.height}/200+{left}+0"
            subprocess.run(["xrandr", "--setmonitor", name, place, output], check=True,
                           env={**os.environ, "DISPLAY": self.name}, capture_output=True)


def page(width: int, height: int, seed: int = 1) -> Image.Image:
    """Return a picture with even surfaces, edges and a noisy part, unlike any other seed's."""
    chooser = random.Random(seed)
    picture = Image.new("RGB", (width, height), "#f0f2f5")
    for _ in range(200):
        colour = tuple(chooser.randrange(256) for _ in range(3))
        left, top = chooser.randrange(width), chooser.randrange(height)
        picture.paste(colour, (left, top, left + chooser.randrange(1, 200),
                               top + chooser.randrange(1, 20)))
    size = (width // 4, height // 3)
    noise = Image.frombytes("RGB", size, chooser.randbytes(size[0] * size[1] * 3))
    picture.paste(noise, (width // 2, height // 2))
    return picture
