"""Whether a comment's content is closed because it may be secret, and what is then shown: nothing.

*Kan innehålla sekretess* closes it at once; a *sekretessmarkering* keeps it closed with a provision
(offentlighets- och sekretesslagen 5:5); only the registrar opens it again. A closed comment keeps
its documents. Its row in the list is emptied of everything but `SHOWN`, so that no list, search,
table, delivery or room added later can show the rest, and `show` blanks the documents themselves
for everyone who has not been let in to look (`may_see`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Row, and_, or_

from bevara.errors import Conflict
from bevara.kernel.tables import records
from bevara.records import withheld
from bevara.web.translations import N_

PUBLIC = "Uppgift med sekretessmarkering"
"""What stands for sender and title wherever others can read them; Swedish, as the diary is."""
CARRIERS: frozenset[str] = frozenset()
"""The channels that may carry closed content. None has been approved for it."""
CLOSED: ColumnElement[bool] = or_(records.c.possible_secrecy,
                                  records.c.secrecy_provision.is_not(None))
"""The condition to select what is closed."""
UNDECIDED: ColumnElement[bool] = and_(records.c.possible_secrecy,
                                      records.c.secrecy_provision.is_(None))
"""The condition to select what is closed and waits for a registrar to decide on it."""
SHOWN = withheld.SHOWN | {
    "comment_id", "complete", "outcome", "category", "possible_secrecy", "secrecy_provision",
    "moderator", "time_shown", "time_exact", "exit", "reference", "received_on", "diary_number",
    "diary", "committee"}
"""What the list may still say of a closed comment."""
REPLACED = ("public_sender", "public_title")


class State(StrEnum):
    """`POSSIBLE` is preliminary, without a provision; both that and `MARKED` are closed."""

    OPEN = "open"
    POSSIBLE = "possible"
    MARKED = "marked"


class Move(StrEnum):
    """What changes the state."""

    CLOSE = "close"
    MARK = "mark"
    LIFT = "lift"


MOVES: dict[State, dict[Move, State]] = {
    State.OPEN: {Move.CLOSE: State.POSSIBLE, Move.MARK: State.MARKED},
    State.POSSIBLE: {Move.MARK: State.MARKED, Move.LIFT: State.OPEN},
    State.MARKED: {Move.MARK: State.MARKED, Move.LIFT: State.OPEN},
}
"""Every move that there is; closing what is closed is no move, and harmless."""


@dataclass(frozen=True)
class Viewing:
    """That a named person looks at one closed comment, for a purpose that is logged."""

    record_id: str
    by: str
    purpose: str


def of(row: Row[Any]) -> State:
    """Return the state that a record's row shows."""
    if row.secrecy_provision is not None:
        return State.MARKED
    return State.POSSIBLE if row.possible_secrecy else State.OPEN


def closed(row: Row[Any]) -> bool:
    """Tell whether a record's content is closed."""
    return of(row) is not State.OPEN


def is_closed(values: Mapping[str, Any]) -> bool:
    """Tell so of a record's values, which may be only some of them."""
    return bool(values.get("possible_secrecy")) or values.get("secrecy_provision") is not None


def after(state: State, move: Move) -> State:
    """Return the state after a move; raise `Conflict` when it does not lead on from there."""
    found = MOVES[state].get(move)
    if found is None:
        raise Conflict(N_("Det går inte som kommentaren står nu."))
    return found


def may_see(row: Row[Any], viewing: Viewing | None) -> bool:
    """Tell whether whoever asks may see a record's content: the one question that all ask.

    No for what is closed, unless a viewing of this very record is under way. Users with roles
    will be asked for here too.
    """
    return not closed(row) or (viewing is not None and viewing.record_id == row.id)


def may_leave(row: Row[Any], channel: str) -> bool:
    """Tell whether a record's content may be sent by a channel ("email", "folder", ...).

    What may not is handed over in another way; its row's public fields may be sent by any.
    """
    return not closed(row) or channel in CARRIERS


def visible(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's values as the list may show them; `values` says whether it is closed."""
    if not is_closed(values):
        return dict(values)
    return {name: _shown(name, value) for name, value in values.items()}


def capture_shown(capture: dict[str, Any]) -> dict[str, Any]:
    """Return a capture with everything gone that could be secret; its form stays."""
    comment: dict[str, Any] = capture["comment"]
    kept = {name: comment[name] if name in _PUBLIC_OF_COMMENT else None for name in comment}
    nobody: dict[str, Any] = dict.fromkeys(("name", "url", "id"))
    public = {name: capture[name] for name in _PUBLIC_OF_CAPTURE if name in capture}
    return {
        **public,
        "comment": {**kept, "author": nobody, "attachments": []},
        "beside": [], "context": {"post": None, "answers": []}, "picture": None,
        "no_picture_reason": None, "screen": None, "no_screen_reason": "off", "shut": True,
    }


def event_shown(event: dict[str, Any]) -> dict[str, Any]:
    """Return a later document without what a person wrote freely about a closed comment."""
    said: dict[str, Any] = {
        name: "" if name in _FREE else value for name, value in event.items()}
    if said.get("proposal"):
        said["proposal"] = {**said["proposal"], "sender": PUBLIC, "title": PUBLIC,
                            "protected_sender": None, "protected_title": None}
    return said


_PUBLIC_OF_CAPTURE = ("schema", "capture_id", "captured_at", "first_seen_at", "mode", "platform",
                      "pack", "account_id", "action", "completeness", "software", "moderator",
                      "possible_secrecy")
_PUBLIC_OF_COMMENT = ("truncated", "time_shown", "time_exact", "time_precision", "edited")
_FREE = frozenset({"ground", "note", "text"})


def _shown(name: str, value: Any) -> Any:
    if name in SHOWN:
        return value
    if name in REPLACED:
        return None if value is None else PUBLIC
    column = records.c[name]
    if column.nullable:
        return None
    return False if isinstance(column.type, Boolean) else ""
