"""What a PDF holds: what is read aloud from it, and every byte in which anything could be hidden."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from bevara.records.reading import press


def words(data: bytes) -> str:
    """Return the exact text of each paragraph, in reading order."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return "\n".join(str(one.ActualText) for one in press.elements(document.Root.StructTreeRoot)
                         if "/ActualText" in one)


def everything(data: bytes) -> str:
    """Return all of its bytes, every stream decompressed and every string as it is read."""
    found = [data.decode("latin-1")]
    with pikepdf.open(io.BytesIO(data)) as document:
        for one in document.objects:
            found += _texts(one, 0)
    return "\n".join(found)


def _texts(one: Any, depth: int) -> Iterator[str]:
    if depth > 20:
        return
    if isinstance(one, pikepdf.Stream):
        raw = one.read_bytes() if "/Subtype" not in one or one.Subtype != "/Image" else b""
        yield from (raw.decode("utf-8", "replace"), raw.decode("utf-16-be", "replace"))
    if isinstance(one, pikepdf.String):
        yield from (str(one), bytes(one).decode("latin-1"))
    if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        for _, inner in one.items():
            if not getattr(inner, "is_indirect", False):
                yield from _texts(inner, depth + 1)
    elif isinstance(one, pikepdf.Array):
        for inner in one:
            if not getattr(inner, "is_indirect", False):
                yield from _texts(inner, depth + 1)
