"""`bevara sync` killed at any moment: every package arrives whole and once, and the log knows it."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bevara.archive import agreement
from bevara.archive.delivery import choose, pack, rows
from bevara.archive.delivery.sync import Sync
from bevara.archive.delivery.wired import wired
from bevara.archive.packages import check
from bevara.archive.receivers import folder, settings
from bevara.config import Config
from bevara.diary.channels import place
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_deliveries as deliveries
from bevara.upkeep.verify import verify
from tests.client import running
from tests.factories import PNG, capture, picture
from tests.faults import forked
from tests.functional.test_registration import KEEP

Tries = Callable[[int, int], int]
COMMITTEES = ("Kommunstyrelsen", "Socialnämnden", "Byggnadsnämnden")
pytestmark = pytest.mark.faults


def no_pdf(papers: Any) -> list[None]:
    return [None for _ in papers]


def filled(data: Path) -> None:
    """Leave a store with comments of three committees, kept in order."""
    with running(data) as bevara:
        desk, browser = bevara.desk(), bevara.browser()
        for number, committee in enumerate(COMMITTEES * 2):
            shot = PNG + bytes([number]) * 70_000
            record = browser.save(capture(f"{number}", picture=picture(shot)), shot).get_json()["record_id"]
            desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"})
            answer = desk.post(f"/kommentarer/{record}/registrering", KEEP | {"namnd": committee})
            assert answer.status_code == 303, answer.text


def copied(filled: Path, data: Path, at: Path) -> None:
    """Begin anew with a copy of what was filled, and an empty folder to deliver in."""
    shutil.copytree(filled, data)
    at.mkdir()
    chosen = place.choose(Config(data), str(at), folder.ARCHIVE)
    settings.keep(Config(data), settings.Settings(settings.FOLDER, chosen))


def opened(data: Path) -> tuple[Config, Store]:
    return Config(data), Store(data / "register", Keys(data))


def work(data: Path, delay: float) -> None:
    """Make what is due if it is not made, bring all of it, and die after `delay` seconds."""
    threading.Timer(delay, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    config, store = opened(data)
    made = wired(config, store)
    if not rows.newest(store):
        choose.hand_over(store, agreement.read(config), "Anna Berg")
    given_back(store)
    Sync(made.way, made.agreed, made.accounts, no_pdf).all_due(store)
    os._exit(0)


def given_back(store: Store) -> None:
    """Let the leases of the dead run out, as time would."""
    store.write(lambda tx: tx.execute(deliveries.update().where(
        deliveries.c.state == rows.State.CLAIMED).values(lease_until="2000")).rowcount)


def test_every_package_arrives_whole_and_once_however_often_the_sender_dies(
    tmp_path: Path, tries: Tries
) -> None:
    kills, chance = tries(30, 1000), random.Random(5)
    filled(tmp_path / "data")
    killed = 0
    longest = 0.5
    while killed < kills:
        data, at = tmp_path / "once", tmp_path / "arkiv"
        copied(tmp_path / "data", data, at)
        while (ended := forked.ended(work, data, chance.uniform(0.0, longest))).code != 0:
            assert ended.code == -signal.SIGKILL, ended.output
            nothing_partial(at)
            killed += 1
            longest = longest * 1.05 if killed < kills else 60.0
        longest = max(0.05, longest * 0.8)
        whole(data, at)
        shutil.rmtree(data)
        shutil.rmtree(at)


def nothing_partial(at: Path) -> None:
    """Assert that whatever has a final name is all of it: a note has its package, and its sum."""
    for package in at.glob("[0-9a-f]*.zip"):
        assert list(check.problems(package)) == [], package
    for note in at.glob("[0-9a-f]*.json"):
        assert note.with_suffix(".zip").is_file()


def whole(data: Path, at: Path) -> None:
    """Assert that the archive has each package once, as the store and its log say."""
    _, store = opened(data)
    try:
        found = rows.newest(store)
        assert sorted(row.creator for row in found) == sorted(COMMITTEES)
        assert {row.state for row in found} == {rows.State.SENT}
        for row in found:
            package = at / f"{row.id}.zip"
            assert hashlib.sha256(package.read_bytes()).hexdigest() == row.sha256
            assert row.records == 2
        names = {path.name for path in at.iterdir() if not path.name.startswith("bevara-")}
        assert names == {f"{row.id}.{end}" for row in found for end in ("zip", "json")}
        outgoing = pack.place(store, "x").parent
        assert not outgoing.exists() or not list(outgoing.iterdir())
        assert verify(store).findings == []
    finally:
        store.close()
