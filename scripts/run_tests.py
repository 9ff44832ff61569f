"""Run every suite, print each one's tries and time, and end with one line of counts.

`run_tests.py short`, `long` or `lint`. With names after it (`long browser faults`), only those
suites: fault-results.json keeps of the others what their last run found.

In a short run a few tests whose browser was late are tried once more, alone: the machine may have
been busy with something else. The last line counts what only then passed, and its first reason is
said. What was asserted and did not hold gets no second try, and a long run gives none.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)")
HEADING = re.compile(r"(==+|__+) (.+) \1.?$")
KEPT, WIDTH = 15, 400
"""How many of a failed test's last `E` lines are said again, and how much of each."""
FEW = 5
"""How many failed tests are tried once more; more than that is no busy machine."""
PYTEST = [sys.executable, "-m", "pytest", "-q"]
LATE = re.compile(r"playwright\._impl\._errors|TimeoutError|Call log:")
"""What a browser says that was waited for in vain, or that was asked while a page was coming."""
AGAIN = ["--last-failed", "--last-failed-no-failures=none"]
TOGETHER = ["--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder"]
"""A test that waits for a browser or a disk leaves its core to another; a third at once gains
nothing. Files stay whole, since their tests share a browser, and begin as tests/longest.py says."""
TRIES = ROOT / ".fault-tries"
RESULTS = ROOT / "fault-results.json"
LINTERS = {
    "ruff": [sys.executable, "-m", "ruff", "check", "server", "tests", "scripts"],
    "mypy": [sys.executable, "-m", "mypy"],
    "import-linter": [str(Path(sys.executable).parent / "lint-imports")],
    "tsc": ["npx", "--no-install", "tsc", "--noEmit"],
}
NPM = tuple(json.loads((ROOT / "package.json").read_text())["devDependencies"])
SUITES = {
    "unit": [*TOGETHER, "tests/unit"],
    "functional": [*TOGETHER, "tests/functional"],
    "packaging": [*TOGETHER, "tests/packaging"],
    "browser": [*TOGETHER, "tests/browser"],
    "faults": [*TOGETHER, "tests/faults"],
}


def main(mode: str, *only: str) -> int:
    """Run the suites of `mode` (lint, short, long); return 0 when nothing failed."""
    totals, failures, late = {"passed": 0, "failed": 0, "skipped": 0}, list[str](), 0
    shutil.rmtree(TRIES, ignore_errors=True)
    for name, found in ({} if only else linted()).items():
        add(totals, name, found)
        failures += [f"{name} failed"] * int(found["failed"])
    for name, arguments in SUITES.items():
        if mode != "lint" and (not only or name in only):
            found, lines = suite([*PYTEST, *arguments], mode)
            if found["failed"]:
                failures += reasons(lines) or [f"{name} failed", *lines[-KEPT:]]
            if mode == "short":
                late += once_more(found, lines, arguments)
            add(totals, name, found)
            if mode == "long":
                write_result(name, found)
    for line in failures:
        print(line[:WIDTH])
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped"
          + f", {late} passed only on a second try" * bool(late))
    return 1 if totals["failed"] else 0


def add(totals: dict[str, int], name: str, found: dict[str, float]) -> None:
    """Print a suite's line and add it to the totals."""
    for key in totals:
        totals[key] += int(found[key])
    print(f"== {name}: {found['passed']:.0f} passed, {found['failed']:.0f} failed, "
          f"{found['skipped']:.0f} skipped, {found['seconds']:.0f} s", flush=True)
    for test, count in tried(f"tests/{name}/").items():
        print(f"   {test}: {count} tries", flush=True)


def tried(start: str = "") -> dict[str, int]:
    """Return how many tries each counting test made, of those whose name begins with `start`."""
    found = [json.loads(path.read_text()) for path in TRIES.glob("*.json")]
    return {one["test"]: one["tries"] for one in sorted(found, key=lambda one: str(one["test"]))
            if one["test"].startswith(start)}


def linted() -> dict[str, dict[str, float]]:
    """Run the linters at once; return what each found."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(LINTERS, pool.map(lint, LINTERS, LINTERS.values()), strict=True))


def lint(name: str, command: list[str]) -> dict[str, float]:
    """Run a linter; one try."""
    started = time.monotonic()
    if name == "tsc":
        if shutil.which("npm") is None:
            print("tsc: npm saknas")
            return {"passed": 0, "failed": 0, "skipped": 1, "seconds": 0}
        install = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
        if not all((ROOT / "node_modules" / name).is_dir() for name in NPM):
            subprocess.run(install, cwd=ROOT, check=False)
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    code = done.returncode
    print(done.stdout, end="", flush=True)
    return {"passed": int(code == 0), "failed": int(code != 0), "skipped": 0,
            "seconds": time.monotonic() - started}


def reasons(lines: list[str]) -> list[str]:
    """Return the heading of each failed test in pytest's output, then its last `E` lines."""
    return [line for test, said in by_test(lines).items()
            for line in (f"-- {test}", *said[-KEPT:])]


def by_test(lines: list[str]) -> dict[str, list[str]]:
    """Return the `E` lines of each failed test in pytest's output, by its heading."""
    found: dict[str, list[str]] = {}
    part = test = ""
    for line in lines:
        heading = HEADING.match(line)
        if heading and heading[1][0] == "=":
            part = heading[2]
        elif heading and part in ("FAILURES", "ERRORS"):
            test = heading[2]
            found[test] = []
        elif part in ("FAILURES", "ERRORS") and test and line.startswith("E "):
            found[test].append(line)
    return found


def suite(command: list[str], mode: str) -> tuple[dict[str, float], list[str]]:
    """Run pytest with the counts of `mode`; show its output as it comes and return it."""
    started = time.monotonic()
    environment = {**os.environ, "BEVARA_TESTS": mode}
    # Hundreds of processes are started; each would compile all of Bevara anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    last, lines = "", list[str]()
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line.rstrip())
            if COUNT.search(line) and " in " in line:
                last = line
    code = process.returncode
    found = {word: int(number) for number, word in COUNT.findall(last)}
    failed = found.get("failed", 0) + found.get("error", 0) + found.get("errors", 0)
    return {"passed": found.get("passed", 0), "failed": max(failed, int(code not in (0, 5))),
            "broken": int(code not in (0, 1, 5)), "skipped": found.get("skipped", 0),
            "seconds": time.monotonic() - started}, lines


def once_more(found: dict[str, float], lines: list[str], arguments: list[str]) -> int:
    """Try a suite's few tests that were late again, alone; count in `found` and return those that
    pass. None is tried when one of them failed for another reason.
    """
    said = by_test(lines).values()
    late = bool(said) and all(LATE.search("\n".join(one)) for one in said)
    if not 0 < found["failed"] <= FEW or found["broken"] or not late:
        return 0
    alone = [one for one in arguments if one not in TOGETHER]
    again, _ = suite([*PYTEST, *alone, *AGAIN], "short")
    found["failed"] -= again["passed"]
    found["passed"] += again["passed"]
    found["seconds"] += again["seconds"]
    return int(again["passed"])


def write_result(name: str, found: dict[str, float]) -> None:
    """Put a suite into fault-results.json: when, which commit, which machine, what was tried."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True,
                            text=True, check=False).stdout.strip()
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    known[name] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit,
        "machine": {"system": platform.platform(), "python": platform.python_version(),
                    "cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)},
        **{key: round(value) for key, value in found.items() if key != "broken"},
        "tries": tried(f"tests/{name}/"),
    }
    RESULTS.write_text(json.dumps(known, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["short"])))
