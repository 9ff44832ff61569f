"""Gather the items of a package from the store, a few at a time, and say what may not go along."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import select

from bevara.archive import events, files
from bevara.archive.packages.parts import File, Item
from bevara.diary import proposal, standing
from bevara.diary.delivery.copies import pressed
from bevara.errors import Closed, Erased, NotFound, Withheld
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.records import quoted, secrecy, show
from bevara.records.reading import compose
from bevara.records.reading.paper import Paper
from bevara.records.secrecy import Viewing
from bevara.records.show import Record
from bevara.web.translations import N_

AT_ONCE = 20
"""Comments whose reading copies one process makes; as many are in memory."""
BY, PURPOSE = "Arkivleverans", "archive"
CLOSED, WITHHELD, GONE = "closed", "withheld", "gone"
LEFT = {
    CLOSED: N_("Kan innehålla sekretess eller är sekretessmarkerad, och mottagaren får inte ta "
               "emot sådant."),
    WITHHELD: N_("Den är spärrad, eller svarar på en som är det."),
    GONE: N_("Den är raderad."),
}
"""Why a comment is left out."""
Press = Callable[[Sequence[Paper]], Sequence[bytes | None]]


def viewing(id_: str, carries_secret: bool) -> Viewing | None:
    """Return as what an archive is let in to a comment."""
    return Viewing(id_, BY, PURPOSE) if carries_secret else None


@dataclass
class Gathering:
    """The items of the records `ids`, in their order; `left` grows as they are read.

    `carries_secret` says whether the receiver may have closed content. `accounts` are the names of
    accounts by id. `each` is called now and then, and may raise to end it.
    """

    store: Store
    ids: Iterable[str]
    accounts: Mapping[str, str]
    carries_secret: bool = False
    press: Press = pressed
    each: Callable[[], None] = lambda: None
    left: dict[str, str] = field(default_factory=dict)
    number: int = 0
    without_pdf: int = 0

    def items(self) -> Iterator[Item]:
        """Yield the items; what may not leave is in `left` with a key of `LEFT`."""
        for few in _few(self.ids):
            self.each()
            found = [one for id_ in few if (one := self._found(id_))]
            papers = [compose.paper(self.store, one.record, one.capture, one.account)
                      for one in found]
            for one, pdf in zip(found, self.press(papers), strict=True):
                item = self._item(one, pdf)
                if item:
                    self.number += 1
                    self.without_pdf += pdf is None
                    yield item

    def _found(self, id_: str) -> _Found | None:
        try:
            return self._read(id_)
        except Withheld:
            self.left[id_] = WITHHELD
        except Closed:
            self.left[id_] = CLOSED
        except (Erased, NotFound):
            self.left[id_] = GONE
        return None

    def _read(self, id_: str) -> _Found:
        with self.store.read() as connection:
            kept = show.kept(connection, id_)
            let_in = viewing(id_, self.carries_secret)
            if not secrecy.may_see(kept.row, let_in):
                raise Closed()
            quoted.refuse(connection, kept, kept.latest, let_in)
            body = connection.execute(select(documents.c.body).where(
                documents.c.kind == "capture",
                documents.c.id == kept.latest["capture_id"])).scalar_one()
        account = self.accounts.get(kept.row.account_id or "", "")
        return _Found(kept, kept.latest, bytes(body), account, let_in)

    def _item(self, one: _Found, pdf: bytes | None) -> Item | None:
        """Return the item, unless the comment was shut while the copies were made."""
        id_ = str(one.record.row.id)
        try:
            made = files.files(self.store, id_, one.capture, one.body, pdf, one.viewing)
            return _item(one, tuple(made))
        except (Withheld, Closed, Erased, NotFound) as error:
            self.left[id_] = {Closed: CLOSED, Withheld: WITHHELD}.get(type(error), GONE)
            return None


@dataclass(frozen=True)
class _Found:
    record: Record
    capture: dict[str, Any]
    body: bytes
    account: str
    viewing: Viewing | None


def _item(one: _Found, made: tuple[File, ...]) -> Item:
    row, capture, stands = one.record.row, one.capture, standing.of(one.record)
    said = stands.proposal or _proposed(one)
    mark = stands.latest("secrecy") if row.secrecy_provision else None
    comment = capture["comment"]
    return Item(
        id=str(row.id), reference=row.reference or "", number=row.diary_number or "",
        title=said["title"], sender=said["sender"], author=comment["author"]["name"] or "",
        platform=capture["platform"], account=one.account, address=comment["permalink"] or "",
        document_type=said["document_type"], classification=said.get("classification") or "",
        direction=said["direction"], exit=row.exit or "", received_on=said["received_on"],
        published=comment["time_exact"] or "", captured=capture["captured_at"],
        retention=said["retention"], possible_secrecy=bool(row.possible_secrecy),
        provision=row.secrecy_provision or "", provision_on=mark["date"] if mark else "",
        provision_by=mark["authority"] if mark else "",
        events=events.of(one.record), files=made)


def _proposed(one: _Found) -> dict[str, Any]:
    """Return what a proposal would begin as, for a comment that nobody has decided on."""
    form = proposal.suggested(one.capture, one.account or None, secrecy.closed(one.record.row))
    return proposal.read(form)


def _few(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while few := list(islice(rest, AT_ONCE)):
        yield few
