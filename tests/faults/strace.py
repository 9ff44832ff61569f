"""Run the saver under strace, which can count, record and break its disk calls."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.faults import forked, saver
from tests.faults.aftermath import promises

SAVES = 20


def run(
    folder: Path, expression: str, *options: str, saves: int = SAVES, mutant: str | None = None
) -> forked.Ended:
    """Save `saves` captures in `folder` under the strace `expression`; skip where it cannot be."""
    return forked.traced([*(options or ("-o", "/dev/null")), "-e", expression],
                         saver.main, folder, 0, saves, mutant)


def calls(folder: Path, names: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Return how often an undisturbed run makes each call: (while opening, while saving).

    strace counts `when` for each thread and call by itself; one thread opens, one writes pictures
    and one commits. The busier of the last two is counted.
    """
    folder.mkdir()
    log = folder / "calls.log"
    result = run(folder, f"trace={','.join(names)}", "-o", str(log))
    assert len(promises(result.output)) == SAVES, result.output
    made = Counter(tuple(line.split("(")[0].split()) for line in log.read_text(errors="replace")
                   .splitlines() if "(" in line and "resumed" not in line)
    opener = min(made, key=lambda key: int(key[0]))[0]
    busiest = {name: max((count for (thread, call), count in made.items()
                          if call == name and thread != opener), default=0) for name in names}
    return {name: (made[opener, name], busiest[name]) for name in names}
