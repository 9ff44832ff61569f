"""What is closed shows nothing, and only a registrar opens it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from bevara.errors import Conflict
from bevara.records import secrecy
from bevara.records.secrecy import MOVES, Move, State, Viewing
from tests.unit.contract.test_examples import load, of

WORD = "Planterad7f3a91"
KEPT = {"schema", "capture_id", "mode", "platform", "pack", "account_id", "action", "time_precision",
        "completeness", "software", "moderator", "no_screen_reason", "time_shown"}


def row(**values: Any) -> Any:
    """Return a record's row that is open, with changes."""
    return SimpleNamespace(**({"id": "1", "possible_secrecy": False, "secrecy_provision": None} | values))


def test_only_a_lift_opens_and_every_state_can_be_marked() -> None:
    assert {state for state in State for move, to in MOVES[state].items() if to is State.OPEN
            and move is not Move.LIFT} == set()
    assert all(MOVES[state][Move.MARK] is State.MARKED for state in State)
    with pytest.raises(Conflict):
        secrecy.after(State.OPEN, Move.LIFT)


def test_a_mark_counts_before_the_preliminary_one() -> None:
    assert secrecy.of(row()) is State.OPEN
    assert secrecy.of(row(possible_secrecy=True)) is State.POSSIBLE
    assert secrecy.of(row(possible_secrecy=True, secrecy_provision="21:1")) is State.MARKED


def test_a_viewing_opens_its_own_record_only_and_no_channel_carries_what_is_closed() -> None:
    shut = row(possible_secrecy=True)
    assert not secrecy.may_see(shut, None)
    assert not secrecy.may_see(shut, Viewing("2", "Anna Berg", "Prövning"))
    assert secrecy.may_see(shut, Viewing("1", "Anna Berg", "Prövning"))
    assert not any(secrecy.may_leave(shut, channel) for channel in ("email", "folder", "rest", ""))
    assert secrecy.may_leave(row(), "email") and secrecy.may_see(row(), None)


@pytest.mark.parametrize("name", [name for name in of("valid") if name.startswith("capture-1/")])
def test_nothing_that_a_page_said_is_left_of_a_closed_capture(name: str) -> None:
    planted = everywhere(load("valid", name))
    planted["platform"] = "facebook"
    assert WORD not in json.dumps(secrecy.capture_shown(planted))


def everywhere(value: Any, name: str = "") -> Any:
    """Return a capture whose every text is planted, but those that come from no page."""
    if isinstance(value, dict):
        return {key: one if key in KEPT else everywhere(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [everywhere(one, name) for one in value]
    return WORD if isinstance(value, str) and not name.endswith(("_at", "_exact")) else value
