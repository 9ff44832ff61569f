"""Find any page of the queue at once, and look for words in texts only, never in names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bevara.kernel.text import foldable

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Index the queue's two orders; take the names out of the words to search in."""
    op.create_index("records_by_time", "records", ["created_at", "id"])
    op.create_index("records_without_reason", "records", ["created_at", "id"],
                    sqlite_where=sa.text("category IS NULL"),
                    postgresql_where=sa.text("category IS NULL"))
    records = sa.table("records", *(sa.column(name) for name in ("id", "text", "search_text")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(records)).all():
        connection.execute(records.update().where(records.c.id == row.id)
                           .values(search_text=foldable(row.text)))
