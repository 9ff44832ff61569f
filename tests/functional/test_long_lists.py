"""A list is found by its index and counted no further than people read, however long it is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from bevara.diary import waiting
from bevara.oversight import review
from bevara.records import list_records, tabs
from bevara.web import dates
from tests.client import Bevara, Desk, Device
from tests.factories import capture


def test_each_list_is_found_and_counted_by_an_index(bevara: Bevara) -> None:
    """By the statements that the pages make, not by ones that say the same."""
    made: list[tuple[str, Any]] = []
    store = bevara.rooms.real_store

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        made.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    list_records.counts(store)
    for tab in ("saknar-skal", "att-registrera", "vantar-pa-nummer", "ordnade"):
        list_records.page(store, tab, after="2026_x")
    waiting.in_order(store, "2026")
    review.unknown(store)
    event.remove(store.engine, "before_cursor_execute", note)
    with store.read() as connection:
        plans = [str(connection.exec_driver_sql(f"explain query plan {statement}", parameters).all())
                 for statement, parameters in made if "records" in statement]
    assert len(plans) >= 10
    for index in ("records_to_register", "records_waiting", "records_in_order", "records_unseen",
                  "records_without_reason"):
        assert any(index in plan for plan in plans), (index, plans)
    bare = [plan for plan in plans if "SCAN records'" in plan.replace('"', "'")]
    assert bare == []


def test_no_list_is_counted_further_than_people_read(
    bevara: Bevara, browser: Device, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dates, "MANY", 2)
    monkeypatch.setattr(tabs, "MANY", 2)
    for number in range(4):
        browser.save(capture(str(number)))
    page = desk.get("/kommentarer").text
    assert page.count('<span class="count">2+</span>') == 2
    assert list_records.count(bevara.rooms.real_store, "alla") == 3
