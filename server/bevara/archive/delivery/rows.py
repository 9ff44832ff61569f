"""Deliveries to the archive as rows of ours: what goes along, and how far it has come.

A worker takes a delivery for a while (the lease) and says how it ended; one that was overtaken
changes nothing, for every change names its attempt. Each step that an archivist answers for is a
document too, so that the log has it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, or_, select, true, update

from bevara import contract
from bevara.archive.packages.parts import Status
from bevara.errors import Conflict, NotFound
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_deliveries as deliveries
from bevara.kernel.tables import archive_items as items
from bevara.kernel.tables import documents as documents_of
from bevara.web.translations import N_

LEASE = 3600
"""Seconds between signs of life from whoever packs or sends."""
KIND, DESK, SHOWN, PAGE = "archive", "desk", 50, 1000
CHANGED, READ = N_("Leveransen har hunnit ändras."), N_("Läs hur den står nu.")


class State(StrEnum):
    """`READY` is packed and waits for a person to carry it; `RECEIVED` has the archive's receipt.

    `REFUSED` is what the archive said no to; `WITHDRAWN` is taken back by a person.
    """

    QUEUED = "queued"
    CLAIMED = "claimed"
    READY = "ready"
    SENT = "sent"
    RECEIVED = "received"
    REFUSED = "refused"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


OPEN = (State.QUEUED, State.CLAIMED)
HOLDS = (*OPEN, State.READY, State.SENT, State.RECEIVED)
"""The states in which a comment is not delivered once more."""


@dataclass(frozen=True)
class Claim:
    """One attempt at a delivery."""

    row: Row[Any]

    @property
    def id(self) -> str:
        """Return the delivery's id, which is its package's too."""
        return str(self.row.id)


def create(
    tx: Connection, status: Status, creator: str, form: str, records: Sequence[str], by: str,
    at: str, replaces: str | None = None,
) -> str:
    """Make a delivery of `records` in their order; return its id."""
    id_ = str(uuid4())
    tx.execute(insert(deliveries).values(
        id=id_, status=status, creator=creator, form=form, state=State.QUEUED,
        token=secrets.token_hex(16), by=by, replaces=replaces, created_at=at, next_at=at,
        attempt=0, moved=0))
    for start in range(0, len(records), PAGE):
        tx.execute(insert(items), [
            {"delivery_id": id_, "line": line, "record_id": record}
            for line, record in enumerate(records[start:start + PAGE], start + 1)])
    return id_


def read(store: Store, id_: str) -> Row[Any]:
    """Return a delivery's row; raise `NotFound`."""
    with store.read() as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.id == id_)).first()
    if row is None:
        raise NotFound("Leveransen finns inte.")
    return row


def records(store: Store, id_: str, left: bool = True) -> Iterator[str]:
    """Yield the ids of a delivery's records in their order, read a thousand at a time.

    Without `left`, only of those that were not left out of the package.
    """
    mine = (items.c.delivery_id == id_) & (true() if left else items.c.left_out.is_(None))
    line = 0
    while True:
        with store.read() as connection:
            found = connection.execute(
                select(items.c.line, items.c.record_id).where(mine, items.c.line > line)
                .order_by(items.c.line).limit(PAGE)).all()
        if not found:
            return
        yield from (row.record_id for row in found)
        line = found[-1].line


def counted(store: Store, id_: str) -> dict[str | None, int]:
    """Return how many comments a delivery has (None) and how many were left out, by the reason."""
    query = (select(items.c.left_out, func.count()).where(items.c.delivery_id == id_)
             .group_by(items.c.left_out))
    with store.read() as connection:
        return {left: number for left, number in connection.execute(query)}


def without_pdf(store: Store, id_: str) -> int:
    """Return how many comments in a delivery's newest package have no reading copy."""
    query = (select(documents_of.c.body).where(
        documents_of.c.kind == KIND, documents_of.c.id.between(f"{id_}/", f"{id_}0"))
        .order_by(documents_of.c.ledger_index.desc()))
    with store.read() as connection:
        said = map(json.loads, connection.execute(query).scalars())
        return next((int(one.get("without_pdf", 0)) for one in said if one["what"] == "packed"), 0)


def newest(store: Store) -> list[Row[Any]]:
    """Return the newest deliveries with the number of their comments as `records`."""
    number = (select(func.count()).select_from(items).where(
        items.c.delivery_id == deliveries.c.id, items.c.left_out.is_(None)).scalar_subquery())
    query = select(deliveries, number.label("records")).order_by(
        deliveries.c.created_at.desc(), deliveries.c.id).limit(SHOWN)
    with store.read() as connection:
        return list(connection.execute(query).all())


def ids(store: Store, *states: State) -> list[str]:
    """Return the ids of the deliveries that stand in any of `states`."""
    query = select(deliveries.c.id).where(deliveries.c.state.in_(states))
    with store.read() as connection:
        return [str(one) for one in connection.execute(query).scalars()]


