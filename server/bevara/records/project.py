"""Keep the list of records in step with the documents that it is read from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bevara.kernel.tables import captures, records
from bevara.kernel.text import foldable, storable


def add_capture(tx: Connection, record: str, capture: dict[str, Any], now: str) -> None:
    """Put a capture on its record, which is made when it is the first."""
    known = tx.execute(select(records.c.id).where(records.c.id == record)).first()
    if known:
        tx.execute(update(records).where(records.c.id == record).values(**_action(capture)))
    else:
        tx.execute(insert(records).values(
            id=record, created_at=now, possible_secrecy=capture["possible_secrecy"],
            **_texts(_what(capture)), **_action(capture),
        ))
    tx.execute(insert(captures).values(
        id=capture["capture_id"], record_id=record, captured_at=capture["captured_at"],
        received_at=now,
    ))


def set_outcome(tx: Connection, record: str, observed: str) -> None:
    """Show what was seen after the click."""
    tx.execute(update(records).where(records.c.id == record).values(outcome=observed))


def set_reason(
    tx: Connection, record: str, category: str | None, secrecy: bool, moderator: str | None
) -> None:
    """Show the moderator's reason."""
    tx.execute(update(records).where(records.c.id == record).values(
        possible_secrecy=secrecy, **_texts({"category": category, "moderator": moderator}),
    ))


def _what(capture: dict[str, Any]) -> dict[str, Any]:
    comment = capture["comment"]
    return {
        "platform": capture["platform"], "account_id": capture["account_id"],
        "comment_id": comment["id"], "author_name": comment["author"]["name"],
        "author_url": comment["author"]["url"], "text": comment["text"],
        "search_text": foldable(comment["author"]["name"], comment["text"]),
        "permalink": comment["permalink"],
        "complete": capture["completeness"]["state"] == "complete",
        "picture": capture["picture"]["blob"] if capture["picture"] else None,
        "moderator": capture["moderator"]["name"],
    }


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: storable(value) if isinstance(value, str) else value for key, value in values.items()
    }


def _action(capture: dict[str, Any]) -> dict[str, Any]:
    return {"mode": capture["mode"], "action": capture["action"]["kind"]}
