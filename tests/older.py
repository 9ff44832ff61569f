"""What takes a store back to before the list showed times, decisions and secrecy."""

from __future__ import annotations

INDEXES = ("to_register", "waiting", "in_order", "by_reference", "by_number",
           "closed", "unseen")
COLUMNS = ("time_shown", "time_exact", "exit", "reference", "received_on", "public_sender",
           "public_title", "diary_number", "secrecy_provision", "diary", "committee")
TABLES = ("archive_items", "archive_deliveries", "unindexed", "users", "receipts", "delivery_items", "deliveries")
TRIGGERS = ("came", "changed", "went")
STATEMENTS = ["alter table devices drop column user_id",
              *(f"drop trigger records_{name}" for name in TRIGGERS),
              *(f"drop table {name}" for name in TABLES),
              *(f"drop index records_{name}" for name in INDEXES),
              *(f"alter table records drop column {name}" for name in COLUMNS)]
