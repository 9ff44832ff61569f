"""Say of a delivery whose reading copies went as text, since no PDF could go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the references, with spaces between; none for what was sent before."""
    op.add_column("deliveries", sa.Column("as_text", sa.String))
