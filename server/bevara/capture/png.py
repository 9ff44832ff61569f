"""PNG, written quickly: the picture is taken while somebody waits.

Filter Up and ISA-L's level 1 cost a tenth of `mss.tools.to_png` at 1920 x 1080 and give a file
no larger than Pillow's at level 1 (measured by `tests/bench/test_screen.py`). Needs the optional
part `bevara[screen]`.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB, EIGHT_BITS = 2, 8
UP = 2
"""Filter type 2: each byte less the one above it (PNG, 9.2)."""
ZLIB = b"\x78\x01"
MODULUS = 65521
ROWS = 48
"""Rows filtered and compressed at a time: what they need stays in the processor's cache."""


def encode(bgra: bytes | bytearray, width: int, height: int, notes: dict[str, str]) -> bytes:
    """Return the PNG of `height` rows of `width` BGRA pixels (alpha is dropped).

    `notes` are written as text chunks (latin-1 keywords and values). The halves are made side by
    side and are one stream: compression and arithmetic let go of the interpreter.
    """
    header = struct.pack(">IIBBBBB", width, height, EIGHT_BITS, RGB, 0, 0, 0)
    half = height // 2
    with ThreadPoolExecutor(2) as threads:
        packed = threads.map(lambda rows: _packed(bgra, width, *rows), [(0, half), (half, height)])
    (first, upper, _), (last, lower, length) = packed
    data = b"".join([ZLIB, first, last, _adler_of_both(upper, lower, length).to_bytes(4, "big")])
    texts = [_chunk(b"tEXt", key.encode("latin-1") + b"\0" + value.encode("latin-1"))
             for key, value in notes.items()]
    return b"".join([SIGNATURE, _chunk(b"IHDR", header), *texts,
                     _chunk(b"IDAT", data), _chunk(b"IEND", b"")])


def _packed(
    bgra: bytes | bytearray, width: int, top: int, bottom: int
) -> tuple[bytes, int, int]:
    """Return rows as deflate's blocks, their Adler-32 and their length; the first half stays open.
    """
    from isal import isal_zlib

    packer = isal_zlib.compressobj(1, wbits=-15)
    data, adler, length = [], 1, 0
    for lines in _filtered(bgra, width, top, bottom):
        adler = isal_zlib.adler32(lines, adler)
        length += lines.nbytes
        data.append(packer.compress(lines))
    end = isal_zlib.Z_FINISH if bottom * width * 4 == len(bgra) else isal_zlib.Z_SYNC_FLUSH
    return b"".join([*data, packer.flush(end)]), adler, length


def _adler_of_both(first: int, last: int, length: int) -> int:
    """Return the Adler-32 of two pieces in a row, the last one `length` bytes (RFC 1950, 8.2)."""
    low = (first & 0xFFFF) + (last & 0xFFFF) - 1
    high = (first >> 16) + (last >> 16) + length * ((first & 0xFFFF) - 1)
    return high % MODULUS << 16 | low % MODULUS


def is_blank(bgra: bytes | bytearray) -> bool:
    """Tell whether every pixel has one colour, as behind a lock screen or in session 0."""
    import numpy

    pixels = numpy.frombuffer(bgra, numpy.uint32)
    few = pixels[::997] & 0xFFFFFF
    return bool((few == few[0]).all() and (pixels & 0xFFFFFF == few[0]).all())


def _filtered(
    bgra: bytes | bytearray, width: int, begin: int, end: int
) -> Iterator[memoryview]:
    """Yield the filtered rows, so many at a time, in one piece of memory that is used again."""
    import numpy

    rows = numpy.frombuffer(bgra, numpy.uint8).reshape(-1, width * 4)
    less = numpy.empty((ROWS, width * 4), numpy.uint8)
    lines = numpy.empty((ROWS, 1 + width * 3), numpy.uint8)
    lines[:, 0] = UP
    above = rows[begin - 1:begin] if begin else numpy.zeros((1, width * 4), numpy.uint8)
    for top in range(begin, end, ROWS):
        part = rows[top:min(top + ROWS, end)]
        count = len(part)
        numpy.subtract(part[:1], above, out=less[:1])
        numpy.subtract(part[1:], part[:-1], out=less[1:count])
        for channel in range(3):
            lines[:count, 1 + channel::3] = less[:count, 2 - channel::4]
        yield lines[:count].data
        above = part[-1:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(data, zlib.crc32(kind))
    return b"".join([len(data).to_bytes(4, "big"), kind, data, check.to_bytes(4, "big")])
