"""Figures: measured A against B in one run, printed as a table and kept in bench-results.json."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.bench.figures import Figure, Figures, table

RESULTS = Path(__file__).parents[2] / "bench-results.json"


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Give the list that a measurement puts its figures on."""
    made = Figures()
    yield made
    kept = {one["figure"]: one for one in _known()}
    kept |= {one.figure: asdict(one) for one in made.all}
    RESULTS.write_text(json.dumps(list(kept.values()), indent=2, ensure_ascii=False) + "\n",
                       encoding="utf-8")
    print("\n" + table([Figure(**one) for one in kept.values()], {one.figure for one in made.all}))


def _known() -> list[dict[str, object]]:
    if not RESULTS.exists():
        return []
    found: list[dict[str, object]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def calm() -> None:
    """Say when the machine is too busy for single numbers to mean much; ratios still do."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    if load > 2 * cores:
        print(f"load {load:.1f} on {cores} cores: compare ratios only")
