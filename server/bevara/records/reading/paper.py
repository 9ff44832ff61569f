"""What a copy says, in order, before it is set: headings, lines and pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bevara.kernel.text import pieces
from bevara.records.reading.runs import MASKED

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
    """A paragraph. `parts` is its text in order, with None where words are masked.

    `name` stands before it in bold. `gap` leaves a line empty above.
    """

    parts: tuple[str | None, ...]
    name: str = ""
    gap: bool = False
    strong: bool = False

    @property
    def exact(self) -> str:
        """Return the text, character for character, as who reads the file gets it."""
        said = "".join(MASKED if part is None else part for part in self.parts)
        return f"{self.name}: {said}" if self.name else said


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


def lines(parts: Iterable[str | None]) -> Iterator[Line]:
    """Yield paragraphs whose texts together are `parts`, character for character.

    An empty line, which no paragraph shows, is the end of the text of the one before it.
    """
    held: list[str | None] = []
    shown = empty = gap = False
    for line in _physical(parts):
        blank = not any(part is None or part.strip(" \t\n") for part in line)
        if shown and not blank:
            yield Line(tuple(held), gap=gap)
            held, shown, gap, empty = [], False, empty, False
        held += line
        shown, empty = shown or not blank, empty or (shown and blank)
    if held:
        yield Line(tuple(held), gap=gap)


def _physical(parts: Iterable[str | None]) -> Iterator[list[str | None]]:
    """Yield what stands on each line, its newline last; a long line comes in pieces."""
    line: list[str | None] = []
    for part in parts:
        for said in [None] if part is None else filter(None, _LINES.findall(part)):
            found = pieces(said) if said and len(said) > LONG_LINE else [said]
            for piece in found:
                line.append(piece)
                if len(found) > 1 or (piece and piece.endswith("\n")):
                    yield line
                    line = []
    if line:
        yield line
