"""The ways to a diary. Each sends one letter, and says how certain it is of what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


class Passing(Exception):
    """The counterpart may take it later. The words are for people.

    It has nothing of it, unless `begun`: then the channel has to look again at what became of it.
    """

    def __init__(self, words: str, *, begun: bool = False) -> None:
        super().__init__(words)
        self.begun = begun


class Permanent(Exception):
    """The counterpart refuses it, and will until somebody changes something."""


class Unknown(Exception):
    """Nobody here can know whether the counterpart has it."""


class Begin(Protocol):
    """Keeps, durably, that the counterpart may have it from now on.

    `package` is the SHA-256 of what it gets, where a receipt repeats it.
    """

    def __call__(self, package: str | None = None) -> None:
        """Keep it, or raise `Conflict` when another worker has taken over."""


@dataclass(frozen=True)
class Returned:
    """What a counterpart that took a delivery answered: numbers by reference, or what is wrong."""

    numbers: dict[str, str]
    problem: str | None


class Found(Enum):
    """What a channel sees of a delivery whose worker is gone after it had begun."""

    ALL = auto()
    NOTHING = auto()
    UNCLEAR = auto()
