"""A parcel goes no faster than it may, and stops when somebody says so."""

from __future__ import annotations

import pytest

from bevara.archive.receivers import Stopped
from bevara.archive.receivers.pace import LARGEST, NAP, Pace
from tests.receiving import Looker


class Watchmaker:
    """A clock that goes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_bytes_take_the_time_that_the_limit_says() -> None:
    clock, looker = Watchmaker(), Looker(limit=100_000)
    pace = Pace(looker, clock.monotonic, clock.sleep)
    for _ in range(50):
        pace.sent(pace.chunk)
    assert clock.now == pytest.approx(10.0) and max(clock.slept) <= NAP
    assert looker.seen[-1] == 1_000_000


def test_what_is_read_back_takes_its_time_and_is_no_progress() -> None:
    clock, looker = Watchmaker(), Looker(limit=100_000)
    pace = Pace(looker, clock.monotonic, clock.sleep)
    pace.stood(700_000)
    pace.waited(200_000)
    assert clock.now == pytest.approx(2.0) and set(looker.seen) == {700_000}


def test_without_a_limit_nothing_waits_and_time_that_passed_is_no_credit() -> None:
    clock, looker = Watchmaker(), Looker()
    pace = Pace(looker, clock.monotonic, clock.sleep)
    pace.sent(pace.chunk)
    assert clock.slept == [] and looker.seen == [LARGEST]
    clock.now, looker.limit = 3600.0, 100_000
    pace.sent(100_000)
    assert clock.now == pytest.approx(3601.0)


def test_a_slow_parcel_can_be_paused_between_two_bytes() -> None:
    def stop(_: int) -> None:
        if clock.now > 1:
            raise Stopped

    clock = Watchmaker()
    pace = Pace(Looker(limit=1000, act=stop), clock.monotonic, clock.sleep)
    with pytest.raises(Stopped):
        pace.sent(1_000_000)
    assert clock.now < 1 + 2 * NAP
