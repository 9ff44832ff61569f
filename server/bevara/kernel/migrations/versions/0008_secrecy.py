"""Close what may be secret: its row in the list is emptied until the registrar opens it."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
EMPTIED = ("author_name", "author_url", "text", "permalink", "picture")
REPLACED = ("public_sender", "public_title")
PUBLIC = "Uppgift med sekretessmarkering"
CLOSED = "possible_secrecy OR secrecy_provision IS NOT NULL"


def upgrade() -> None:
    """Add the provision, and close every comment that anyone has said may be secret.

    A later reason without the mark opened a comment before; only the registrar does now.
    """
    op.add_column("records", sa.Column("secrecy_provision", sa.String))
    op.create_index("records_closed", "records", ["created_at", "id"],
                    sqlite_where=sa.text(CLOSED), postgresql_where=sa.text(CLOSED))
    connection = op.get_bind()
    records = sa.table("records", *(sa.column(name) for name in (
        "id", "possible_secrecy", "withheld_at", "search_text", *EMPTIED, *REPLACED)))
    for id_ in _named(connection):
        here = (records.c.id == id_) & records.c.withheld_at.is_(None)
        connection.execute(records.update().where(here).values(
            possible_secrecy=True, search_text="", **dict.fromkeys(EMPTIED)))
        for name in REPLACED:
            column = records.c[name]
            connection.execute(records.update().where(here, column.is_not(None))
                               .values({name: PUBLIC}))


def _named(connection: sa.Connection) -> set[str]:
    documents = sa.table("documents", *(sa.column(name) for name in ("kind", "id", "body")))
    captures = sa.table("captures", sa.column("id"), sa.column("record_id"))
    rows = connection.execute(
        sa.select(captures.c.record_id, documents.c.body)
        .join(captures, captures.c.id == sa.func.substr(documents.c.id, 1, 36))
        .where(documents.c.kind.in_(["capture", "reason"])))
    return {row.record_id for row in rows if row.body and _secret(json.loads(row.body))}


def _secret(said: dict[str, Any]) -> bool:
    return said.get("possible_secrecy") is True or said.get("category") == "secrecy"
