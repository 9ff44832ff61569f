"""What a copy says, in order, before it is set: headings, lines and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bevara.kernel.text import pieces

LONG_LINE = 20_000
"""Characters; a longer line is set in pieces, because one paragraph of them takes minutes."""
_LINES = re.compile(r"[^\n]*(?:\n|\Z)")


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2, in Bevara's own words."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Line:
    """A paragraph; `name` stands before it in bold, and `gap` leaves a line empty above."""

    text: str
    name: str = ""
    gap: bool = False
    strong: bool = False

    @property
    def exact(self) -> str:
        """Return the text, character for character, as who reads the file gets it."""
        return f"{self.name}: {self.text}" if self.name else self.text


@dataclass(frozen=True)
class Picture:
    """A PNG with its text alternative; `width` is in points, less when the page is narrower."""

    data: bytes
    alt: str
    width: float
    height: float


Block = Heading | Line | Picture


@dataclass(frozen=True)
class Paper:
    """A copy to be made. `at` is the time that it bears, in seconds since 1970."""

    title: str
    foot: str
    at: int
    blocks: list[Block] = field(default_factory=list)


def lines(text: str) -> Iterator[Line]:
    """Yield paragraphs whose texts together are `text`, character for character.

    An empty line, which no paragraph shows, is the end of the text of the one before it.
    """
    held, shown, empty, gap = "", False, False, False
    for line in _physical(text):
        blank = not line.strip(" \t\n")
        if shown and not blank:
            yield Line(held, gap=gap)
            held, shown, gap, empty = "", False, empty, False
        held += line
        shown, empty = shown or not blank, empty or (shown and blank)
    if held:
        yield Line(held, gap=gap)


def _physical(text: str) -> Iterator[str]:
    """Yield what stands on each line, with its newline; a long line comes in pieces."""
    for line in filter(None, _LINES.findall(text)):
        yield from pieces(line) if len(line) > LONG_LINE else [line]
