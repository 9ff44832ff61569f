"""Leave what is withheld out of a copy: a copy is sent somewhere, and nothing withheld is."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete, or_, select, update

from bevara.kernel import scrubbing
from bevara.kernel.tables import blobs, captures, documents, records, withheld
from bevara.upkeep import database_file
from bevara.upkeep.erasure import rows


def leave_out(path: Path) -> None:
    """Empty the documents of withheld comments in a snapshot, and mark them as left out."""
    with database_file.opened(path) as connection:
        query = select(records.c.id).join(withheld, withheld.c.record_id == records.c.id)
        found = list(connection.execute(query).scalars())
        for record_id in found:
            _empty(connection, record_id)
        connection.commit()
    if found:
        scrubbing.scrub(path)


def _empty(connection: Connection, record_id: str) -> None:
    said = rows.tombstone_of(connection, record_id)
    own = select(captures.c.id).where(captures.c.record_id == record_id)
    pictures = rows.pictures(connection, said["captures"])
    connection.execute(update(documents).where(or_(
        rows.of(said["captures"]), rows.about(said["captures"]),
        rows.incidents([*said["incidents"], record_id]),
    )).values(body=b""))
    connection.execute(update(documents).where(documents.c.id.in_(own)).values(receipt=None))
    unneeded = {name for name in pictures if not rows.shared_with(connection, name)}
    connection.execute(delete(blobs).where(blobs.c.sha256.in_(unneeded)))
    connection.execute(update(withheld).where(withheld.c.record_id == record_id)
                       .values(left_out=True))
