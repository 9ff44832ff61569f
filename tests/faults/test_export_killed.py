"""An export or an import that is killed leaves nothing that looks whole, and the next one is whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bevara.archive.exit import bring, export
from bevara.kernel.clock import Clock
from tests.client import running
from tests.factories import PNG, capture, picture
from tests.faults import forked

Tries = Callable[[int, int], int]
pytestmark = pytest.mark.faults


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with running(tmp_path / "data") as bevara:
        browser = bevara.browser()
        for number in range(20):
            shot = PNG + bytes([number]) * 70_000
            assert browser.save(capture(f"{number}", picture=picture(shot)), shot).status_code == 201
    return tmp_path / "data"


def dying(delay: float) -> None:
    threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()


def export_until_killed(data: Path, target: Path, delay: float) -> None:
    dying(delay)
    export.export(data, target, Clock())
    os._exit(0)


def import_until_killed(source: Path, data: Path, delay: float) -> None:
    dying(delay)
    bring.bring(source, data, Clock())
    os._exit(0)


def killed(work: Callable[..., None], tries: int, source: Path, target: Path) -> Path:
    """Kill so many times, with nothing at `target` after each; let one live; return it."""
    chance, longest, dead = random.Random(3), 0.6, 0
    while dead < tries:
        ended = forked.ended(work, source, target, chance.uniform(0.0, longest))
        assert ended.code in (0, -signal.SIGKILL), ended.output
        if ended.code == 0:
            shutil.rmtree(target)
            longest = max(0.05, longest * 0.8)
        elif target.exists():
            assert work is export_until_killed, "the name comes last"
            shutil.rmtree(target)
        dead += ended.code != 0
    assert forked.ended(work, source, target, 60.0).code == 0
    return target


def test_whatever_is_killed_the_next_export_and_import_are_whole(
    data: Path, tmp_path: Path, tries: Tries
) -> None:
    made = killed(export_until_killed, tries(10, 300), data, tmp_path / "ut")
    assert [path.name for path in tmp_path.glob(".ut*")] == []
    killed(import_until_killed, tries(10, 300), made, tmp_path / "ny")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("ny")) == ["ny"]
    assert bring.bring(made, tmp_path / "ny2", Clock()).report.findings == []
    with running(tmp_path / "ny") as other:
        assert other.browser().save(capture("Efter")).status_code == 201
