"""Make a saved picture safe to look at: decoded within limits, and drawn anew."""

from __future__ import annotations

import io
import threading

from PIL import Image, ImageOps

from bevara.errors import UnsupportedMediaType
from bevara.kernel import pictures
from bevara.web.translations import N_

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
NOT_SHOWN = N_("Bilden går inte att visa. Den är sparad som den kom.")
one_at_a_time = threading.Lock()
"""A picture of 64 million pixels takes 256 MB while it is decoded."""


def shown(data: bytes) -> bytes:
    """Return the first frame as a PNG of its own, without anything else that the file carried.

    Raises `UnsupportedMediaType` when the bytes are no picture, broken, or too large to decode.
    The saved bytes stay as they came.
    """
    found = pictures.recognise(data)
    if found is None or not pictures.showable(found):
        raise UnsupportedMediaType(NOT_SHOWN)
    try:
        with one_at_a_time:
            return _redrawn(data)
    except Exception as error:  # a hostile file can make a decoder fail in any way
        raise UnsupportedMediaType(NOT_SHOWN) from error


def _redrawn(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data), formats=FORMATS) as source:
        upright = ImageOps.exif_transpose(source)
        clean = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clean.info = {}
    out = io.BytesIO()
    clean.save(out, "PNG", compress_level=1)
    return out.getvalue()
