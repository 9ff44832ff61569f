"""The records that wait for a number, and those that are kept in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, func, select

from bevara.diary import states
from bevara.kernel.store import Store
from bevara.kernel.tables import records

MOST = 5000
"""More than anyone copies by hand; what is left out stands in the list."""


def for_number(store: Store) -> list[Row[Any]]:
    """Return what waits for a number, oldest first, at most `MOST`."""
    query = select(records).where(states.WAITING).order_by(records.c.created_at, records.c.id)
    with store.read() as connection:
        return list(connection.execute(query.limit(MOST)).all())


def in_order(store: Store, year: str) -> list[Row[Any]]:
    """Return what is kept without being registered, by day, of one year; at most `MOST`."""
    query = (select(records).where(states.ORDERED, records.c.received_on.startswith(year))
             .order_by(records.c.received_on, records.c.id).limit(MOST))
    with store.read() as connection:
        return list(connection.execute(query).all())


def years(store: Store) -> list[str]:
    """Return the years that something kept in order was received in, the latest first."""
    year = func.substr(records.c.received_on, 1, 4)
    query = select(year).where(states.ORDERED).distinct().order_by(year.desc())
    with store.read() as connection:
        return [str(one) for one in connection.execute(query).scalars()]
