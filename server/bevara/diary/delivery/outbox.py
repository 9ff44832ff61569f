"""Deliveries as rows of ours: what was handed over, by which channel, and how far it has come.

A row is written in the transaction that decides to deliver. A worker takes it for a while (the
lease), marks that it has begun just before the counterpart may act on it, and says how it ended. A
worker that was overtaken changes nothing: every change names its attempt. A delivery that had begun
and whose worker is gone may have been sent; no one sends it again but a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from bevara.errors import Conflict, NotFound
from bevara.kernel.store import Store
from bevara.kernel.tables import deliveries, delivery_items
from bevara.web.translations import N_

LEASE = 900
"""Seconds that a worker has for one attempt; longer than any channel takes."""
FIRST_PAUSE, LONGEST_PAUSE = 60, 6 * 3600
"""Seconds after the first passing error, and at most; each is twice the one before."""
SHOWN = 50


class State(StrEnum):
    """`UNCERTAIN` may have been sent; `FAILED` was refused for good; `STOPPED` is taken back."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    STOPPED = "stopped"


OPEN = (State.QUEUED, State.CLAIMED)
HOLDS = tuple(state for state in State if state is not State.STOPPED)
"""The states in which a record is not handed over once more."""
SETTLES = {
    "kom-fram": ((State.UNCERTAIN,), State.SENT),
    "skicka-igen": ((State.UNCERTAIN, State.FAILED, State.QUEUED), State.QUEUED),
    "ta-tillbaka": ((State.UNCERTAIN, State.FAILED, State.QUEUED, State.SENT), State.STOPPED),
}
"""What a person may say of a delivery, from which states, and what it then is."""


@dataclass(frozen=True)
class Claim:
    """One attempt at a delivery; the attempt's number keeps an overtaken worker from writing."""

    row: Row[Any]

    @property
    def id(self) -> str:
        """Return the delivery's id."""
        return str(self.row.id)


def create(
    tx: Connection, channel: str, records: Sequence[str], at: str, domain: str,
    state: State = State.QUEUED, diary: str = "",
) -> str:
    """Make a delivery of `records` in their order; return its id. `domain` ends the Message-ID."""
    id_ = str(uuid4())
    tx.execute(insert(deliveries).values(
        id=id_, channel=channel, diary=diary, state=state, token=secrets.token_hex(16),
        message_id=f"<{id_}@{domain}>", created_at=at, next_at=at, attempt=0, begun=False,
        sent_at=at if state is State.SENT else None))
    tx.execute(insert(delivery_items), [
        {"delivery_id": id_, "record_id": record, "line": line}
        for line, record in enumerate(records, 1)])
    return id_


def read(store: Store, id_: str) -> Row[Any]:
    """Return a delivery's row; raise `NotFound`."""
    with store.read() as connection:
        row = connection.execute(select(deliveries).where(deliveries.c.id == id_)).first()
    if row is None:
        raise NotFound("Leveransen finns inte.")
    return row


def items(store: Store, id_: str) -> list[str]:
    """Return the ids of a delivery's records in their order."""
    query = (select(delivery_items.c.record_id).where(delivery_items.c.delivery_id == id_)
             .order_by(delivery_items.c.line))
    with store.read() as connection:
        return [str(one) for one in connection.execute(query).scalars()]


def newest(store: Store) -> list[Row[Any]]:
    """Return the newest deliveries with the number of their records as `records`."""
    number = (select(func.count()).select_from(delivery_items)
              .where(delivery_items.c.delivery_id == deliveries.c.id).scalar_subquery())
    query = select(deliveries, number.label("records")).order_by(
        deliveries.c.created_at.desc(), deliveries.c.id).limit(SHOWN)
    with store.read() as connection:
        return list(connection.execute(query).all())


def of_records(store: Store, records: Sequence[str]) -> dict[str, Row[Any]]:
    """Return the newest delivery that holds each of `records`, by the record's id."""
    query = (select(delivery_items.c.record_id, deliveries)
             .join(deliveries, deliveries.c.id == delivery_items.c.delivery_id)
             .where(delivery_items.c.record_id.in_(records), deliveries.c.state.in_(HOLDS))
             .order_by(deliveries.c.created_at, deliveries.c.id))
    with store.read() as connection:
        return {str(row.record_id): row for row in connection.execute(query)}


def number_of(store: Store, *states: State) -> int:
    """Return how many deliveries stand in any of `states`."""
    query = select(func.count()).select_from(deliveries).where(deliveries.c.state.in_(states))
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def settle(store: Store, id_: str, said: str) -> None:
    """Keep what a person says of a delivery, a key of `SETTLES`; raise `Conflict`, `NotFound`.

    The token and the Message-ID stay, so that a counterpart can tell a repeat.
    """
    read(store, id_)
    if said not in SETTLES:
        raise NotFound("Svaret finns inte.")
    before, after = SETTLES[said]
    now = store.clock.now()
    values: dict[str, Any] = {"state": after, "lease_until": None, "problem": None, "next_at": now}
    if after is State.QUEUED:
        values |= {"begun": deliveries.c.begun & (deliveries.c.state == State.QUEUED)}
    if after is State.SENT:
        values |= {"sent_at": now}

    def job(tx: Connection) -> None:
        done = tx.execute(update(deliveries).where(
            deliveries.c.id == id_, deliveries.c.state.in_(before)).values(**values))
        if not done.rowcount:
            raise Conflict(N_("Leveransen har hunnit ändras."),
                           next_step=N_("Läs hur den står nu."))

    store.write(job)


