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
    sqlite_with_rowid=False,
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
    Column("withheld_at", String),
    Column("time_shown", String),
    Column("time_exact", String),
    Column("exit", String),
    Column("reference", String),
    Column("received_on", String),
    Column("public_sender", String),
    Column("public_title", String),
    Column("diary_number", String),
    Column("diary", String),
    Column("secrecy_provision", String),
    Column("committee", String),
)

unindexed = Table(
    "unindexed", metadata,
    Column("n", Integer, primary_key=True),
    Column("id", String, nullable=False),
)
"""The records that came, changed or went since the index of words read them, in that order."""

withheld = Table(
    "withheld", metadata,
    Column("record_id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("source", String, nullable=False),
    Column("left_out", Boolean, nullable=False),
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
    Column("user_id", String),
)

users = Table(
    "users", metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False, unique=True),
    Column("roles", String, nullable=False),
    Column("password", String),
    Column("added_at", String, nullable=False),
    Column("closed_at", String),
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

deliveries = Table(
    "deliveries", metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("diary", String, nullable=False),
    Column("state", String, nullable=False),
    Column("token", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("next_at", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_until", String),
    Column("begun", Boolean, nullable=False),
    Column("sent_at", String),
    Column("problem", String),
    Column("begun_attempt", Integer),
    Column("package", String),
    Column("as_text", String),
)

delivery_items = Table(
    "delivery_items", metadata,
    Column("delivery_id", String, ForeignKey("deliveries.id"), primary_key=True),
    Column("record_id", String, primary_key=True),
    Column("line", Integer, nullable=False),
)

receipts = Table(
    "receipts", metadata,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("delivery_id", String, ForeignKey("deliveries.id")),
    Column("fault", String),
    Column("moved", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),
)

archive_deliveries = Table(
    "archive_deliveries", metadata,
    Column("id", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("creator", String, nullable=False),
    Column("form", String, nullable=False),
    Column("state", String, nullable=False),
    Column("token", String, nullable=False),
    Column("by", String, nullable=False),
    Column("replaces", String),
    Column("created_at", String, nullable=False),
    Column("next_at", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_until", String),
    Column("size", Integer),
    Column("sha256", String),
    Column("moved", Integer, nullable=False),
    Column("sent_at", String),
    Column("place", String),
    Column("problem", String),
    Column("archive_id", String),
    Column("received_on", String),
)

archive_items = Table(
    "archive_items", metadata,
    Column("delivery_id", String, ForeignKey("archive_deliveries.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("record_id", String, nullable=False),
    Column("left_out", String),
)
