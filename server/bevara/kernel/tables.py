"""The tables of one store. Migrations make them; this says how code reads them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

metadata = MetaData()

meta = Table(
    "meta", metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

documents = Table(
    "documents", metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", String, nullable=False),
    Column("device_id", String, nullable=False),
    Column("received_at", String, nullable=False),
    Column("ledger_index", Integer, nullable=False),
    Column("receipt", String),
)

ledger_entries = Table(
    "ledger_entries", metadata,
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("entry", String, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
)

ledger_nodes = Table(
    "ledger_nodes", metadata,
    Column("level", Integer, primary_key=True),
    Column("pos", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)

blobs = Table(
    "blobs", metadata,
    Column("sha256", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary),
)

records = Table(
    "records", metadata,
    Column("id", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("account_id", String),
    Column("comment_id", String),
    Column("author_name", String),
    Column("author_url", String),
    Column("text", String),
    Column("permalink", String),
    Column("created_at", String, nullable=False, index=True),
    Column("mode", String, nullable=False),
    Column("action", String, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("picture", String),
    Column("outcome", String),
    Column("category", String),
    Column("possible_secrecy", Boolean, nullable=False),
    Column("moderator", String),
    Column("search_text", String, nullable=False),
)

captures = Table(
    "captures", metadata,
    Column("id", String, primary_key=True),
    Column("record_id", String, ForeignKey("records.id"), nullable=False, index=True),
    Column("captured_at", String, nullable=False),
    Column("received_at", String, nullable=False),
)

devices = Table(
    "devices", metadata,
    Column("id", String, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("label", String, nullable=False),
    Column("origin", String),
    Column("paired_at", String, nullable=False),
    Column("revoked_at", String),
)

accounts = Table(
    "accounts", metadata,
    Column("id", String, primary_key=True),
    Column("platform", String, nullable=False),
    Column("name", String, nullable=False),
    Column("address", String, nullable=False),
    Column("added_at", String, nullable=False),
)

identifiers = Table(
    "identifiers", metadata,
    Column("account_id", String, ForeignKey("accounts.id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
)