def number_of(store: Store, *states: State) -> int:
    """Return how many deliveries stand in any of `states`."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.state.in_(states))
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def of_record(store: Store, record_id: str) -> Row[Any] | None:
    """Return the newest delivery that holds a comment, trials apart, or None."""
    query = (select(deliveries).join(items, items.c.delivery_id == deliveries.c.id)
             .where(items.c.record_id == record_id, items.c.left_out.is_(None),
                    deliveries.c.status != Status.TEST, deliveries.c.state.in_(HOLDS))
             .order_by(deliveries.c.created_at.desc()).limit(1))
    with store.read() as connection:
        return connection.execute(query).first()


def due(store: Store) -> list[str]:
    """Return the deliveries that an attempt should be made at now, oldest first."""
    now = store.clock.now()
    query = select(deliveries.c.id).where(_free(now)).order_by(deliveries.c.created_at)
    with store.read() as connection:
        return [str(one) for one in connection.execute(query).scalars()]


def claim(store: Store, id_: str, until: str) -> Claim | None:
    """Take a delivery until a time; None when another has it or it is not due."""
    def job(tx: Connection) -> Claim | None:
        row = tx.execute(
            update(deliveries).where(deliveries.c.id == id_, _free(store.clock.now()))
            .values(state=State.CLAIMED, attempt=deliveries.c.attempt + 1, lease_until=until)
            .returning(*deliveries.c)).first()
        return Claim(row) if row else None

    return store.write(job)


def let_go(store: Store) -> None:
    """Take up at once what a sender that ended had, for whoever alone has the store open.

    Without it a delivery waits until the lease is over, and a page says that it is on its way.
    """
    store.write(lambda tx: tx.execute(update(deliveries).where(
        deliveries.c.state == State.CLAIMED).values(lease_until="")).rowcount)


def change(store: Store, taken: Claim, **values: object) -> bool:
    """Keep something of an attempt that goes on; return False when it was overtaken."""
    return store.write(lambda tx: bool(tx.execute(_mine(taken).values(**values)).rowcount))


def packed(
    store: Store, taken: Claim, left: Mapping[str, str], said: Mapping[str, Any]
) -> bool:
    """Keep the package of an attempt that goes on, `said` as a document, and what it lacks.

    Returns False when the attempt was overtaken.
    """
    def job(tx: Connection) -> bool:
        done = tx.execute(_mine(taken).values(
            size=said["size"], sha256=said["sha256"], moved=0)).rowcount
        if done:
            _leave_out(tx, taken.id, left)
            note(tx, store, taken.id, said)
        return bool(done)

    return store.write(job)


def end(
    store: Store, taken: Claim, state: State, said: Mapping[str, Any] | None = None,
    left: Mapping[str, str] | None = None, **values: object,
) -> None:
    """Keep how an attempt ended, `said` as a document, and which comments were `left` out."""
    def job(tx: Connection) -> None:
        if not tx.execute(_mine(taken).values(
                state=state, lease_until=None, **values)).rowcount:
            return
        if left is not None:
            _leave_out(tx, taken.id, left)
        if said:
            note(tx, store, taken.id, said)

    store.write(job)


def anew(store: Store, id_: str) -> None:
    """Let a finished package that nobody has carried yet be made anew."""
    store.write(lambda tx: tx.execute(update(deliveries).where(
        deliveries.c.id == id_, deliveries.c.state == State.READY).values(
            state=State.QUEUED, next_at=store.clock.now(), sha256=None, size=None)).rowcount)


def settle(
    tx: Connection, store: Store, id_: str, before: Sequence[State], after: State,
    said: Mapping[str, Any], **values: object,
) -> None:
    """Keep what a person or the archive says of a delivery; raise `Conflict`."""
    done = tx.execute(update(deliveries).where(
        deliveries.c.id == id_, deliveries.c.state.in_(before)).values(
            state=after, lease_until=None, **values))
    if not done.rowcount:
        raise Conflict(CHANGED, next_step=READ)
    note(tx, store, id_, said)


def note(tx: Connection, store: Store, id_: str, said: Mapping[str, Any]) -> None:
    """Keep a document about a delivery, with its entry in the log."""
    now = store.clock.now()
    body = {"delivery_id": id_, "at": now, **said}
    contract.validate("archive-1", body)
    documents.put(tx, KIND, f"{id_}/{uuid4()}",
                  json.dumps(body, ensure_ascii=False, sort_keys=True).encode(), DESK, now)


def _leave_out(tx: Connection, id_: str, left: Mapping[str, str]) -> None:
    """Say which comments are not in the package; the next delivery may have them."""
    mine = update(items).where(items.c.delivery_id == id_)
    tx.execute(mine.values(left_out=None))
    for record, why in left.items():
        tx.execute(mine.where(items.c.record_id == record).values(left_out=why))


def _free(now: str) -> Any:
    waits = (deliveries.c.state == State.QUEUED) & (deliveries.c.next_at <= now)
    lost = (deliveries.c.state == State.CLAIMED) & (deliveries.c.lease_until < now)
    return or_(waits, lost)


def _mine(taken: Claim) -> Any:
    return update(deliveries).where(
        deliveries.c.id == taken.id, deliveries.c.state == State.CLAIMED,
        deliveries.c.attempt == taken.row.attempt)
