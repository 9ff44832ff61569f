"""Keep what is handed over to the diary, and how far it has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables, empty: nothing was handed over by an older Bevara."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("token", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("next_at", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.String),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("sent_at", sa.String),
        sa.Column("problem", sa.String),
    )
    op.create_index("deliveries_by_state", "deliveries", ["state", "next_at"])
    op.create_index("deliveries_by_time", "deliveries", ["created_at"])
    op.create_table(
        "delivery_items",
        sa.Column("delivery_id", sa.String, sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("record_id", sa.String, primary_key=True),
        sa.Column("line", sa.Integer, nullable=False),
    )
    op.create_index("delivery_items_by_record", "delivery_items", ["record_id"])
