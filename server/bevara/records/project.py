"""Keep the list of records in step with the documents that it is read from."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from bevara.kernel.tables import captures, records
from bevara.kernel.text import foldable, storable

Values = dict[str, Any]


def add_capture(tx: Connection, record: str, capture: dict[str, Any], now: str) -> None:
    """Put a capture on its record, which is made when it is the first."""
    known = tx.execute(select(records.c.id).where(records.c.id == record)).first()
    if known:
        _change(tx, record, of_action(capture))
    else:
        tx.execute(insert(records).values(id=record, created_at=now, **of_capture(capture)))
    tx.execute(insert(captures).values(
        id=capture["capture_id"], record_id=record, captured_at=capture["captured_at"],
        received_at=now,
    ))


def set_outcome(tx: Connection, record: str, outcome: dict[str, Any]) -> None:
    """Show what was seen after the click."""
    _change(tx, record, of_outcome(outcome))


def set_reason(tx: Connection, record: str, reason: dict[str, Any]) -> None:
    """Show the moderator's reason."""
    _change(tx, record, of_reason(reason))


def of_capture(capture: dict[str, Any]) -> Values:
    """Return what a record shows of its first capture."""
    comment = capture["comment"]
    return _storable({
        "platform": capture["platform"], "account_id": capture["account_id"],
        "comment_id": comment["id"], "author_name": comment["author"]["name"],
        "author_url": comment["author"]["url"], "text": comment["text"],
        "search_text": foldable(comment["author"]["name"], comment["text"]),
        "permalink": comment["permalink"],
        "complete": capture["completeness"]["state"] == "complete",
        "picture": capture["picture"]["blob"] if capture["picture"] else None,
        "moderator": capture["moderator"]["name"],
        "possible_secrecy": capture["possible_secrecy"],
        **of_action(capture),
    })


def of_action(capture: dict[str, Any]) -> Values:
    """Return what a record shows of every later capture."""
    return {"mode": capture["mode"], "action": capture["action"]["kind"]}


def of_outcome(outcome: dict[str, Any]) -> Values:
    """Return what a record shows of an outcome."""
    return {"outcome": outcome["observed"]}


def of_reason(reason: dict[str, Any]) -> Values:
    """Return what a record shows of a reason."""
    return _storable({name: reason[name] for name in ("category", "possible_secrecy", "moderator")})


def _change(tx: Connection, record: str, values: Values) -> None:
    tx.execute(update(records).where(records.c.id == record).values(**values))


def _storable(values: Values) -> Values:
    return {
        key: storable(value) if isinstance(value, str) else value for key, value in values.items()
    }
