"""A database file of a copy, read without making it a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, select

from bevara.kernel.tables import blobs


@contextmanager
def opened(path: Path) -> Iterator[Connection]:
    """Give a connection to a database that nobody else uses."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def large_blobs(connection: Connection) -> list[str]:
    """Return the names of the blobs that lie as files beside the database."""
    return list(connection.execute(select(blobs.c.sha256).where(blobs.c.body.is_(None))).scalars())
