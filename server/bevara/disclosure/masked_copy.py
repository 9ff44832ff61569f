"""A copy to hand out (*Kopia att lämna ut*): what is not handed out is masked in it.

It is made anew and kept nowhere: the ledger has its SHA-256 and who assessed it, never what was
masked, and never who asked (tryckfrihetsförordningen 2:18). The original is not touched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bevara.disclosure.masking import LEFT_OUT, MASK, Masker, masked
from bevara.disclosure.wish import WORDS, Wish
from bevara.errors import Invalid
from bevara.kernel.store import Store
from bevara.records import quoted
from bevara.records.reading import compose
from bevara.records.reading.paper import Block, Heading, Line, Paper, Picture
from bevara.records.secrecy import Viewing
from bevara.records.show import Record
from bevara.web.translations import N_

NOTE = f"Uppgifter som inte lämnas ut har ersatts med {MASK}."


class NotFoundInCopy(Invalid):
    """Phrases that are to be masked are not in the copy, as they are written."""

    def __init__(self, phrases: list[str]) -> None:
        super().__init__(WORDS, N_("Det här finns inte i kommentaren."),
                         N_("Skriv det som det står där, eller ta bort raden."))
        self.phrases = phrases


@dataclass(frozen=True)
class Subject:
    """The comment as whoever makes the copy may see it."""

    store: Store
    record: Record
    account: str
    viewing: Viewing | None = None

    @property
    def capture(self) -> dict[str, Any]:
        """Return the newest capture."""
        return quoted.shown(self.store, self.record, self.record.latest, self.viewing)


def paper(subject: Subject, wish: Wish) -> Paper:
    """Return the copy before it is set; raise `NotFoundInCopy`."""
    capture = subject.capture
    author = capture["comment"]["author"]
    hidden = {name: author[name] for name, ticked in (("name", wish.author), ("url", wish.address))
              if ticked and author[name]}
    made = compose.paper(subject.store, subject.record, capture, subject.account)
    made = replace(made, foot=f"Kopia ur Bevara. Kommentar {subject.record.row.id}",
                   at=_seconds(subject.store))
    if wish.masks:
        made = _masked(made, wish, [str(one) for one in hidden.values()])
    elif wish.picture:
        made = replace(made, blocks=[Line(LEFT_OUT) if isinstance(one, Picture) else one
                                     for one in made.blocks])
    return made


def fingerprint(paper: Paper) -> str:
    """Return what tells one copy from another before it is made; the time is not part of it."""
    return hashlib.sha256(repr((paper.title, paper.foot, paper.blocks)).encode()).hexdigest()


def _masked(made: Paper, wish: Wish, hidden: list[str]) -> Paper:
    asked, also = Masker(wish.phrases), Masker([*wish.phrases, *hidden])
    masked(made, asked)
    if asked.missing:
        raise NotFoundInCopy(asked.missing)
    found = masked(made, also)
    return replace(found, blocks=[*_with_note(found.blocks)])


def _with_note(blocks: list[Block]) -> Iterator[Block]:
    for one in blocks:
        yield one
        if isinstance(one, Heading) and one.level == 1:
            yield Line(NOTE, strong=True)


def _seconds(store: Store) -> int:
    return int(datetime.fromisoformat(store.clock.now()).timestamp())
