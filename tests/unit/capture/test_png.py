"""The PNG of a screen is what the format says, to the last check sum, whatever its height."""

import io
import os
import zlib

import pytest
from PIL import Image

from bevara.capture import png

pytest.importorskip("isal")


@pytest.mark.parametrize(("width", "height"), [
    (1, 1), (3, 1), (7, 2), (5, 3), (11, 97), (640, 96), (33, 193),
])
def test_halves_made_side_by_side_are_one_picture(width: int, height: int) -> None:
    pixels = os.urandom(width * height * 4)
    made = png.encode(pixels, width, height, {"a": "b"})
    shown = Image.open(io.BytesIO(made))
    assert shown.tobytes() == Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX").tobytes()
    start = made.index(b"IDAT")
    length = int.from_bytes(made[start - 4:start], "big")
    stream = zlib.decompressobj()
    rows = stream.decompress(made[start + 4:start + 4 + length])
    assert stream.eof and not stream.unused_data, "the stream ends, and its Adler-32 is right"
    assert len(rows) == height * (1 + width * 3)
