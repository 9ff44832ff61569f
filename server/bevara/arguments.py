"""A command line whose help is Swedish throughout; argparse's own words are English."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import NoReturn


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that explains itself, and what it does not understand, in Swedish."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"formatter_class": _Help, "add_help": False, **options})  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "Argument", "Flaggor"
        self.add_argument("-h", "--help", action="help", help="visa den här hjälpen")

    def error(self, message: str) -> NoReturn:
        """Say that the command cannot be understood, show how it is written, and exit with 2."""
        print(f"Kommandot går inte att förstå ({message}).", file=sys.stderr)
        self.print_usage(sys.stderr)
        sys.exit(2)


class _Help(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup], prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "Så skrivs det: " if prefix is None else prefix)
