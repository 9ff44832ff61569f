"""List saved comments, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.kernel.text import foldable

PAGE = 50
TABS = ("saknar-skal", "alla")


@dataclass(frozen=True)
class Page:
    """A page of rows, how many there are in all, and how many in each tab."""

    rows: list[Row[Any]]
    total: int
    counts: dict[str, int]


def page(store: Store, tab: str = "alla", search: str = "", number: int = 1) -> Page:
    """Return page `number` (from 1): oldest first where it is work, newest first in *Alla*."""
    condition = _condition(tab)
    if search:
        condition = condition & records.c.search_text.contains(foldable(search), autoescape=True)
    order = records.c.created_at.asc() if tab == "saknar-skal" else records.c.created_at.desc()
    query = select(records).where(condition).order_by(order, records.c.id)
    with store.read() as connection:
        rows = connection.execute(query.limit(PAGE).offset((number - 1) * PAGE)).all()
        count = select(func.count()).select_from(records)
        total = connection.execute(count.where(condition)).scalar_one()
        counts = {t: connection.execute(count.where(_condition(t))).scalar_one() for t in TABS}
    return Page(list(rows), total, counts)


def _condition(tab: str) -> Any:
    if tab == "saknar-skal":
        return records.c.category.is_(None)
    return records.c.id.is_not(None)
