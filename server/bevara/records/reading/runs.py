"""Text as a reader sees it: what a font draws, and a framed code point for everything else.

Invisible characters and those that turn the direction of writing are always shown by their code
point, so that nothing is hidden in a copy and nothing in it reorders the rest.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import regex

TEXT, EMOJI, LABEL = "t", "e", "l"
Run = tuple[str, str]
LONGEST_WORD = 40
BREAK = "\u200b"
"""Where a word longer than a line may be broken; no character of the text, which is given beside.
"""
_CLUSTER = regex.compile(r"\X")
_AS_EMOJI = regex.compile(
    r"[\p{Emoji_Presentation}\uFE0F\u20E3\U0001F1E6-\U0001F1FF\U0001F3FB-\U0001F3FF]")
_LONG = regex.compile(rf"\S{{{LONGEST_WORD}}}")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f")
"""Joiners and variation selectors, which change how the letter beside them is drawn."""


@dataclass(frozen=True)
class Coverage:
    """The code points that the fonts can draw, as ranges."""

    first: list[int]
    last: list[int]

    def has(self, character: str) -> bool:
        """Tell whether a font can draw the character."""
        code = ord(character)
        at = bisect_right(self.first, code) - 1
        return at >= 0 and code <= self.last[at]


@cache
def known() -> dict[str, Any]:
    """Return what is written about the fonts that come with Bevara."""
    text = (resources.files(__package__) / "fonts" / "fonts.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def coverage(kind: str) -> Coverage:
    """Return what the fonts of a kind ("text", "emoji") can draw."""
    ranges = known()[kind]
    return Coverage([first for first, _ in ranges], [last for _, last in ranges])


def of(text: str, unprintable: frozenset[str] = frozenset()) -> list[Run]:
    """Return the runs of a line; every character is in one of them, as itself or by its number.

    `unprintable` are characters that turned out not to be drawable after all.
    """
    return _joined(_clusters(text, unprintable))


def rtl(text: str) -> bool:
    """Tell whether the first strong character is written from right to left (UAX #9, P2)."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "L") != "L"


def label(character: str) -> str:
    """Return how a character's number is written (The Unicode Standard, appendix A)."""
    return f"U+{ord(character):04X}"


def _clusters(text: str, unprintable: frozenset[str]) -> Iterator[Run]:
    for cluster in _CLUSTER.findall(text.replace("\t", "    ")):
        seen = [one for one in cluster if one not in _JOINS]
        if unprintable.isdisjoint(cluster) and seen:
            if _AS_EMOJI.search(cluster) and all(coverage("emoji").has(one) for one in seen):
                yield EMOJI, cluster
                continue
            if all(_drawn(one) for one in seen):
                yield TEXT, cluster
                continue
        for one in cluster:
            drawn = _drawn(one) and one not in unprintable
            yield (TEXT, one) if drawn else (LABEL, label(one))


def _drawn(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and coverage("text").has(character)


def _joined(found: Iterator[Run]) -> list[Run]:
    """Return the runs with neighbours of one kind as one; each label stays alone."""
    joined: list[Run] = []
    pending: list[str] = []
    kind = ""
    for next_kind, text in [*found, ("", "")]:
        if pending and (next_kind != kind or kind == LABEL):
            joined.append((kind, "".join(pending)))
            pending = []
        kind = next_kind
        pending.append(text)
    return [(kind, _LONG.sub(_broken, text) if kind == TEXT else text) for kind, text in joined]


def _broken(found: regex.Match[str]) -> str:
    return "".join(f"{one}{BREAK}" for one in _CLUSTER.findall(found.group()))
