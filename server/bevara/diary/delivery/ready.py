"""Which proposals are ready to be handed over, and which cannot wait for the day's batch."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, or_, select, true

from bevara.diary import states
from bevara.diary.delivery import outbox
from bevara.diary.delivery.outbox import State
from bevara.errors import Conflict
from bevara.kernel.store import Store
from bevara.kernel.tables import deliveries, delivery_items, meta, records
from bevara.records import secrecy
from bevara.web.translations import N_

MOST = 100
"""Records in one delivery: what a mail server takes and a person registers; the rest comes next."""
ALONE = ("rest",)
"""The channels that carry one comment at a time."""
BATCH = "delivery_day"
AT_ONCE = ("incitement", "hate_speech", "violence_pornography", "secrecy")
"""Categories that may be about a crime, or hold what is secret."""
_HELD = exists().where(
    delivery_items.c.record_id == records.c.id, deliveries.c.id == delivery_items.c.delivery_id,
    deliveries.c.state.in_(outbox.HOLDS))
READY = states.WAITING & records.c.withheld_at.is_(None) & ~_HELD
URGENT = READY & (secrecy.CLOSED | records.c.category.in_(AT_ONCE))


@dataclass(frozen=True)
class Scope:
    """The records of one diary by its name; for "" all that none of the `others` takes."""

    diary: str = ""
    others: tuple[str, ...] = ()

    @property
    def records(self) -> ColumnElement[bool]:
        """Return the condition that selects them."""
        if self.diary:
            return records.c.diary == self.diary
        return or_(records.c.diary.is_(None), records.c.diary.not_in(self.others))


def number(store: Store) -> int:
    """Return how many proposals wait to be handed over, at most one more than a delivery holds."""
    with store.read() as connection:
        return len(_ids(connection, MOST + 1))


def hand_over(
    store: Store, channel: str, domain: str, *, state: State = State.QUEUED, urgent: bool = False,
    day: str | None = None, scope: Scope = Scope(),
) -> str:
    """Make one delivery of what is ready, or of the urgent part; return its id.

    A channel that carries one comment at a time gets one delivery for each; the first is returned.
    Raises `Conflict` when nothing is ready, or when `day` has had its batch already.
    """
    at = store.clock.now()

    def job(tx: Connection) -> str:
        found = _ids(tx, MOST, urgent, scope)
        if not found:
            raise Conflict(N_("Inget väntar på att lämnas över."))
        if day:
            _first_of(tx, day, f"{BATCH}@{scope.diary}" if scope.diary else BATCH)
        size = 1 if channel in ALONE else MOST
        made = [outbox.create(tx, channel, found[first:first + size], at, domain, state,
                              scope.diary)
                for first in range(0, len(found), size)]
        return made[0]

    return store.write(job)


def _first_of(tx: Connection, day: str, key: str) -> None:
    """Keep that `day` has had its batch; raise `Conflict` when it was kept before."""
    last = tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
    if last == day:
        raise Conflict(N_("Dagens leverans är redan gjord."))
    tx.execute(delete(meta).where(meta.c.key == key))
    tx.execute(insert(meta).values(key=key, value=day))


def _ids(
    connection: Connection, limit: int, urgent: bool = False, scope: Scope | None = None
) -> list[str]:
    of = scope.records if scope else true()
    query = (select(records.c.id).where(URGENT if urgent else READY, of)
             .order_by(records.c.created_at, records.c.id).limit(limit))
    return [str(one) for one in connection.execute(query).scalars()]
