"""Which comments are withheld (spärrade) or erased, and what is then shown of them: nothing.

A withheld comment keeps its documents, but its row in the list is emptied, so that no page, search
or export can show what it says. Rows are made of the documents `withholding`, `lifting` and
`tombstone`, which the ledger knows.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Boolean, Connection, Row, bindparam, exists, or_, select

from bevara.errors import Erased
from bevara.kernel.statements import Statement
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, records
from bevara.kernel.tables import withheld as table

DESK, CLOSED_PATH = "desk", "closed_path"
WITHHOLDING, LIFTING, TOMBSTONE = "withholding", "lifting", "tombstone"
SHOWN = frozenset({"id", "platform", "account_id", "created_at", "mode", "action", "withheld_at"})
"""What the list may still say of a withheld comment."""


_REFUSED = Statement(select(or_(
    exists().where(table.c.record_id == bindparam("id"), table.c.source == CLOSED_PATH),
    exists().where(documents.c.kind == TOMBSTONE, documents.c.id == bindparam("id")))))
_ANY = Statement(select(or_(
    exists().where(table.c.record_id != ""), exists().where(documents.c.kind == TOMBSTONE))))
_SINCE = Statement(select(table.c.at).where(table.c.record_id == bindparam("id")))


def since(connection: Connection, record_id: str) -> str | None:
    """Return since when a comment is withheld, or None."""
    row = _SINCE.first(connection, id=record_id)
    return str(row[0]) if row else None


def find(connection: Connection, record_id: str) -> Row[Any] | None:
    """Return since when, by whom and why a comment is withheld, or None."""
    return connection.execute(select(table).where(table.c.record_id == record_id)).first()


def tombstone(connection: Connection, record_id: str) -> dict[str, Any] | None:
    """Return what is said of an erased comment, or None."""
    body = connection.execute(select(documents.c.body).where(
        documents.c.kind == TOMBSTONE, documents.c.id == record_id)).scalar()
    found: dict[str, Any] | None = json.loads(body) if body else None
    return found


def tombstones(connection: Connection) -> list[dict[str, Any]]:
    """Return every tombstone, oldest first."""
    bodies = connection.execute(select(documents.c.body).where(documents.c.kind == TOMBSTONE)
                                .order_by(documents.c.ledger_index)).scalars()
    return [json.loads(body) for body in bodies]


def refuse_erased(connection: Connection, record_id: str) -> None:
    """Raise `Erased` when nothing more may be stored of the comment."""
    row = _REFUSED.first(connection, id=record_id)
    if row is None or row[0]:
        raise Erased("Bevara tar inte emot något av kommentaren.")


def is_any(connection: Connection) -> bool:
    """Tell whether any comment at all is withheld or erased; quick. If not, none is refused."""
    return bool((_ANY.first(connection) or (0,))[0])


def is_any_early(store: Store) -> bool:
    """Tell so before there is a transaction."""
    return bool((store.find(_ANY) or (0,))[0])


def shut_out(connection: Connection) -> set[str]:
    """Return the records of which nothing may be kept anywhere."""
    closed = select(table.c.record_id).where(table.c.source == CLOSED_PATH)
    buried = select(documents.c.id).where(documents.c.kind == TOMBSTONE)
    return {*connection.execute(closed).scalars(), *connection.execute(buried).scalars()}


def everything(connection: Connection) -> set[str]:
    """Return the records that are withheld or erased."""
    buried = select(documents.c.id).where(documents.c.kind == TOMBSTONE)
    return {*connection.execute(select(table.c.record_id)).scalars(),
            *connection.execute(buried).scalars()}


def refuse_erased_capture(connection: Connection, capture_id: str) -> None:
    """Raise `Erased` when the capture belonged to a comment that is erased."""
    if any(capture_id in one["captures"] for one in tombstones(connection)):
        raise Erased("Kommentaren är raderad.")


def emptied(values: dict[str, Any]) -> dict[str, Any]:
    """Return a record's values with everything gone that is not in `SHOWN`."""
    return {name: value if name in SHOWN else _nothing(name) for name, value in values.items()}


def nothing_shown() -> dict[str, Any]:
    """Return the values that empty a record's row."""
    return {column.name: _nothing(column.name) for column in records.c if column.name not in SHOWN}


def _nothing(name: str) -> Any:
    column = records.c[name]
    if column.nullable:
        return None
    return False if isinstance(column.type, Boolean) else ""
