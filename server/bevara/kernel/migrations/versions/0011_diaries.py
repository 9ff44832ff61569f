"""Keep which diary a comment is to be registered in, and which one a delivery goes to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns: earlier comments and deliveries are for the diary that takes the rest."""
    op.add_column("records", sa.Column("diary", sa.String))
    op.add_column("deliveries", sa.Column("diary", sa.String, nullable=False, server_default=""))
