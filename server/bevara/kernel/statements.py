"""Statements whose SQL is made once and then handed straight to the database's driver.

SQLAlchemy plans each execution anew: on the way of a receipt that took more of the processor than
everything else together (tests/bench/test_ack.py, test_store.py). What every saved comment passes
uses these; all else speaks with SQLAlchemy, and errors are the same from both.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement

Values = Mapping[str, object]


class Statement:
    """A SELECT or an INSERT of SQLAlchemy's, run without its plan.

    Values go as they are: of columns only those types fit that the driver takes and gives itself
    (text, bytes, whole numbers, true or false). A column without a value becomes NULL.
    """

    def __init__(self, clause: ClauseElement) -> None:
        self._clause = clause
        self._made: dict[str, tuple[str, list[str] | None, dict[str, Any]]] = {}

    def rows(self, connection: Connection, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows that are found; raise `DBAPIError`."""
        sql, order, known = self._sql(connection.dialect)
        _begin(connection)
        return execute(connection, sql, _bound(order, known, values))

    def first(self, connection: Connection, **values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        return next(iter(self.rows(connection, **values)), None)

    def alone(
        self, connection: PoolProxiedConnection, dialect: Dialect, **values: object
    ) -> tuple[Any, ...] | None:
        """Return the first row, read in no transaction: one SELECT sees one committed state."""
        sql, order, known = self._sql(dialect)
        return next(iter(_execute(connection, dialect, sql, _bound(order, known, values))), None)

    def many(self, connection: Connection, each: Sequence[Values]) -> None:
        """Run once for each of the values; raise `DBAPIError`."""
        sql, order, known = self._sql(connection.dialect)
        _begin(connection)
        for values in each:
            execute(connection, sql, _bound(order, known, values))

    def _sql(self, dialect: Dialect) -> tuple[str, list[str] | None, dict[str, Any]]:
        made = self._made.get(dialect.name)
        if made is None:
            compiled = self._clause.compile(dialect=dialect)
            order: list[str] | None = getattr(compiled, "positiontup", None)
            made = str(compiled), order, dict(compiled.params)
            self._made[dialect.name] = made
        return made


class Questions:
    """One connection, kept open, for those who ask one SELECT each, in turn.

    To take a connection from the engine and give it back costs three times such a question.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._kept: PoolProxiedConnection | None = None

    def first(self, statement: Statement, **values: object) -> tuple[Any, ...] | None:
        """Return the first row, or None; raise `DBAPIError`, and ask on a new connection then."""
        with self._lock:
            kept = self._kept = self._kept or self._engine.raw_connection()
            try:
                return statement.alone(kept, self._engine.dialect, **values)
            except DBAPIError:
                self._let_go()
                raise

    def close(self) -> None:
        """Give the connection back."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def execute(connection: Connection, sql: str, values: Any = ()) -> list[tuple[Any, ...]]:
    """Run `sql` as it stands, in the transaction that there is; raise `DBAPIError`."""
    return _execute(connection.connection, connection.dialect, sql, values)


def _execute(
    connection: PoolProxiedConnection, dialect: Dialect, sql: str, values: Any
) -> list[tuple[Any, ...]]:
    errors: Any = dialect.loaded_dbapi.Error
    cursor = connection.cursor()
    try:
        cursor.execute(sql, values)
        return [*cursor.fetchall()] if cursor.description else []
    except errors as error:
        raise DBAPIError.instance(sql, None, error, errors, hide_parameters=True,
                                  dialect=dialect) from error
    finally:
        cursor.close()


def _begin(connection: Connection) -> None:
    if not connection.in_transaction():
        connection.begin()


def _bound(order: list[str] | None, known: dict[str, Any], values: Values) -> Any:
    bound = {**known, **values}
    return bound if order is None else [bound[name] for name in order]
