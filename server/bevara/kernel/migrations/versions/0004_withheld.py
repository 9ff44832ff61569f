"""Comments that nobody may read or send: which, since when, by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table, and the time to what the list shows."""
    op.create_table(
        "withheld",
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("left_out", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("records", sa.Column("withheld_at", sa.String))
