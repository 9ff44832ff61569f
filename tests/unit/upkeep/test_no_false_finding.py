"""A thousand steps of ordinary life, after each of which verify finds nothing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from bevara.kernel.keys import keyid
from bevara.upkeep.verify import verify
from tests.client import running
from tests.factories import capture
from tests.proving import reason


def test_nothing_is_found_where_nothing_was_changed(
    tmp_path: Path, tries: Callable[[int, int], int]
) -> None:
    """A life of its own for each run: browsers come and go, comments are saved, told of, sorted."""
    runs = tries(30, 1000)
    with running(tmp_path / "data") as bevara:
        chance, kept = random.Random(3), [bevara.browser()]
        saved: list[str] = []
        for number in range(runs):
            kept.append(bevara.browser()) if chance.random() < 0.05 else None
            browser = chance.choice(kept)
            document = capture("\U0001f600 " * chance.randrange(3) + str(number), comment={
                "id": chance.choice([None, str(chance.randrange(5))])})
            assert browser.save(document).status_code == 201
            saved.append(document["capture_id"])
            if chance.random() < 0.5:
                browser.observed(chance.choice(saved), chance.choice(["removed", "hidden"]))
            if chance.random() < 0.3:
                browser.put(f"captures/{chance.choice(saved)}/reason", reason())
            if number % 50 == 49:
                bevara.desk().post(f"/webblasare/{keyid(kept[0].public)}/aterkalla")
                kept = [*kept[1:], bevara.browser()]
            report = verify(bevara.rooms.real_store)
            assert report.ok, (number, report.findings)
