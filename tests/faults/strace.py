"""Run the saver under strace, which can count, record and break its disk calls."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.aftermath import promises

ROOT = Path(__file__).parents[2]
SAVES = 6


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


def calls(folder: Path, names: tuple[str, ...]) -> dict[str, int]:
    """Return how often an undisturbed run makes each call."""
    folder.mkdir()
    log = folder / "calls.log"
    result = run(folder, f"trace={','.join(names)}", "-o", str(log))
    assert len(promises(result.stdout)) == SAVES, result.stderr
    text = log.read_text(errors="replace")
    return {name: text.count(f" {name}(") for name in names}
