"""Note which comments the index of words has not read since they came or changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NOTE = "INSERT INTO unindexed (id) VALUES ({row}.id); END"
CAME = f"CREATE TRIGGER records_came AFTER INSERT ON records BEGIN {NOTE.format(row='new')}"
CHANGED = ("CREATE TRIGGER records_changed AFTER UPDATE OF search_text ON records "
           f"WHEN old.search_text IS NOT new.search_text BEGIN {NOTE.format(row='new')}")
WENT = f"CREATE TRIGGER records_went AFTER DELETE ON records BEGIN {NOTE.format(row='old')}"


def upgrade() -> None:
    """Add the table, and the triggers that fill it with whatever writes the list."""
    op.create_table("unindexed", sa.Column("n", sa.Integer, primary_key=True),
                    sa.Column("id", sa.String, nullable=False))
    for trigger in (CAME, CHANGED, WENT):
        op.execute(trigger)
