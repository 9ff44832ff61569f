"""Check every picture against its name."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from bevara.kernel import blobs
from bevara.kernel.store import Store
from bevara.kernel.tables import blobs as table


def check(store: Store, connection: Connection) -> Iterator[str]:
    """Yield the pictures that are changed or cannot be read."""
    for row in connection.execute(select(table.c.sha256, table.c.size)):
        try:
            data = blobs.get(connection, store.folder, row.sha256)
        except OSError as error:
            yield f"{row.sha256}: går inte att läsa ({error.strerror})."
        except (TypeError, ValueError):
            yield f"{row.sha256}: går inte att läsa."
        else:
            if blobs.name_of(data) != row.sha256 or len(data) != row.size:
                yield f"{row.sha256}: bilden är ändrad."
