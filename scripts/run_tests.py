"""Run every suite, print each one's tries and time, and end with one line of counts."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)")
PYTEST = [sys.executable, "-m", "pytest", "-q"]
LINTERS = {
    "ruff": [sys.executable, "-m", "ruff", "check", "server", "tests", "scripts"],
    "mypy": [sys.executable, "-m", "mypy"],
    "import-linter": [str(Path(sys.executable).parent / "lint-imports")],
    "tsc": ["npx", "--no-install", "tsc", "--noEmit"],
}
SUITES = {
    "unit": ["tests/unit"],
    "functional": ["tests/functional"],
    "packaging": ["tests/packaging"],
    "browser": ["tests/browser"],
    "faults": ["tests/faults"],
}


def main(mode: str) -> int:
    """Run the suites of `mode` (lint, short, long); return 0 when nothing failed."""
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    results: dict[str, dict[str, float]] = {}
    for name, command in LINTERS.items():
        add(totals, results, name, lint(name, command))
    if mode != "lint":
        for name, paths in SUITES.items():
            if any((ROOT / path).is_dir() for path in paths):
                add(totals, results, name, suite([*PYTEST, *paths], mode))
    if mode == "long":
        write_results(results)
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped")
    return 1 if totals["failed"] else 0


def add(
    totals: dict[str, int], results: dict[str, dict[str, float]], name: str,
    found: dict[str, float],
) -> None:
    """Print a suite's line and add it to the totals."""
    results[name] = found
    for key in totals:
        totals[key] += int(found[key])
    print(f"== {name}: {found['passed']:.0f} passed, {found['failed']:.0f} failed, "
          f"{found['skipped']:.0f} skipped, {found['seconds']:.0f} s", flush=True)


def lint(name: str, command: list[str]) -> dict[str, float]:
    """Run a linter; one try."""
    started = time.monotonic()
    if name == "tsc":
        if shutil.which("npm") is None:
            print("tsc: npm saknas")
            return {"passed": 0, "failed": 0, "skipped": 1, "seconds": 0}
        install = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        if not (ROOT / "node_modules/typescript").is_dir():
            subprocess.run(install, cwd=ROOT, check=False)
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return {"passed": int(code == 0), "failed": int(code != 0), "skipped": 0,
            "seconds": time.monotonic() - started}


def suite(command: list[str], mode: str) -> dict[str, float]:
    """Run pytest with the counts of `mode`; show its output as it comes."""
    started = time.monotonic()
    environment = {**os.environ, "BEVARA_TESTS": mode}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    last = ""
    for line in process.stdout:
        print(line, end="", flush=True)
        if COUNT.search(line) and " in " in line:
            last = line
    code = process.wait()
    found = {word: int(number) for number, word in COUNT.findall(last)}
    failed = found.get("failed", 0) + found.get("error", 0) + found.get("errors", 0)
    return {"passed": found.get("passed", 0), "failed": max(failed, int(code not in (0, 5))),
            "skipped": found.get("skipped", 0), "seconds": time.monotonic() - started}


def write_results(results: dict[str, dict[str, float]]) -> None:
    """Write fault-results.json: when, which commit, which machine, what was tried and failed."""
    tries = ROOT / ".fault-tries.json"
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True,
                            text=True, check=False).stdout.strip()
    document = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "machine": {"system": platform.platform(), "python": platform.python_version(),
                    "cores": os.cpu_count(), "load": os.getloadavg()[0]},
        "suites": {name: {key: round(value) for key, value in found.items()}
                   for name, found in results.items()},
        "tries": json.loads(tries.read_text()) if tries.exists() else {},
    }
    (ROOT / "fault-results.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "short"))
