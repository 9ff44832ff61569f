"""Find what nobody has seen the outcome of without reading every record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

UNSEEN = "mode IN ('delete', 'hide') AND (outcome IS NULL OR outcome = 'unknown')"


def upgrade() -> None:
    """Add the index."""
    op.create_index("records_unseen", "records", ["created_at", "id"],
                    sqlite_where=sa.text(UNSEEN), postgresql_where=sa.text(UNSEEN))
