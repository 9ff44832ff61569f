"""What one delivery says, made anew each time it is sent: what is closed by then is not in it.

Swedish in every language: the diary is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date
from sqlalchemy import Row

from bevara.diary import card, standing
from bevara.diary.card import Field
from bevara.diary.delivery import copies, outbox
from bevara.diary.delivery.copies import File
from bevara.diary.delivery.settings import Settings
from bevara.diary.states import State
from bevara.errors import BevaraError
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.records import quoted, secrecy, show
from bevara.records.reading import compose as reading
from bevara.records.show import Record
from bevara.web import dates

POINTER = "Kan innehålla sekretess. Innehållet skickas inte: hämta det i Bevara."
AS_TEXT = "Läsexemplaret gick inte att få med som PDF. Texten är med i stället, utan bild."
HOW_TO_ANSWER = "Svara med en rad för varje kommentar: referensen och diarienumret."


@dataclass(frozen=True)
class Entry:
    """One comment: what its card says, in the diary's order, and its files; nothing when closed.

    `known` is all that the card says, whatever the order.
    """

    reference: str
    closed: bool
    fields: list[Field]
    files: list[File]
    known: dict[str, str] = field(default_factory=dict)

    @property
    def as_text(self) -> bool:
        """Tell whether the reading copy is a text, since no PDF could go."""
        return bool(self.files) and self.files[0].media_type == copies.TEXT


@dataclass(frozen=True)
class Letter:
    """A delivery to be sent; `entries` are empty when nothing of it may be sent any more."""

    delivery: Row[Any]
    subject: str
    body: str
    entries: list[Entry]

    @property
    def files(self) -> list[File]:
        """Return every file, of every entry, in order."""
        return [file for entry in self.entries for file in entry.files]

    @property
    def as_text(self) -> list[str]:
        """Return the references of those whose reading copy is a text."""
        return [entry.reference for entry in self.entries if entry.as_text]


@dataclass(frozen=True)
class _Ready:
    """One comment that goes: what its card says, and what its reading copy is made of."""

    reference: str
    fields: list[Field]
    known: dict[str, str]
    capture: dict[str, Any]
    record: Record
    account: str


def compose(
    store: Store, row: Row[Any], settings: Settings, accounts: dict[str, str],
    wait: float | None = None,
) -> Letter:
    """Return what the delivery says now: of what is closed a pointer, of what is withheld nothing.

    The PDFs take a while, so that all is read once more when they are made. Raises `PressBusy` when
    others' reading copies take longer than `wait`.
    """
    before = _ready(_found(store, row, settings, accounts))
    made = copies.pressed(
        [reading.paper(store, one.record, one.capture, one.account) for one in before], wait)
    found = _found(store, row, settings, accounts)
    known = {one.reference: (one.capture, pdf) for one, pdf in zip(before, made, strict=True)}
    return _letter(store, row, settings, found, {
        one.reference: known[one.reference][1] for one in _ready(found)
        if one.reference in known and known[one.reference][0] == one.capture})


def foreseen(
    store: Store, row: Row[Any], settings: Settings, accounts: dict[str, str]
) -> Letter:
    """Return the same to be looked at: the PDFs are named and empty, none is made."""
    found = _found(store, row, settings, accounts)
    as_text = str(row.as_text or "").split()
    return _letter(store, row, settings, found, {
        one.reference: b"" for one in found if one.reference not in as_text})


def _ready(found: list[Entry | _Ready]) -> list[_Ready]:
    return [one for one in found if isinstance(one, _Ready)]


def _found(
    store: Store, row: Row[Any], settings: Settings, accounts: dict[str, str]
) -> list[Entry | _Ready]:
    every = (_one(store, record_id, str(row.channel), settings, accounts)
             for record_id in outbox.items(store, str(row.id)))
    return [one for one in every if one]


def _letter(
    store: Store, row: Row[Any], settings: Settings, found: list[Entry | _Ready],
    pdfs: Mapping[str, bytes | None],
) -> Letter:
    room, entries = copies.MOST_BYTES, list[Entry]()
    for one in found:
        if isinstance(one, Entry):
            entries.append(one)
            continue
        copy = copies.reading_copy(
            one.reference, one.capture, one.fields, pdfs.get(one.reference), room)
        others = copies.others(
            store, one.reference, one.capture, settings.extras, room - len(copy.data))
        entries.append(Entry(one.reference, False, one.fields, [copy, *others], one.known))
        room -= sum(len(file.data) for file in entries[-1].files)
    return Letter(row, _subject(store, row, len(entries)), _body(store, row, entries), entries)


def _one(
    store: Store, record_id: str, channel: str, settings: Settings, accounts: dict[str, str]
) -> Entry | _Ready | None:
    try:
        record = show.record(store, record_id)
    except BevaraError:
        return None
    now = standing.of(record)
    if now.state not in (State.WAITING, State.REGISTERED) or now.proposal is None:
        return None
    reference = str(record.row.reference)
    if not secrecy.may_leave(record.row, channel):
        return Entry(reference, True, [], [])
    account = accounts.get(record.row.account_id or "", "")
    said = dict(card.fields(reference, now.proposal, account))
    capture = quoted.shown(store, record, record.latest)
    return _Ready(reference, [(name, said[name]) for name in settings.fields], said, capture,
                  record, account)


def _subject(store: Store, row: Row[Any], number: int) -> str:
    day = format_date(dates.local_day(str(row.created_at)), "d MMMM y", "sv")
    practice = "[Övning] " if store.folder.name == "practice" else ""
    words = "kommentar" if number == 1 else "kommentarer"
    return f"{practice}[Bevara] {number} {words} att registrera, {day}"


def _body(store: Store, row: Row[Any], entries: list[Entry]) -> str:
    parts = [_described(number, entry) for number, entry in enumerate(entries, 1)]
    with store.read() as connection:
        checkpoint = ledger.checkpoint(connection, store.keys, store.origin)
    foot = f"Leverans {row.id}\nHändelseloggens kontrollpunkt när detta skrevs:\n{checkpoint}"
    return "\n\n".join([HOW_TO_ANSWER, *parts, foot])


def _described(number: int, entry: Entry) -> str:
    lines = [f"{number}. {entry.reference}"]
    if entry.closed:
        return "\n".join([*lines, POINTER])
    lines += [f"{name}: {value}" for name, value in entry.fields]
    lines += [AS_TEXT] if entry.as_text else []
    return "\n".join([*lines, *(f"Bilaga: {file.name}" for file in entry.files)])
