"""The queue that runs inside Bevara: it wakes, it catches up, and it sends nothing of an old copy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bevara.diary.delivery import outbox, settings, worker
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.tasks import Jobs
from bevara.kernel import settings as kept
from tests.client import Bevara, Desk, Device, running
from tests.functional.test_registration import registered, saved
from tests.second_copy import copied, opened, restored

PATIENCE = 20.0
"""Seconds; the queue looks every second one."""


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch, bevara: Bevara) -> list[str]:
    """Choose a channel that takes every letter; return the deliveries it took."""
    found: list[str] = []

    def take(letter: Any, _how: Any, begin: Any) -> None:
        begin()
        found.append(letter.delivery.id)

    monkeypatch.setattr(worker, "SENDERS", {settings.SMTP: take})
    kept.change(bevara.rooms.config.data_dir, diary_channel=settings.SMTP)
    return found


@pytest.fixture
def jobs(bevara: Bevara, taken: list[str]) -> Iterator[Jobs]:
    made = Jobs(bevara.rooms.config, bevara.rooms.real_store)
    yield made
    made.stop()


def queued(desk: Desk) -> str:
    return desk.post("/leveranser", {}).headers["Location"].rpartition("/")[2]


def wait_until_sent(bevara: Bevara, id_: str) -> None:
    until = time.monotonic() + PATIENCE
    while State(outbox.read(bevara.rooms.real_store, id_).state) is not State.SENT:
        assert time.monotonic() < until, outbox.read(bevara.rooms.real_store, id_)
        time.sleep(0.05)


def test_a_delivery_goes_when_its_button_is_pressed(
    bevara: Bevara, browser: Device, desk: Desk, taken: list[str], jobs: Jobs
) -> None:
    jobs.start()
    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    wait_until_sent(bevara, id_)
    assert taken == [id_]


def test_what_waited_while_bevara_was_off_goes_at_its_start(
    bevara: Bevara, browser: Device, desk: Desk, taken: list[str], jobs: Jobs
) -> None:
    registered(desk, saved(browser, desk))
    id_ = queued(desk)
    jobs.huey.flush()
    jobs.start()
    wait_until_sent(bevara, id_)
    assert taken == [id_]


def test_what_waited_in_a_restored_copy_is_left_to_a_person(tmp_path: Path) -> None:
    with running(tmp_path / "old") as bevara:
        desk = bevara.desk()
        registered(desk, saved(bevara.browser(), desk))
        kept.change(bevara.rooms.config.data_dir, diary_channel=settings.SMTP)
        id_ = queued(desk)
    copied(tmp_path / "old", tmp_path / "place")
    restored(tmp_path / "place", tmp_path / "new")
    with opened(tmp_path / "new") as store:
        assert State(outbox.read(store, id_).state) is State.UNCERTAIN
        assert outbox.due(store) == []
