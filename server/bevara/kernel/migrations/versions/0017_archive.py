"""Keep what is delivered to the archive, and which committee a comment belongs to there."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bevara.kernel.text import storable

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables, empty, and read each comment's committee from its latest decision."""
    op.add_column("records", sa.Column("committee", sa.String))
    _fill(op.get_bind())
    op.create_table(
        "archive_deliveries",
        sa.Column("id", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in (
            "status", "creator", "form", "state", "token", "by")),
        sa.Column("replaces", sa.String),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("next_at", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.String),
        sa.Column("size", sa.Integer),
        sa.Column("sha256", sa.String),
        sa.Column("moved", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String) for name in (
            "sent_at", "place", "problem", "archive_id", "received_on")),
    )
    op.create_index("archive_deliveries_by_time", "archive_deliveries", ["created_at"])
    op.create_table(
        "archive_items",
        sa.Column("delivery_id", sa.String, sa.ForeignKey("archive_deliveries.id"),
                  primary_key=True),
        sa.Column("line", sa.Integer, primary_key=True),
        sa.Column("record_id", sa.String, nullable=False),
        sa.Column("left_out", sa.String),
    )
    op.create_index("archive_items_by_record", "archive_items", ["record_id"])


def _fill(connection: sa.Connection) -> None:
    captures = sa.table("captures", sa.column("id"), sa.column("record_id"))
    documents = sa.table("documents", *(
        sa.column(name) for name in ("kind", "id", "body", "ledger_index")))
    records = sa.table("records", *(
        sa.column(name) for name in ("id", "withheld_at", "committee")))
    found = connection.execute(
        sa.select(captures.c.record_id, documents.c.body)
        .join(captures, captures.c.id == sa.func.substr(documents.c.id, 1, 36))
        .where(documents.c.kind == "decision", documents.c.body != b"")
        .order_by(documents.c.ledger_index)).all()
    for record, body in found:
        said = (json.loads(body)["proposal"] or {}).get("committee")
        connection.execute(
            records.update().where(records.c.id == record, records.c.withheld_at.is_(None))
            .values(committee=storable(said) if said else None))
