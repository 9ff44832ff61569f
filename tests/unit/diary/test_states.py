"""States, moves, references and pasted lines, without a store."""

from __future__ import annotations

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from bevara.diary import numbers, references, states
from bevara.diary.states import Move, State
from bevara.errors import Conflict, Invalid

KNOWN = ["KS 2017/141", "KS 2021/1311", "S 2010-0034:1", "2023-2281-1337", "21/00003",
         "KS 2026/00123:7", "BUN-2026/7", "ÄN 2026/1"]


def test_every_pair_of_state_and_move_leads_where_it_is_said_or_is_refused() -> None:
    """A walk over all of them: the table is whole, and nothing leads out of it."""
    for state in State:
        for move in Move:
            allowed = states.MOVES[state].get(move)
            if allowed is None:
                with pytest.raises(Conflict):
                    states.after(state, move)
            else:
                assert states.after(state, move) is allowed
    reached = {State.UNDECIDED}
    for _ in State:
        reached |= {to for state in reached for to in states.MOVES[state].values()}
    assert reached == set(State)
    assert {to for moves in states.MOVES.values() for to in moves.values()} <= set(State)


@pytest.mark.parametrize("exit_,number,state", [
    (None, None, State.UNDECIDED), ("register", None, State.WAITING),
    ("register", "KS 2026/1", State.REGISTERED), ("keep", None, State.KEPT),
    ("minor", None, State.MINOR),
])
def test_a_row_shows_its_state(exit_: str | None, number: str | None, state: State) -> None:
    row: Any = SimpleNamespace(exit=exit_, diary_number=number)
    assert states.of(row) is state


def test_a_reference_is_the_same_for_ever_and_found_however_it_is_written() -> None:
    made = references.make("3f0b0b0e-8a61-4c5e-9a55-2f7f3c1f6a10")
    assert made == references.make("3f0b0b0e-8a61-4c5e-9a55-2f7f3c1f6a10")
    assert made != references.make("3f0b0b0e-8a61-4c5e-9a55-2f7f3c1f6a10", 1)
    bare = made.replace("-", "")
    for text in (made, made.lower(), bare, made.replace("-", "–"), f"Ref: {made}, KS 2026/1"):
        assert references.find(text) == ([made], []), text


def test_every_wrong_sign_and_every_swap_of_neighbours_is_seen(
    tries: Callable[[int, int], int]
) -> None:
    chance = random.Random(5)
    for _ in range(tries(20, 2000)):
        made = references.make(str(chance.random()))
        signs = made[3:].replace("-", "")
        for at, sign in enumerate(signs):
            for other in references.SIGNS.replace(sign, ""):
                wrong = signs[:at] + other + signs[at + 1:]
                assert references.find(f"BV-{wrong}")[0] == [], (made, wrong)
        for at in range(len(signs) - 1):
            swapped = signs[:at] + signs[at + 1] + signs[at] + signs[at + 2:]
            assert swapped == signs or references.find(f"BV-{swapped}")[0] == []


@pytest.mark.parametrize("number", KNOWN)
def test_a_known_form_of_number_is_taken_from_any_kind_of_line(number: str) -> None:
    code = references.make("1")
    for text in (f"{code} {number}", f"{code}\t{number}", f"{number};{code}", f"{code}: Dnr {number}",
                 f'"{code}";"{number}"', f"{code}, diarienummer: {number}"):
        (line,) = numbers.read(text)
        assert (line.reference, line.number, line.fault) == (code, number, ""), text


@pytest.mark.parametrize("text", ["", "KS", "2026", "=1+1", "KS 2026/1 x", "<b>1/2</b>", "9" * 70])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        numbers.checked(text)


def test_no_line_is_lost_and_none_is_invented(tries: Callable[[int, int], int]) -> None:
    """Whatever is pasted, each line that says something comes back once, kept or with a fault."""
    chance = random.Random(11)
    parts = [references.make("1"), references.make("2"), "BV-0000-0001", "KS 2026/1", "KS 2026/2",
             "\t", ";", " ", "x", "BV-", "2026/1", "Å", "=", "\u00a0", "'"]
    for _ in range(tries(300, 30_000)):
        rows = ["".join(chance.choices(parts, k=chance.randint(0, 5))) for _ in range(6)]
        said = [(at, row) for at, row in enumerate(rows, 1) if row.strip()]
        if not said:
            continue
        lines = numbers.read("\n".join(rows))
        assert [(line.at, line.text) for line in lines] == said
        good = {(line.reference, line.number) for line in lines if not line.fault}
        assert len({pair[0] for pair in good}) == len({pair[1] for pair in good}) == len(good)
