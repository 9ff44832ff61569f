"""A working day ago is the same clock on the latest weekday before."""

import pytest

from bevara.web import dates


@pytest.mark.parametrize("now,before", [
    ("2026-11-25T12:00:00.000Z", "2026-11-24T12:00:00.000Z"),
    ("2026-11-23T12:00:00.000Z", "2026-11-20T12:00:00.000Z"),
    ("2026-11-22T12:00:00.000Z", "2026-11-20T12:00:00.000Z"),
    ("2026-11-21T12:00:00.000Z", "2026-11-20T12:00:00.000Z"),
    ("2026-10-26T12:00:00.000Z", "2026-10-23T11:00:00.000Z"),
])
def test_a_weekend_is_no_working_day_and_summer_time_keeps_the_clock(now: str, before: str) -> None:
    assert dates.a_working_day_before(now) == before
