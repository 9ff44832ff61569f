"""Where a saved comment stands on its way to the diary, and the moves that lead on."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam

from bevara.errors import Conflict
from bevara.kernel.tables import records
from bevara.records import tabs
from bevara.records.tabs import Tab
from bevara.web.translations import N_

TO_REGISTER, WAITING_TAB, IN_ORDER = "att-registrera", "vantar-pa-nummer", "ordnade"
WAITING_PATH, IN_ORDER_PATH = f"/kommentarer/{WAITING_TAB}", f"/kommentarer/{IN_ORDER}"
REMOVED = ("delete", "hide")


class State(StrEnum):
    """`WAITING` is decided on and has no number yet."""

    UNDECIDED = "undecided"
    WAITING = "waiting"
    REGISTERED = "registered"
    KEPT = "kept"
    MINOR = "minor"


class Move(StrEnum):
    """What a registrar can do. The first four are the exits of a decision."""

    REGISTER = "register"
    KEEP = "keep"
    MINOR = "minor"
    TAKE_BACK = "none"
    NUMBER = "number"
    TAKE_BACK_NUMBER = "no_number"


_DECIDE = {Move.REGISTER: State.WAITING, Move.KEEP: State.KEPT, Move.MINOR: State.MINOR}
_AGAIN = _DECIDE | {Move.TAKE_BACK: State.UNDECIDED}
MOVES: dict[State, dict[Move, State]] = {
    State.UNDECIDED: _DECIDE,
    State.WAITING: _AGAIN | {Move.NUMBER: State.REGISTERED},
    State.KEPT: _AGAIN,
    State.MINOR: _AGAIN,
    State.REGISTERED: {Move.NUMBER: State.REGISTERED, Move.TAKE_BACK_NUMBER: State.WAITING},
}
"""Every move that there is. None disposes of anything, and a number is taken back before the
decision that it belongs to."""


def of(row: Row[Any]) -> State:
    """Return the state that a record's row shows."""
    if row.exit is None:
        return State.UNDECIDED
    if row.exit == Move.REGISTER:
        return State.REGISTERED if row.diary_number else State.WAITING
    return {Move.KEEP: State.KEPT, Move.MINOR: State.MINOR}[Move(row.exit)]


def after(state: State, move: Move) -> State:
    """Return the state after a move; raise `Conflict` when it does not lead on from there."""
    found = MOVES[state].get(move)
    if found is None:
        raise Conflict(N_("Det går inte som kommentaren står nu."), next_step=N_(
            "Ta tillbaka diarienumret först.") if state is State.REGISTERED else None)
    return found


_UNDECIDED = (records.c.category.is_not(None) & records.c.exit.is_(None)
              & records.c.withheld_at.is_(None) & records.c.mode.in_(REMOVED))
WAITING = (records.c.exit == Move.REGISTER.value) & records.c.diary_number.is_(None)
ORDERED = records.c.exit.in_(bindparam(
    None, [Move.KEEP.value, Move.MINOR.value], expanding=True, literal_execute=True))
"""Written into the statement: SQLite finds no index of its own for a list of parameters."""

tabs.provide(Tab(TO_REGISTER, N_("Att registrera"), _UNDECIDED, bulk="flera.html",
                 goes_to="many.decide"))
tabs.provide(Tab(WAITING_TAB, N_("Väntar på nummer"), WAITING, path=WAITING_PATH))
tabs.provide(Tab(IN_ORDER, N_("Ordnade"), ORDERED, oldest_first=False, path=IN_ORDER_PATH))
