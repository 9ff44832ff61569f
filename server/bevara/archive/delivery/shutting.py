"""Whether something in a finished package may no longer leave: closed, withheld or erased since.

A comment's own mark is read each time. What it carries of others (quoted, or in its pictures) is
read anew only when something was shut after the package was made, for it takes a while.
"""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, select

from bevara.archive.delivery import rows
from bevara.archive.gather import viewing
from bevara.errors import Closed, Erased, NotFound, Withheld
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_items as items
from bevara.kernel.tables import captures, documents, records
from bevara.records import project, quoted, secrecy, show, withheld


def now(store: Store) -> int:
    """Return the time as the log tells it, to ask later what was shut since."""
    with store.read() as connection:
        return ledger.size(connection)


def shut(store: Store, id_: str, carries_secret: bool, since: int = -1) -> bool:
    """Tell whether a delivery's package holds what may not leave to its receiver any more.

    `since` is when it was last known not to; without it, when the package was made.
    """
    with store.read() as connection:
        if _own(connection, id_, carries_secret):
            return True
        then = since if since >= 0 else _packed(connection, id_)
        if not _something(connection, then, carries_secret):
            return False
    return any(_carries(store, one, carries_secret) for one in rows.records(store, id_, left=False))


def _own(connection: Connection, id_: str, carries_secret: bool) -> bool:
    fit = (records.c.id == items.c.record_id) & records.c.withheld_at.is_(None)
    there = exists().where(fit if carries_secret else fit & ~secrecy.CLOSED)
    return bool(connection.execute(select(exists().where(
        items.c.delivery_id == id_, items.c.left_out.is_(None), ~there))).scalar())


def _packed(connection: Connection, id_: str) -> int:
    """Return when a delivery's newest document was kept; before it is sent that is its package's.
    """
    found = connection.execute(select(func.max(documents.c.ledger_index)).where(
        documents.c.kind == rows.KIND, documents.c.id.between(f"{id_}/", f"{id_}0"))).scalar()
    return -1 if found is None else int(found)


def _something(connection: Connection, since: int, carries_secret: bool) -> bool:
    """Tell whether anything was withheld or erased, or said of what is closed, at `since` or later.
    """
    after = documents.c.ledger_index >= since
    gone = select(exists().where(
        documents.c.kind.in_((withheld.WITHHOLDING, withheld.TOMBSTONE)), after))
    if connection.execute(gone).scalar():
        return True
    mine = (documents.c.id == captures.c.id) | documents.c.id.between(
        captures.c.id + "/", captures.c.id + "0")
    closed = select(exists().where(
        secrecy.CLOSED, captures.c.record_id == records.c.id, mine, after,
        documents.c.kind.in_(("capture", *project.OF_LATER))))
    return not carries_secret and bool(connection.execute(closed).scalar())


def _carries(store: Store, record_id: str, carries_secret: bool) -> bool:
    try:
        with store.read() as connection:
            kept = show.kept(connection, record_id)
            quoted.refuse(connection, kept, kept.latest, viewing(record_id, carries_secret))
    except (Withheld, Closed, Erased, NotFound):
        return True
    return False