def due(store: Store, paused: Sequence[str] = (), limit: int = 100) -> list[str]:
    """Return the ids of deliveries that an attempt should be made at now, oldest first.

    Those to a diary that is `paused` are left out.
    """
    now = store.clock.now()
    query = select(deliveries.c.id).where(
        _free(now), deliveries.c.diary.not_in(paused)).order_by(deliveries.c.next_at).limit(limit)
    with store.read() as connection:
        return [str(one) for one in connection.execute(query).scalars()]


def claim(store: Store, id_: str, lease: float = LEASE) -> Claim | None:
    """Take a delivery for `lease` seconds; None when another has it or it is not due.

    One whose earlier attempt had begun comes as `row.begun`: it may have been sent already.
    """
    now = store.clock.now()

    def job(tx: Connection) -> Claim | None:
        row = tx.execute(
            update(deliveries).where(deliveries.c.id == id_, _free(now))
            .values(state=State.CLAIMED, attempt=deliveries.c.attempt + 1,
                    lease_until=later(now, lease))
            .returning(*deliveries.c)).first()
        return Claim(row) if row else None

    return store.write(job)


def begin(store: Store, taken: Claim, package: str | None = None) -> None:
    """Keep, durably, that from now on the delivery may have been sent; raise `Conflict`.

    `package` is the SHA-256 of what is sent, where a receipt repeats it.
    """
    def job(tx: Connection) -> None:
        done = tx.execute(_mine(taken).values(
            begun=True, begun_attempt=taken.row.attempt, package=package))
        if not done.rowcount:
            raise Conflict("Leveransen har tagits över.")

    store.write(job)


def anew(store: Store, taken: Claim) -> None:
    """Keep that the counterpart has nothing of a delivery that had begun; raise `Conflict`."""
    def job(tx: Connection) -> None:
        if not tx.execute(_mine(taken).values(begun=False)).rowcount:
            raise Conflict("Leveransen har tagits över.")

    store.write(job)


def sent(
    store: Store, taken: Claim, problem: str | None = None,
    also: Callable[[Connection], None] = lambda _tx: None,
) -> None:
    """Keep that the counterpart has it, and in the same transaction what `also` keeps.

    `problem` is what is wrong with its answer. Nothing is kept when another has taken over.
    """
    now = store.clock.now()

    def job(tx: Connection) -> None:
        done = tx.execute(_mine(taken).values(
            lease_until=None, state=State.SENT, sent_at=now, problem=problem))
        if done.rowcount:
            also(tx)

    store.write(job)


def remark(store: Store, id_: str, problem: str) -> None:
    """Keep what is wrong with the answer to a delivery that was sent."""
    store.write(lambda tx: tx.execute(
        update(deliveries).where(deliveries.c.id == id_).values(problem=problem)).rowcount)


def composed(store: Store, row: Row[Any], as_text: Sequence[str]) -> None:
    """Keep whose reading copies go as text, the last time that the delivery was made."""
    said = " ".join(as_text) or None
    if said != row.as_text:
        store.write(lambda tx: tx.execute(
            update(deliveries).where(deliveries.c.id == row.id).values(as_text=said)).rowcount)


def again(store: Store, taken: Claim, problem: str, begun: bool = False) -> None:
    """Keep a passing error: the counterpart has nothing, and a new attempt is made after a pause.

    One that has `begun` is looked at before it is sent again.
    """
    next_at = later(store.clock.now(), pause(taken.row.attempt))
    _end(store, taken, state=State.QUEUED, begun=begun, next_at=next_at, problem=problem)


def receipted(tx: Connection, id_: str, at: str) -> None:
    """Keep, in the transaction, that the diary has answered: what may have been sent was sent."""
    tx.execute(update(deliveries).where(
        deliveries.c.id == id_, deliveries.c.begun,
        deliveries.c.state.in_((State.QUEUED, State.CLAIMED, State.UNCERTAIN)),
    ).values(state=State.SENT, sent_at=at, lease_until=None, problem=None))


def failed(store: Store, taken: Claim, problem: str) -> None:
    """Keep that the counterpart refused it for good, so that a person decides."""
    _end(store, taken, state=State.FAILED, begun=False, problem=problem)


def uncertain(store: Store, taken: Claim, problem: str) -> None:
    """Keep that nobody here knows whether the counterpart has it, so that a person decides."""
    _end(store, taken, state=State.UNCERTAIN, problem=problem)


def stopped(store: Store, taken: Claim, problem: str) -> None:
    """Keep that nothing of it may be sent any more."""
    _end(store, taken, state=State.STOPPED, begun=False, problem=problem)


def pause(attempt: int) -> int:
    """Return the seconds to wait after so many attempts: twice as long each time."""
    return min(FIRST_PAUSE << min(max(attempt, 1) - 1, 20), LONGEST_PAUSE)


def later(at: str, seconds: float) -> str:
    """Return a stored time so many seconds on."""
    moment = datetime.fromisoformat(at) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _free(now: str) -> Any:
    waits = (deliveries.c.state == State.QUEUED) & (deliveries.c.next_at <= now)
    lost = (deliveries.c.state == State.CLAIMED) & (deliveries.c.lease_until < now)
    return or_(waits, lost)


def _mine(taken: Claim) -> Any:
    return update(deliveries).where(
        deliveries.c.id == taken.id, deliveries.c.state == State.CLAIMED,
        deliveries.c.attempt == taken.row.attempt)


def _end(store: Store, taken: Claim, **values: object) -> None:
    store.write(lambda tx: tx.execute(_mine(taken).values(lease_until=None, **values)).rowcount)
