"""Words to search in, folded: SQLite itself folds ASCII only, and would not find Åsa by åsa."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bevara.kernel.text import foldable

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column and fill it from what the records say."""
    op.add_column("records", sa.Column("search_text", sa.String, nullable=False, server_default=""))
    records = sa.table("records", *(sa.column(name) for name in (
        "id", "text", "author_name", "search_text")))
    connection = op.get_bind()
    for row in connection.execute(sa.select(records)).all():
        words = foldable(row.author_name, row.text)
        connection.execute(
            records.update().where(records.c.id == row.id).values(search_text=words)
        )
