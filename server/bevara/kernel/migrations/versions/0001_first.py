"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table of the first version."""
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("device_id", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
        sa.Column("ledger_index", sa.Integer, nullable=False),
        sa.Column("receipt", sa.String),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("idx", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "ledger_nodes",
        sa.Column("level", sa.Integer, primary_key=True),
        sa.Column("pos", sa.Integer, primary_key=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String, primary_key=True),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary),
    )
    op.create_table(
        "records",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("account_id", sa.String),
        sa.Column("comment_id", sa.String),
        sa.Column("author_name", sa.String),
        sa.Column("author_url", sa.String),
        sa.Column("text", sa.String),
        sa.Column("permalink", sa.String),
        sa.Column("created_at", sa.String, nullable=False, index=True),
        sa.Column("mode", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("picture", sa.String),
        sa.Column("outcome", sa.String),
        sa.Column("category", sa.String),
        sa.Column("possible_secrecy", sa.Boolean, nullable=False),
        sa.Column("moderator", sa.String),
    )
    op.create_table(
        "captures",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("record_id", sa.String, sa.ForeignKey("records.id"), nullable=False, index=True),
        sa.Column("captured_at", sa.String, nullable=False),
        sa.Column("received_at", sa.String, nullable=False),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("public_key", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.String, nullable=False),
        sa.Column("origin", sa.String),
        sa.Column("paired_at", sa.String, nullable=False),
        sa.Column("revoked_at", sa.String),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("platform", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("added_at", sa.String, nullable=False),
    )
    op.create_table(
        "identifiers",
        sa.Column("account_id", sa.String, sa.ForeignKey("accounts.id"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("value", sa.String, primary_key=True),
    )
