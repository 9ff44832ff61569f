"""Deliveries over a channel that fails, by workers that are killed: none lost, none sent twice."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bevara.config import Config
from bevara.diary.channels import Passing, Unknown
from bevara.diary.delivery import outbox, settings
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.worker import Worker
from bevara.kernel import settings as kept_settings
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import deliveries
from tests.client import running
from tests.factories import capture
from tests.faults import forked
from tests.functional.test_registration import REGISTER

Tries = Callable[[int, int], int]
MAILBOX = "mailbox"
pytestmark = pytest.mark.usefixtures("quick_copies")


class MovedClock(Clock):
    """Goes six hours on each time it is pushed, so that no pause is waited out."""

    def __init__(self, pushed: int = 0) -> None:
        self.pushed = pushed

    def now(self) -> str:
        moved = datetime.fromisoformat(super().now()) + timedelta(hours=6 * self.pushed)
        return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def filled(folder: Path, number: int) -> None:
    """Leave a store whose one decided comment is to be delivered `number` times."""
    with running(folder) as bevara:
        desk, store = bevara.desk(), bevara.rooms.real_store
        record = str(bevara.browser().save(capture()).get_json()["record_id"])
        desk.post(f"/kommentarer/{record}/skal", {"skal": "profanity"})
        assert desk.post(f"/kommentarer/{record}/registrering", REGISTER).status_code == 303
        now = store.clock.now()
        store.write(lambda tx: [outbox.create(tx, settings.SMTP, [record], now, "bevara.invalid")
                                for _ in range(number)])
        kept_settings.change(folder, diary_channel=settings.SMTP)


def taken(folder: Path) -> list[str]:
    """Return what the counterpart took, in order."""
    path = folder / MAILBOX
    return path.read_text().split() if path.exists() else []


def states(store: Store) -> dict[str, State]:
    with store.read() as connection:
        rows = connection.execute(select(deliveries.c.id, deliveries.c.state)).all()
    return {row.id: State(row.state) for row in rows}


def take(folder: Path, found: Any) -> None:
    with (folder / MAILBOX).open("a") as mailbox:
        mailbox.write(f"{found.delivery.id}\n")
        mailbox.flush()
        os.fsync(mailbox.fileno())


def whole(found: dict[str, State], got: list[str], number: int) -> None:
    """Assert that nothing is lost or doubled, and that what is said to be sent was taken."""
    assert len(found) == number and set(found.values()) <= {State.SENT, State.UNCERTAIN}
    assert [id_ for id_, times in Counter(got).items() if times > 1] == [], "sent twice"
    sent = {id_ for id_, state in found.items() if state is State.SENT}
    assert sent <= set(got), "said to be sent, never taken"
    assert set(got) <= set(found)


def test_none_is_lost_and_none_sent_twice_over_a_channel_that_fails_a_fifth_of_the_time(
    tmp_path: Path, tries: Tries
) -> None:
    number, chance, folder = tries(150, 10_000), random.Random(47), tmp_path / "data"
    filled(folder, number)

    def failing(found: Any, _how: Any, begin: Callable[[], None]) -> None:
        luck = chance.random()
        if luck < 0.1:
            raise Passing("not now")
        begin()
        if luck < 0.15:
            raise Unknown("cut off before it was taken")
        take(tmp_path, found)
        if luck < 0.2:
            raise Unknown("cut off after it was taken")

    clock = MovedClock()
    store = Store(folder / "register", Keys(folder), clock)
    worker = Worker(Config(folder), store, {settings.SMTP: failing})
    while due := worker.look():
        for id_ in due:
            worker.attempt(id_)
        clock.pushed += 1
    found = states(store)
    store.close()
    whole(found, taken(tmp_path), number)
    uncertain = sum(state is State.UNCERTAIN for state in found.values())
    assert 0 < uncertain < number * 0.2, "the fault was there, and is told apart from passing ones"


def test_no_killed_worker_loses_a_delivery_or_lets_it_be_sent_twice(
    tmp_path: Path, tries: Tries
) -> None:
    kills, folder = tries(8, 1000), tmp_path / "data"
    number = kills * 2
    filled(folder, number)
    killed = 0
    while killed < kills:
        ended = forked.ended(work_until_killed, folder, tmp_path, killed)
        assert ended.code in (0, -signal.SIGKILL), ended.output
        if ended.code == 0:
            break
        killed += 1
    assert killed >= min(kills, 4)
    assert forked.ended(work_until_killed, folder, tmp_path, None).code == 0
    store = Store(folder / "register", Keys(folder))
    found = states(store)
    store.close()
    whole(found, taken(tmp_path), number)


def work_until_killed(folder: Path, outside: Path, seed: int | None) -> None:
    """Deliver all that is due; with a seed, die at a moment that it chooses."""
    chance = random.Random(seed)
    store = Store(folder / "register", Keys(folder), MovedClock((seed or 0) + 10_000 * (seed is None)))

    def deadly(found: Any, _how: Any, begin: Callable[[], None]) -> None:
        moment = chance.randrange(8) if seed is not None else 9
        for step, act in enumerate((lambda: None, begin, lambda: take(outside, found))):
            act()
            if moment == step:
                os.kill(os.getpid(), signal.SIGKILL)

    worker = Worker(Config(folder), store, {settings.SMTP: deadly}, lease=1)
    while due := worker.look():
        for id_ in due:
            worker.attempt(id_)
    store.close()
