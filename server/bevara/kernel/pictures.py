"""Know a picture by its bytes: which kind it is and how large, without decoding it.

Only the head is read, so that a picture made to exhaust memory costs nothing. Sources: PNG (W3C,
third edition, 5.2 and 11.2.1), JPEG (ITU-T T.81, B.2.2), GIF89a (17, 18), WebP (RFC 9649, 2).
"""

from __future__ import annotations

from dataclasses import dataclass

from bevara.errors import Invalid, UnsupportedMediaType

MAX_SIDE, MAX_PIXELS = 32_767, 64_000_000
"""Larger than four 4K screens beside each other (33 million)."""
KINDS = ("image/png", "image/jpeg", "image/webp", "image/gif")
SEGMENTS = 10_000
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Picture:
    """A picture's kind and its size in pixels."""

    media_type: str
    width: int
    height: int


def check(data: bytes, media_type: str) -> Picture:
    """Return what the bytes are; raise unless they are what is said and of a size to show.

    Raises `UnsupportedMediaType` for anything but PNG, JPEG, WebP and GIF, SVG too, and for a
    kind that is another than `media_type`; `Invalid` for a broken head or too many pixels.
    """
    if media_type not in KINDS:
        raise UnsupportedMediaType("Bevara tar emot bilder som PNG, JPEG, WebP och GIF.")
    found = recognise(data)
    if found is None:
        raise UnsupportedMediaType("Innehållet är inte en bild som Bevara känner igen.")
    if found.media_type != media_type:
        raise UnsupportedMediaType(f"Bilden sägs vara {media_type} men är {found.media_type}.")
    if not showable(found):
        raise Invalid("/", f"Bilden är {found.width} × {found.height} punkter. "
                      "Så stora bilder tar Bevara inte emot.")
    return found


def showable(picture: Picture) -> bool:
    """Tell whether a picture is of a size that is safe to decode."""
    sides = (picture.width, picture.height)
    return min(sides) > 0 and max(sides) <= MAX_SIDE and sides[0] * sides[1] <= MAX_PIXELS


def recognise(data: bytes) -> Picture | None:
    """Return the kind and size that the head says, or None when it is no picture's."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR":
        return _of("image/png", data[16:20][::-1], data[20:24][::-1], 4)
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _of("image/gif", data[6:8], data[8:10], 2)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data[12:30])
    return _jpeg(data) if data[:3] == b"\xff\xd8\xff" else None


def _of(kind: str, width: bytes, height: bytes, length: int) -> Picture | None:
    if len(height) < length:
        return None
    return Picture(kind, int.from_bytes(width, "little"), int.from_bytes(height, "little"))


def _webp(head: bytes) -> Picture | None:
    if len(head) < 18:
        return None
    if head[:4] == b"VP8X":
        width, height = (1 + int.from_bytes(head[at:at + 3], "little") for at in (12, 15))
    elif head[:4] == b"VP8L":
        bits = int.from_bytes(head[9:13], "little")
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    elif head[:4] == b"VP8 ":
        width, height = (int.from_bytes(head[at:at + 2], "little") & 0x3FFF for at in (14, 16))
    else:
        return None
    return Picture("image/webp", width, height)


def _jpeg(data: bytes) -> Picture | None:
    at = 2
    for _ in range(SEGMENTS):
        if at + 9 > len(data) or data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in FRAMES:
            height, width = (int.from_bytes(data[at + i:at + i + 2], "big") for i in (5, 7))
            return Picture("image/jpeg", width, height)
        if marker == 0xFF or 0xD0 <= marker <= 0xD8:
            at += 1 if marker == 0xFF else 2
        else:
            at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return None
