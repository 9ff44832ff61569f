"""Keep the list of records in step with the documents that it is read from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from bevara.kernel.statements import Statement
from bevara.kernel.tables import captures, documents, records
from bevara.kernel.text import foldable, storable
from bevara.records import secrecy, withheld

Values = dict[str, Any]
_KNOWN = Statement(select(records.c.id).where(records.c.id == bindparam("id")))
_ADD, _ADD_CAPTURE = Statement(insert(records)), Statement(insert(captures))


def add_capture(tx: Connection, record: str, capture: dict[str, Any], now: str) -> None:
    """Put a capture on its record, which is made when it is the first."""
    if _KNOWN.first(tx, id=record):
        _change(tx, record, of_action(capture))
    else:
        _ADD.rows(tx, id=record, created_at=now, **_fresh(tx, record, of_capture(capture)))
    _ADD_CAPTURE.rows(tx, id=capture["capture_id"], record_id=record,
                      captured_at=capture["captured_at"], received_at=now)


def set_later(tx: Connection, record: str, kind: str, document: dict[str, Any]) -> None:
    """Show what a later document of a kind in `OF_LATER` says."""
    values = OF_LATER[kind](document)
    if values:
        _change(tx, record, values)


def folded(connection: Connection, record: str) -> Values:
    """Return what a record shows, read anew from its documents; nothing closed."""
    mine = or_(captures.c.id == documents.c.id, documents.c.id.startswith(captures.c.id + "/"))
    values: Values = {}
    for row in connection.execute(
        select(documents.c.kind, documents.c.body).join(captures, mine)
        .where(captures.c.record_id == record).order_by(documents.c.ledger_index)
    ):
        document = json.loads(row.body)
        if row.kind == "capture":
            values = (values or of_capture(document)) | of_action(document)
        elif row.kind in OF_LATER:
            values |= OF_LATER[row.kind](document)
    return secrecy.visible(values)


def of_capture(capture: dict[str, Any]) -> Values:
    """Return what a record shows of its first capture."""
    comment = capture["comment"]
    return _storable({
        "platform": capture["platform"], "account_id": capture["account_id"],
        "comment_id": comment["id"], "author_name": comment["author"]["name"],
        "author_url": comment["author"]["url"], "text": comment["text"],
        "search_text": foldable(comment["text"]),
        "permalink": comment["permalink"],
        "time_shown": comment["time_shown"], "time_exact": comment["time_exact"],
        "complete": capture["completeness"]["state"] == "complete",
        "picture": capture["picture"]["blob"] if capture["picture"] else None,
        "moderator": capture["moderator"]["name"],
        "possible_secrecy": False, **of_action(capture),
    })


def of_action(capture: dict[str, Any]) -> Values:
    """Return what a record shows of every later capture."""
    return {"mode": capture["mode"], "action": capture["action"]["kind"], **_closing(capture)}


def of_outcome(outcome: dict[str, Any]) -> Values:
    """Return what a record shows of an outcome."""
    return {"outcome": outcome["observed"]}


def of_reason(reason: dict[str, Any]) -> Values:
    """Return what a record shows of a reason. One without the mark opens nothing again."""
    return _storable({"category": reason["category"], "moderator": reason["moderator"],
                      **_closing(reason)})


def _closing(said: dict[str, Any]) -> Values:
    """Return the mark when a capture or reason bears it, or has the reason that means it."""
    secret = said["possible_secrecy"] or said.get("category") == "secrecy"
    return {"possible_secrecy": True} if secret else {}


def of_secrecy(said: dict[str, Any]) -> Values:
    """Return what a record shows of a registrar's word on secrecy."""
    marked = said["provision"] if said["move"] == secrecy.Move.MARK else None
    return _storable({"possible_secrecy": said["move"] == secrecy.Move.CLOSE,
                      "secrecy_provision": marked})


def of_decision(decision: dict[str, Any]) -> Values:
    """Return what a record shows of the registrar's decision; nothing when it is taken back."""
    proposal = decision["proposal"] or {}
    taken_back = decision["exit"] == "none"
    return _storable({
        "exit": None if taken_back else decision["exit"], "reference": decision["reference"],
        "received_on": proposal.get("received_on"), "public_sender": proposal.get("sender"),
        "public_title": proposal.get("title"), "diary": proposal.get("diary"),
        "committee": proposal.get("committee"),
    })


def of_registration(registration: dict[str, Any]) -> Values:
    """Return what a record shows of the diary's answer."""
    return _storable({"diary_number": registration["number"]})


def of_page_alone(_: dict[str, Any]) -> Values:
    """Return nothing: the document stands on the record's own page."""
    return {}


OF_LATER: dict[str, Callable[[dict[str, Any]], Values]] = {
    "outcome": of_outcome, "reason": of_reason, "assessment": of_page_alone,
    "decision": of_decision, "registration": of_registration, "secrecy": of_secrecy,
    "viewing": of_page_alone, "breach": of_page_alone, "handover": of_page_alone,
    "informed": of_page_alone, "disclosure": of_page_alone,
}
"""What each kind of document that bears a capture's number adds to the record."""
BEFORE_LATER: Values = dict.fromkeys((
    "outcome", "category", "exit", "reference", "received_on", "public_sender", "public_title",
    "diary_number", "secrecy_provision", "diary", "committee"))
"""What a record shows before any of them."""


def _change(tx: Connection, record: str, values: Values) -> None:
    tx.execute(update(records).where(records.c.id == record)
               .values(**_visible(tx, record, values)))


def _fresh(tx: Connection, record: str, values: Values) -> Values:
    """Return the first values of a record, emptied when it is withheld or closed."""
    at = withheld.since(tx, record)
    return withheld.emptied(values) | {"withheld_at": at} if at else secrecy.visible(values)


def _visible(tx: Connection, record: str, values: Values) -> Values:
    """Return the values, emptied while the comment is withheld or closed; all of what opens it."""
    at = withheld.since(tx, record)
    if at:
        return withheld.emptied(values) | {"withheld_at": at}
    row = tx.execute(select(records).where(records.c.id == record)).one()
    before: Values = {column.name: getattr(row, column.name) for column in records.c}
    whole = {**before, **values}
    if secrecy.is_closed(before) and not secrecy.is_closed(whole):
        return values | folded(tx, record)
    return {name: value for name, value in secrecy.visible(whole).items()
            if name in values or value != before[name]}


def _storable(values: Values) -> Values:
    return {
        key: storable(value) if isinstance(value, str) else value for key, value in values.items()
    }
