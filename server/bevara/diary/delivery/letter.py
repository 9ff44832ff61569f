"""What one delivery says, made anew each time it is sent: what is closed by then is not in it.

Swedish in every language: the diary is.
"""

from __future__ import annotations

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
from bevara.records import secrecy, show
from bevara.web import dates

POINTER = "Kan innehålla sekretess. Innehållet skickas inte: hämta det i Bevara."
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


def compose(
    store: Store, row: Row[Any], settings: Settings, accounts: dict[str, str]
) -> Letter:
    """Return what the delivery says now: of what is closed a pointer, of what is withheld nothing.
    """
    entries: list[Entry] = []
    room = copies.MOST_BYTES
    for record_id in outbox.items(store, str(row.id)):
        entry = _entry(store, record_id, str(row.channel), settings, accounts, room)
        if entry:
            entries.append(entry)
            room -= sum(len(file.data) for file in entry.files)
    return Letter(row, _subject(store, row, len(entries)), _body(store, row, entries), entries)


def _entry(
    store: Store, record_id: str, channel: str, settings: Settings, accounts: dict[str, str],
    room: int,
) -> Entry | None:
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
    said = dict(card.fields(reference, now.proposal, accounts.get(record.row.account_id or "", "")))
    fields = [(name, said[name]) for name in settings.fields]
    return Entry(reference, False, fields,
                 _fitting(copies.of(store, record, fields, settings.extras), room), said)


def _fitting(files: list[File], room: int) -> list[File]:
    """Return the files that there is room for; the text to read always goes."""
    kept = files[:1]
    for file in files[1:]:
        room -= len(file.data)
        if room >= 0:
            kept.append(file)
    return kept


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
    return "\n".join([*lines, *(f"Bilaga: {file.name}" for file in entry.files)])
