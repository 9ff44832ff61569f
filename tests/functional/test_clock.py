"""A clock that is wrong refuses nothing for ever, and the log keeps the order."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bevara.kernel.tables import documents
from bevara.upkeep.verify import verify
from tests.client import Bevara, Device, problem
from tests.factories import capture

DAY, TO_2038 = 86_400, 400_000_000


@pytest.mark.parametrize("offset", [-DAY, DAY, TO_2038, 3600, -3600])
def test_a_browser_whose_clock_differs_is_told_and_works_when_it_is_right(
    bevara: Bevara, browser: Device, offset: int
) -> None:
    document = capture()
    bevara.clock.offset = offset
    answer = browser.save(document)
    assert problem(answer)[:2] == (401, "stale_signature")
    assert answer.get_json()["next"] == "Kontrollera datorns klocka."
    bevara.clock.offset = 0
    assert browser.save(document).status_code == 201


def test_the_log_keeps_the_order_whatever_the_clock_says(
    bevara: Bevara, browser: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day back, a day on, 2038 and the hour that comes twice in October."""
    times = ["2026-11-24T10:00:00.000Z", "2026-11-23T10:00:00.000Z", "2026-11-25T10:00:00.000Z",
             "2038-01-19T03:14:08.000Z", "2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z",
             "2027-03-28T00:59:59.000Z", "2027-03-28T01:00:00.000Z"]
    now: Callable[[str], Callable[[], str]] = lambda text: lambda: text  # noqa: E731
    saved = []
    for text in times:
        monkeypatch.setattr(bevara.clock, "now", now(text))
        receipt = browser.save(capture()).get_json()
        saved.append(receipt["capture_id"])
        assert receipt["received_at"] == text
    store = bevara.rooms.real_store
    with store.read() as connection:
        rows = connection.execute(select(documents.c.id).where(documents.c.kind == "capture")
                                  .order_by(documents.c.ledger_index)).scalars().all()
    assert rows == saved and verify(store).ok
