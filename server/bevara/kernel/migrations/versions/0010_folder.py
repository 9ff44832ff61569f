"""Keep what a delivery in a folder consists of, and the receipts that come back there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns, empty: earlier deliveries left no package."""
    op.add_column("deliveries", sa.Column("begun_attempt", sa.Integer))
    op.add_column("deliveries", sa.Column("package", sa.String))
    op.create_index("deliveries_by_token", "deliveries", ["token"])
    op.create_table(
        "receipts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("delivery_id", sa.String, sa.ForeignKey("deliveries.id")),
        sa.Column("fault", sa.String),
        sa.Column("moved", sa.Boolean, nullable=False),
        sa.Column("settled", sa.Boolean, nullable=False),
    )
    op.create_index("receipts_by_name", "receipts", ["name", "sha256"])
