"""A new store gets in a moment what the migrations make in a quarter of a second.

The statements are taken once from a store that every migration has made. A store that has any table
already goes through the real ones, and so do the tests of the migrations themselves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import cache

from sqlalchemy import Connection, create_engine

from bevara.kernel import migrate

Upgrade = Callable[[Connection], None]
REAL: Upgrade = migrate.upgrade


def upgrade(connection: Connection) -> None:
    """Do what `migrate.upgrade` does."""
    empty = "select not exists (select 1 from sqlite_master)"
    if not connection.exec_driver_sql(empty).scalar():
        REAL(connection)
        return
    for statement in _statements():
        connection.exec_driver_sql(statement)


@cache
def _statements() -> tuple[str, ...]:
    engine = create_engine("sqlite://")
    with engine.begin() as tx:
        REAL(tx)
        held = tx.connection.dbapi_connection
        assert isinstance(held, sqlite3.Connection)
        found = tuple(held.iterdump())
    engine.dispose()
    return tuple(one for one in found if one not in ("BEGIN TRANSACTION;", "COMMIT;"))
