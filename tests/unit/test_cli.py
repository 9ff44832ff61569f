"""The command line begins at once, and every command that it lists is there."""

import pkgutil
import subprocess
import sys

from bevara import cli


def test_a_command_waits_for_nothing_that_it_does_not_use() -> None:
    program = "import sys, bevara.cli; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_command_that_is_listed_can_be_run() -> None:
    assert set(cli.ARGUMENTS) <= set(cli.COMMANDS)
    named = [*cli.ARGUMENTS.values(), *(function for _, function in cli.COMMANDS.values())]
    assert all(callable(pkgutil.resolve_name(one)) for one in named)
