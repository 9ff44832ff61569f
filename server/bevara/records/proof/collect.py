"""Gather what a proof needs: the comment's documents, their entries, and paths to checkpoints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, or_, select

from bevara.capture import save_capture
from bevara.errors import Closed, Erased, Invalid, NotFound
from bevara.kernel import blobs, ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, documents, ledger_entries
from bevara.records import quoted, show, withheld
from bevara.records.proof import stamps
from bevara.records.proof.stamps import Stamp
from bevara.records.secrecy import Viewing
from bevara.web import bodies


@dataclass(frozen=True)
class Document:
    """A stored document with its ledger entry; `paths` has one audit path for each checkpoint."""

    row: Row[Any]
    paths: list[list[str] | None]


@dataclass(frozen=True)
class Checkpoint:
    """A signed state of the log that the documents are in, with the stamps that it was given."""

    text: str
    size: int
    stamps: list[Stamp]


@dataclass(frozen=True)
class Collected:
    """All that a proof is made of. The first checkpoint is the log as it is now."""

    record_id: str
    origin: str
    public: bytes
    checkpoints: list[Checkpoint]
    documents: list[Document]
    pictures: dict[str, bytes]


def collect(store: Store, id_: str, viewing: Viewing | None = None) -> Collected:
    """Return what proves the record or capture `id_`.

    Raises `Invalid`, `NotFound`, `Closed` without a viewing of what is closed, and `Withheld` or
    `Erased` when nobody may read it.
    """
    with store.read() as connection:
        record_id = _record(connection, id_)
        record = show.read(connection, record_id, viewing)
        if record.shut:
            raise Closed()
        rows = _rows(connection, record_id)
        for row in rows:
            if row.kind == "capture":
                quoted.refuse(connection, record, bodies.parse(row.body), viewing)
        points = _checkpoints(store, connection, rows)
        return Collected(
            record_id, store.origin, store.keys.public, points,
            [Document(row, [_path(connection, row, point) for point in points]) for row in rows],
            {name: blobs.get(connection, store.folder, name)
             for name in _pictures(connection, rows)},
        )


def _record(connection: Connection, id_: str) -> str:
    try:
        wanted = str(UUID(id_))
    except ValueError:
        raise Invalid("ID", f"{id_!r} är inte ett nummer på en sparad kommentar.",
                      "Numret står under Bevis på kommentarens sida.") from None
    found = connection.execute(
        select(captures.c.record_id).where(or_(captures.c.id == wanted,
                                               captures.c.record_id == wanted))).scalar()
    if withheld.tombstone(connection, wanted):
        raise Erased("Kommentaren är raderad.")
    if found is None:
        raise NotFound(f"Det finns ingen sparad kommentar {wanted}.",
                       next_step="Numret står under Bevis på kommentarens sida.")
    return str(found)


def _rows(connection: Connection, record_id: str) -> list[Row[Any]]:
    """Return the record's captures and what was said about them, in the log's order."""
    mine = or_(documents.c.id == captures.c.id, documents.c.id.startswith(captures.c.id + "/"))
    return list(connection.execute(
        select(documents, ledger_entries.c.entry, ledger_entries.c.salt)
        .join(captures, mine).join(ledger_entries, ledger_entries.c.idx == documents.c.ledger_index)
        .where(captures.c.record_id == record_id).order_by(documents.c.ledger_index)
    ).all())


def _checkpoints(store: Store, connection: Connection, rows: list[Row[Any]]) -> list[Checkpoint]:
    now = Checkpoint(ledger.checkpoint(connection, store.keys, store.origin),
                     ledger.size(connection), [])
    latest = max(row.ledger_index for row in rows if row.kind == "capture")
    given: dict[str, list[Stamp]] = {}
    for stamp in stamps.earliest_after(connection, latest):
        given.setdefault(stamp.checkpoint, []).append(stamp)
    stamped = [Checkpoint(text, found[0].size, found) for text, found in given.items()]
    return [now, *stamped]


def _path(connection: Connection, row: Row[Any], point: Checkpoint) -> list[str] | None:
    if row.ledger_index >= point.size:
        return None
    return ledger.inclusion(connection, row.ledger_index, point.size)


def _pictures(connection: Connection, rows: list[Row[Any]]) -> list[str]:
    """Return what the captures need, and the pictures of the screen that came with them."""
    captured = [bodies.parse(row.body) for row in rows if row.kind == "capture"]
    needed = set().union(*map(save_capture.blob_names, captured))
    screens = {save_capture.screen_name(capture) for capture in captured} - {None}
    return sorted(needed | {name for name in screens if name and blobs.known(connection, name)})
