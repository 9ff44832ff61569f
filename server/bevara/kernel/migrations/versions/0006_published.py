"""Show in the list when a comment was published: as the page wrote it, exactly if it said."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bevara.kernel.text import storable

revision = "0006"
down_revision = "0005"
TIMES = ("time_shown", "time_exact")


def upgrade() -> None:
    """Add the two times and read them from each comment's first capture."""
    for name in TIMES:
        op.add_column("records", sa.Column(name, sa.String))
    connection = op.get_bind()
    records = sa.table("records", *(sa.column(name) for name in ("id", "withheld_at", *TIMES)))
    for id_ in connection.execute(
        sa.select(records.c.id).where(records.c.withheld_at.is_(None))
    ).scalars().all():
        values = _times(connection, id_)
        if values:
            connection.execute(records.update().where(records.c.id == id_).values(**values))


def _times(connection: sa.Connection, record: str) -> dict[str, str]:
    captures = sa.table("captures", sa.column("id"), sa.column("record_id"))
    names = ("kind", "id", "body", "ledger_index")
    documents = sa.table("documents", *(sa.column(name) for name in names))
    body = connection.execute(
        sa.select(documents.c.body).join(captures, captures.c.id == documents.c.id)
        .where(captures.c.record_id == record, documents.c.kind == "capture")
        .order_by(documents.c.ledger_index).limit(1)).scalar()
    comment: dict[str, str | None] = json.loads(body)["comment"] if body else {}
    return {name: storable(said) for name in TIMES if (said := comment.get(name))}
