"""Run the saver under strace, which can count, record and break its disk calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.aftermath import promises

ROOT = Path(__file__).parents[2]
SAVES = 20


def run(
    folder: Path, expression: str, *options: str, saves: int = SAVES, mutant: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Save `saves` captures in `folder` under the strace `expression`; skip where it cannot be."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    command = ["strace", "-f", "-qq", "--seccomp-bpf", *(options or ("-o", "/dev/null")),
               "-e", expression, sys.executable, "-m", "tests.faults.saver", str(folder), "0",
               str(saves), *([mutant] if mutant else [])]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'server'}:{ROOT}"}
    result = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT,
                            check=False)
    if "Operation not permitted" in result.stderr:
        pytest.skip("ptrace is not allowed here")
    return result


def calls(folder: Path, names: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Return how often an undisturbed run makes each call: (while opening, while saving).

    strace counts `when` for each thread and call by itself; opening and saving are two threads.
    """
    folder.mkdir()
    log = folder / "calls.log"
    result = run(folder, f"trace={','.join(names)}", "-o", str(log))
    assert len(promises(result.stdout)) == SAVES, result.stderr
    made = Counter(tuple(line.split("(")[0].split()) for line in log.read_text(errors="replace")
                   .splitlines() if "(" in line and "resumed" not in line)
    opener = min(made, key=lambda key: int(key[0]))[0]
    saver = Counter({name: count for (thread, name), count in made.items() if thread != opener})
    return {name: (made[opener, name], saver[name]) for name in names}
