"""What of a comment lies in a database, and how it is taken out of it.

The same is done to the register, to every copy of it, and to a copy that is restored. What goes:
captures, outcomes, reasons, what moderators noted about the comment, pictures that nothing else
needs, and what the ledger said of each. What stays: the tombstone, who withheld it and why, and
the closed path's own incident.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, LargeBinary, cast, delete, func, inspect, or_, select

from bevara.capture import save_capture
from bevara.kernel import ledger
from bevara.kernel.tables import blobs, captures, documents, meta, records, withheld
from bevara.records import project

Tombstone = dict[str, Any]


def tombstone_of(connection: Connection, record_id: str) -> Tombstone:
    """Return what a tombstone says of which rows go: ids and ledger indexes, no content."""
    row = connection.execute(select(
        records.c.platform, records.c.account_id, records.c.created_at,
    ).where(records.c.id == record_id)).one()
    own = list(connection.execute(
        select(captures.c.id).where(captures.c.record_id == record_id)).scalars())
    bodies = list(connection.execute(select(documents.c.body).where(of(own))).scalars())
    noted = _notes(connection, [body for body in bodies if body])
    everything = or_(of(own), about(own), incidents({*noted, record_id}))
    indexes = connection.execute(select(documents.c.ledger_index).where(everything)
                                 .order_by(documents.c.ledger_index)).scalars()
    return {"record_id": record_id, "platform": row.platform, "account_id": row.account_id,
            "saved_at": row.created_at, "captures": sorted(own), "incidents": sorted(noted),
            "entries": list(indexes)}


def take_out(tx: Connection, tombstone: Tombstone) -> tuple[set[str], set[str]]:
    """Take the comment out of the database; repeat is harmless.

    Returns the names of all its pictures, and of those whose files nothing needs any more.
    """
    own = tombstone["captures"]
    named = pictures(tx, own)
    tx.execute(delete(documents).where(or_(
        of(own), about(own), incidents([*tombstone["incidents"], tombstone["record_id"]]))))
    tx.execute(delete(captures).where(captures.c.id.in_(own)))
    tx.execute(delete(records).where(records.c.id == tombstone["record_id"]))
    if inspect(tx).has_table("withheld"):
        tx.execute(delete(withheld).where(withheld.c.record_id == tombstone["record_id"]))
    ledger.empty(tx, tombstone["entries"])
    unneeded = {name for name in named if not shared_with(tx, name)}
    tx.execute(delete(blobs).where(blobs.c.sha256.in_(unneeded)))
    return named, unneeded


def shared_with(connection: Connection, blob: str) -> list[str]:
    """Return the captures that name a picture."""
    needle = cast(blob.encode(), LargeBinary)
    query = select(documents.c.id).where(documents.c.kind == "capture",
                                         func.instr(documents.c.body, needle) > 0)
    return list(connection.execute(query).scalars())


def seen_elsewhere(connection: Connection, record_id: str) -> list[str]:
    """Return other records where the comment stands as context, or that use the same picture."""
    own = list(connection.execute(
        select(captures.c.id).where(captures.c.record_id == record_id)).scalars())
    found: set[str] = set()
    for body in connection.execute(select(documents.c.body).where(of(own))).scalars():
        if body:
            found |= set(_mentions(connection, json.loads(body)))
    rows = connection.execute(
        select(captures.c.record_id).where(captures.c.id.in_(found - set(own)))).scalars()
    return sorted(set(rows))


def _mentions(connection: Connection, capture: dict[str, Any]) -> Iterable[str]:
    for blob in save_capture.all_names(capture):
        yield from shared_with(connection, blob)
    yield from _answers(connection, capture)
    text = capture["comment"]["text"]
    if text and len(text) >= 12:
        needle = cast(json.dumps(text, ensure_ascii=False)[1:-1].encode(), LargeBinary)
        yield from connection.execute(select(documents.c.id).where(
            documents.c.kind == "capture",
            func.instr(documents.c.body, needle) > 0)).scalars()


def _answers(connection: Connection, capture: dict[str, Any]) -> Iterable[str]:
    """Yield the captures that answer the comment."""
    platform, number = capture["platform"], capture["comment"]["id"]
    if number is None:
        return
    needle = cast(json.dumps(number, ensure_ascii=False).encode(), LargeBinary)
    for row in connection.execute(select(documents.c.id, documents.c.body).where(
            documents.c.kind == "capture", func.instr(documents.c.body, needle) > 0)):
        other = json.loads(row.body)
        if other["platform"] == platform and any(
                one["id"] == number for one in other["context"]["answers"]):
            yield row.id


def must_scrub(tx: Connection) -> None:
    """Let the store rewrite its file, now or at the next start."""
    tx.execute(delete(meta).where(meta.c.key == "scrub"))
    tx.execute(meta.insert().values(key="scrub", value="1"))


def pictures(connection: Connection, own: list[str]) -> set[str]:
    """Return the names of every picture of these captures."""
    found: set[str] = set()
    for body in connection.execute(select(documents.c.body).where(of(own))).scalars():
        if body:
            found |= save_capture.all_names(json.loads(body))
    return found


def _notes(connection: Connection, bodies: list[bytes]) -> set[str]:
    """Return the incidents about the same comment, but not the closed path's own.

    One that a copy left out has no content and goes too.
    """
    names = {(one["platform"], one["comment"]["id"]) for one in map(json.loads, bodies)}
    found = set()
    for row in connection.execute(
        select(documents.c.id, documents.c.body).where(documents.c.kind == "incident")
    ):
        if not row.body:
            found.add(row.id)
            continue
        said = json.loads(row.body)
        if said["kind"] != "closed_path" and said.get("comment_id") is not None and (
                said["platform"], said["comment_id"]) in names:
            found.add(row.id)
    return found


def of(own: list[str]) -> Any:
    """Return the condition to select these captures."""
    return (documents.c.kind == "capture") & documents.c.id.in_(own)


def about(own: list[str]) -> Any:
    """Return the condition to select what was said about these captures."""
    return documents.c.kind.in_(tuple(project.OF_LATER)) & func.substr(
        documents.c.id, 1, 36).in_(own)


def incidents(ids: Iterable[str]) -> Any:
    """Return the condition to select these incidents, and what was noted when someone looked."""
    return documents.c.kind.in_(("incident", "check")) & documents.c.id.in_(list(ids))
