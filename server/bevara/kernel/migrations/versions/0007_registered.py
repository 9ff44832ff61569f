"""Show in the list what the registrar decided, and the diary's number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
COLUMNS = ("exit", "reference", "received_on", "public_sender", "public_title", "diary_number")
TO_REGISTER = "category IS NOT NULL AND exit IS NULL AND withheld_at IS NULL"
WAITING = "exit = 'register' AND diary_number IS NULL"
IN_ORDER = "exit IN ('keep', 'minor')"


def upgrade() -> None:
    """Add the columns, which no older document fills, and an index for each list of them."""
    for name in COLUMNS:
        op.add_column("records", sa.Column(name, sa.String))
    for name, columns, where in (
        ("records_to_register", ["created_at", "id"], TO_REGISTER),
        ("records_waiting", ["created_at", "id"], WAITING),
        ("records_in_order", ["received_on", "id"], IN_ORDER),
        ("records_by_reference", ["reference"], "reference IS NOT NULL"),
        ("records_by_number", ["diary_number"], "diary_number IS NOT NULL"),
    ):
        op.create_index(name, "records", columns, sqlite_where=sa.text(where),
                        postgresql_where=sa.text(where))
