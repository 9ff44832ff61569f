"""Mask phrases in a paper, however they are written there, and nothing of them is left.

Case, composition (NFKD), white space and invisible characters make no difference. What is found is
masked to the end of its grapheme clusters (UAX #29), so that no mark of a letter is left behind.
The mask has one length, whatever it covers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from urllib.parse import unquote_plus

import regex

from bevara.records.reading.paper import Block, Heading, Line, Paper, Picture, lines

MASK = "[maskerat]"
LEFT_OUT = "Bilden är inte med i kopian."
_CLUSTER = regex.compile(r"\X")
_UNSEEN = regex.compile(r"[\p{DI}\p{Cc}\p{Cf}]")
_ENCODED = regex.compile(r"\S*%[0-9A-Fa-f]{2}\S*")


@dataclass(frozen=True)
class Folded:
    """A text as it is searched; `owner` tells which of `clusters` each of its characters is of."""

    text: str
    owner: list[int]
    clusters: list[str]


@dataclass
class Masker:
    """Masks `phrases`, and keeps which of them it `found`."""

    phrases: Sequence[str]

    def __post_init__(self) -> None:
        self._wanted = {one: folded(one).text.strip() for one in self.phrases}
        self.found: set[str] = set()

    @property
    def missing(self) -> list[str]:
        """Return the phrases that were not found, in their order."""
        return [one for one in self.phrases if one not in self.found]

    def text(self, text: str) -> str:
        """Return a text with everything masked, also where an address has it percent-encoded."""
        return _ENCODED.sub(self._encoded, self._plain(text))

    def own(self, text: str) -> str:
        """Return a text of Bevara's own so; what is only there has not been found."""
        before = set(self.found)
        after = self.text(text)
        self.found = before
        return after

    def _plain(self, text: str) -> str:
        seen = folded(text)
        edges = [0] * (len(seen.clusters) + 1)
        for phrase, wanted in self._wanted.items():
            for first, last in _places(seen, wanted):
                self.found.add(phrase)
                edges[first] += 1
                edges[last + 1] -= 1
        return "".join(_covered(seen.clusters, edges))

    def _encoded(self, token: regex.Match[str]) -> str:
        within = folded(unquote_plus(token.group())).text
        hits = {phrase for phrase, wanted in self._wanted.items() if wanted and wanted in within}
        self.found |= hits
        return MASK if hits else str(token.group())


def masked(paper: Paper, masker: Masker) -> Paper:
    """Return the paper with everything masked that the comment says; its pictures are left out.

    The names of fields and parts are Bevara's own words and stay.
    """
    blocks: list[Block] = []
    for running, group in groupby(paper.blocks, _is_running):
        if running:
            blocks += _running([one for one in group if isinstance(one, Line)], masker)
        else:
            blocks += [_masked(one, masker) for one in group]
    return replace(paper, title=masker.own(paper.title), foot=masker.own(paper.foot),
                   blocks=blocks)


def folded(text: str) -> Folded:
    """Return the text as it is searched."""
    said, owner, clusters = list[str](), list[int](), _CLUSTER.findall(text)
    for number, cluster in enumerate(clusters):
        for character in _folded(cluster):
            if character != " " or said[-1:] != [" "]:
                said.append(character)
                owner.append(number)
    return Folded("".join(said), owner, clusters)


@lru_cache(maxsize=4096)
def _folded(cluster: str) -> str:
    """Return one cluster folded (The Unicode Standard, 3.13, D147); white space as one kind."""
    seen = "".join(one for one in cluster if one.isspace() or not _UNSEEN.match(one))
    once = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", seen).casefold())
    twice = unicodedata.normalize("NFKD", once.casefold())
    return "".join(" " if one.isspace() else one for one in twice)


def _places(seen: Folded, wanted: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last cluster of each place, overlapping ones too."""
    at = seen.text.find(wanted) if wanted else -1
    while at >= 0:
        yield seen.owner[at], seen.owner[at + len(wanted) - 1]
        at = seen.text.find(wanted, at + 1)


def _covered(clusters: list[str], edges: list[int]) -> Iterator[str]:
    depth, before = 0, 0
    for number, cluster in enumerate(clusters):
        depth += edges[number]
        if not depth:
            yield cluster
        elif not before:
            yield MASK
        before = depth


def _is_running(one: Block) -> bool:
    """Tell whether a block is a line of a text, which a phrase may go on from into the next."""
    return isinstance(one, Line) and not one.name and not one.strong


def _running(found: list[Line], masker: Masker) -> list[Line]:
    before = "".join(one.text for one in found)
    after = masker.text(before)
    return found if after == before else list(lines(after))


def _masked(one: Block, masker: Masker) -> Block:
    if isinstance(one, Picture):
        return Line(LEFT_OUT)
    if isinstance(one, Heading):
        return replace(one, text=masker.own(one.text)) if one.level == 1 else one
    return replace(one, text=masker.text(one.text))
