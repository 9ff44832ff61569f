"""The logs that this one continues: a restored copy goes on in the same tree under a new key.

The entry `restored` says where: every receipt before it was signed under the old name and key.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from bevara.kernel import ledger, signed_note
from bevara.kernel.store import Store
from bevara.kernel.tables import ledger_entries

KIND = "restored"


@dataclass(frozen=True)
class Log:
    """A name and a key, good for the entries before `until` (None: the log of today).

    `at` says when the tree went on under another key.
    """

    origin: str
    public: bytes
    until: int | None
    checkpoint: str | None = None
    at: str = ""


def all_logs(store: Store, connection: Connection) -> list[Log]:
    """Return every log that the tree has had, oldest first; the last is the one of today."""
    return [*earlier(connection), Log(store.origin, store.keys.public, None)]


def log_at(logs: list[Log], index: int) -> Log:
    """Return the log that an entry was made in."""
    return next(log for log in logs if log.until is None or index < log.until)


def entry(origin: str, public_key: str, checkpoint: str, at: str) -> dict[str, object]:
    """Return the entry that refers to the log before the restoring. `public_key` is base64."""
    return {"kind": KIND, "old_origin": origin, "old_key": public_key,
            "checkpoint": checkpoint, "at": at}


def check(_store: Store, connection: Connection) -> Iterator[str]:
    """Yield the restorings whose checkpoint is not the log's own up to there."""
    for log in earlier(connection):
        try:
            size, root = signed_note.read(str(log.checkpoint), log.origin, log.public)
            if size == log.until and root == ledger.root(connection, size):
                continue
        except (ValueError, NoResultFound):
            pass
        yield f"Loggen: återställningen i post {log.until} stämmer inte med loggen före den."


def earlier(connection: Connection) -> Iterator[Log]:
    """Yield the logs before the one of today, oldest first."""
    rows = connection.execute(
        select(ledger_entries.c.idx, ledger_entries.c.entry)
        .where(ledger_entries.c.entry.like(f'%"kind":"{KIND}"%'))
        .order_by(ledger_entries.c.idx)
    )
    for row in rows:
        said = _read(row.entry)
        if said.get("kind") == KIND:
            yield Log(str(said.get("old_origin")), _key(said.get("old_key")), row.idx,
                      str(said.get("checkpoint")), str(said.get("at")))


def _read(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, TypeError):
        return {}
    return said if isinstance(said, dict) else {}


def _key(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        return b""
