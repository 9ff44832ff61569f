"""A picture is known by its bytes, and one that is not what it is said to be is refused."""

import contextlib
import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from bevara.errors import BevaraError, Invalid, UnsupportedMediaType
from bevara.kernel import pictures


def made(format_: str, size: tuple[int, int] = (31, 17), **options: object) -> bytes:
    """Return a picture that Pillow wrote."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format_, **options)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """Return a PNG's head that claims a size, with next to nothing behind it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk
            + struct.pack(">I", zlib.crc32(chunk)))


@pytest.mark.parametrize("format_,kind", [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"),
                                          ("WEBP", "webp")])
def test_each_kind_is_known_with_its_size(format_: str, kind: str) -> None:
    assert pictures.check(made(format_), f"image/{kind}") == (
        pictures.Picture(f"image/{kind}", 31, 17))


@pytest.mark.parametrize("options", [
    {"format_": "WEBP", "lossless": True}, {"format_": "WEBP", "exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"},
    {"format_": "JPEG", "progressive": True}, {"format_": "JPEG", "icc_profile": b"x" * 70_000},
])
def test_each_variant_has_its_size(options: dict[str, object]) -> None:
    found = pictures.recognise(made(**options))  # type: ignore[arg-type]
    assert found and (found.width, found.height) == (31, 17)


NOT_PICTURES: dict[str, bytes] = {
    "nothing": b"", "text": b"hej", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "html": b"<!doctype html><script>1</script>", "pdf": b"%PDF-1.7", "zip": b"PK\3\4" + bytes(40),
    "bmp": b"BM" + bytes(60), "tiff": b"II*\0" + bytes(60), "avif": b"\0\0\0 ftypavif" + bytes(40),
    "a cut png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "a cut gif": b"GIF89a\1", "a cut webp": b"RIFF\0\0\0\0WEBPVP8X",
    "a jpeg without frame": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(40), "a jpeg of markers": b"\xff\xd8" + b"\xff" * 900,
}


@pytest.mark.parametrize("what", NOT_PICTURES)
def test_what_is_no_picture_is_refused(what: str) -> None:
    for said in ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "text/html", ""):
        with pytest.raises(UnsupportedMediaType):
            pictures.check(NOT_PICTURES[what], said)


def test_a_picture_under_the_name_of_another_kind_is_refused() -> None:
    with pytest.raises(UnsupportedMediaType, match="image/jpeg men är image/png"):
        pictures.check(made("PNG"), "image/jpeg")


BOMBS: dict[str, Callable[[], bytes]] = {
    "wide and high": lambda: png_of(60_000, 60_000), "very wide": lambda: png_of(1 << 31, 1),
    "without width": lambda: png_of(0, 10), "webp": lambda: made("WEBP")[:12] + b"VP8X" + bytes(8) + b"\xff" * 6,
    "gif": lambda: b"GIF89a" + b"\xff\xff\xff\xff" + bytes(20),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_picture_too_large_to_show_is_refused_by_its_head(bomb: str) -> None:
    data = BOMBS[bomb]()
    kind = pictures.recognise(data)
    assert kind
    with pytest.raises(Invalid, match="punkter"):
        pictures.check(data, kind.media_type)


def test_no_bytes_make_the_reader_fail(tries: Callable[[int, int], int]) -> None:
    import random

    chooser = random.Random(1)
    whole = [made("PNG"), made("JPEG"), made("GIF"), made("WEBP"), made("WEBP", lossless=True)]
    for _ in range(tries(2000, 200_000)):
        data = bytearray(chooser.choice(whole)[:chooser.randrange(1, 400)])
        for _ in range(chooser.randrange(1, 6)):
            data[chooser.randrange(len(data))] = chooser.randrange(256)
        with contextlib.suppress(BevaraError):
            pictures.check(bytes(data), chooser.choice(pictures.KINDS))
