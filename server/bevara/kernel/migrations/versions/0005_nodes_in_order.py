"""Keep the tree's nodes in the order of their places: reading a level is one sweep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table anew without row numbers of its own."""
    op.rename_table("ledger_nodes", "ledger_nodes_before")
    op.create_table(
        "ledger_nodes",
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("pos", sa.Integer, primary_key=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("insert into ledger_nodes select level, pos, hash from ledger_nodes_before "
               "order by level, pos")
    op.drop_table("ledger_nodes_before")
