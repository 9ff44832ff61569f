"""A saved picture is drawn anew before anyone looks at it, whatever its bytes were made to do."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from bevara.errors import UnsupportedMediaType
from bevara.records.picture import shown
from tests.factories import PNG
from tests.unit.kernel.test_pictures import png_of

SCRIPT = b"<script>alert(1)</script>"


def opened(data: bytes) -> Image.Image:
    """Return what a browser would see, with everything that the file carries."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def saved(image: Image.Image, format_: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "GIF", "WEBP"])
def test_every_kind_is_shown_as_a_png_of_the_same_size(format_: str) -> None:
    image = opened(shown(saved(Image.new("RGB", (40, 30), "teal"), format_)))
    assert (image.format, image.size) == ("PNG", (40, 30))


def test_the_smallest_picture_is_shown() -> None:
    assert opened(shown(PNG)).size == (1, 1)


def test_nothing_but_the_pixels_comes_through() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SCRIPT.decode())
    image = Image.new("RGB", (8, 8))
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    for data in (saved(image, "PNG", pnginfo=told) + SCRIPT, saved(image, "JPEG", exif=exif, comment=SCRIPT)):
        assert SCRIPT in data
        assert SCRIPT not in shown(data)
        assert opened(shown(data)).info == {}


def test_a_picture_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert opened(shown(saved(Image.new("RGB", (40, 30)), "JPEG", exif=exif))).size == (30, 40)


def test_what_is_seen_through_stays_so() -> None:
    seen_through = saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG")
    assert opened(shown(seen_through)).mode == "RGBA"


def test_of_many_frames_the_first_is_shown() -> None:
    frames = [Image.new("P", (64, 64), number % 256) for number in range(2000)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    started = time.monotonic()
    image = opened(shown(data))
    assert getattr(image, "n_frames", 1) == 1
    assert time.monotonic() - started < 1


def png_with(chunk: bytes, data: bytes) -> bytes:
    body = chunk + data
    return (png_of(4, 4) + struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
            + PNG[-12:])


BOMBS = {
    "nine billion pixels": png_of(95_000, 95_000),
    "text that swells": png_with(b"zTXt", b"x\0\0" + zlib.compress(bytes(200 << 20), 9)),
    "a profile that swells": png_with(b"iCCP", b"x\0\0" + zlib.compress(bytes(200 << 20), 9)),
    "pixels that are not there": png_of(7000, 7000) + PNG[-12:],
    "a broken end": saved(Image.effect_noise((200, 200), 50), "PNG")[:2000],
    "a broken jpeg": saved(Image.effect_noise((200, 200), 50), "JPEG")[:500],
    "html": b"<html>" + SCRIPT, "svg": b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT,
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n", "nothing": b"",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_not_shown_and_takes_little(bomb: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnsupportedMediaType, match="sparad som den kom"):
        shown(BOMBS[bomb])
    assert time.monotonic() - started < 3
