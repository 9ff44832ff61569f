"""Say which user paired a browser, so that it can be stopped with its user."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the user; none for what the owner of one computer has paired."""
    op.add_column("devices", sa.Column("user_id", sa.String))
