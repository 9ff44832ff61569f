"""The ways to a diary. Each sends one letter, and says how certain it is of what became of it."""

from __future__ import annotations


class Passing(Exception):
    """The counterpart has nothing, and may take it later. The words are for people."""


class Permanent(Exception):
    """The counterpart refuses it, and will until somebody changes something."""


class Unknown(Exception):
    """Nobody here can know whether the counterpart has it."""
