"""Keep the users of *gemensam*."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the table. `folded` is the name without case: nobody is called as someone was before."""
    op.create_table(
        "users",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("folded", sa.String, nullable=False, unique=True),
        sa.Column("roles", sa.String, nullable=False),
        sa.Column("password", sa.String),
        sa.Column("added_at", sa.String, nullable=False),
        sa.Column("closed_at", sa.String),
    )
