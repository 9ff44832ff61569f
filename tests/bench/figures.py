"""Measure two ways of doing the same thing in turns, and say how they compare."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Way = Callable[[], object]
"""Does the thing, or makes it ready and returns what does it: only the latter is timed."""


@dataclass(frozen=True)
class Figure:
    """One line of bench-results.json.

    `ratio` is A over B, or a plain value when the name carries its unit. `goal` is written as
    people read it (`<= 1.3`); None means that the figure is published without a goal. `load` is
    the machine's one-minute load when it was measured.
    """

    figure: str
    ratio: float
    goal: str | None
    met: bool | None
    n: int
    load: float


@dataclass
class Figures:
    """The figures of one run."""

    all: list[Figure] = field(default_factory=list)

    def put(self, figure: str, ratio: float, goal: str | None, n: int) -> None:
        """Add a figure; whether its goal is met follows from `goal`."""
        met = None if goal is None else reached(ratio, goal)
        self.all.append(Figure(figure, round(ratio, 3), goal, met, n, round(os.getloadavg()[0], 1)))


def reached(ratio: float, goal: str) -> bool:
    """Tell whether `ratio` keeps a goal such as `<= 1.3` or `>= 3`."""
    sign, bound = goal.split()
    return ratio <= float(bound) if sign == "<=" else ratio >= float(bound)


@dataclass(frozen=True)
class Times:
    """Seconds of every round, of A and of B."""

    a: list[float]
    b: list[float]

    def faster(self) -> float:
        """Return how many times A's median goes into B's."""
        return percentile(self.b, 50) / percentile(self.a, 50)

    def ratio(self, percent: int) -> float:
        """Return A's percentile over B's."""
        return percentile(self.a, percent) / percentile(self.b, percent)


def percentile(values: list[float], percent: int) -> float:
    """Return the value that `percent` of the values do not pass (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def alternate(a: Way, b: Way, n: int, warm: int = 3) -> Times:
    """Run A and B in turns, `n` times each after `warm` that do not count; who starts alternates.

    The load and drift of a shared machine then meet both the same.
    """
    for way in [a, b] * warm:
        seconds(way)
    times = Times([], [])
    for number in range(n):
        pairs = [(a, times.a), (b, times.b)]
        for way, kept in pairs if number % 2 else reversed(pairs):
            kept.append(seconds(way))
    return times


def seconds(way: Way) -> float:
    """Return how long one run takes, without what makes it ready."""
    started = time.perf_counter()
    made = way()
    if callable(made):
        started = time.perf_counter()
        made()
    return time.perf_counter() - started


def table(figures: list[Figure], fresh: set[str]) -> str:
    """Return the figures as lines to read; those of an earlier run are marked."""
    head = f"{'figure':<72} {'ratio':>8} {'goal':>9} {'met':>4} {'n':>5} {'load':>5}"
    lines = [
        f"{one.figure:<72} {one.ratio:>8.3f} {one.goal or '-':>9} {MET[one.met]:>4} {one.n:>5} "
        f"{one.load:>5.1f}{'' if one.figure in fresh else '  (earlier)'}" for one in figures
    ]
    return "\n".join([head, *lines])


MET = {True: "yes", False: "NO", None: "-"}


def milliseconds(values: list[float]) -> str:
    """Return median, p95 and p99 as a line to print."""
    parts = [statistics.median(values), percentile(values, 95), percentile(values, 99)]
    return " / ".join(f"{1000 * part:.2f}" for part in parts) + " ms (p50/p95/p99)"
