"""List saved comments, a page at a time.

Pages are found by where the last one ended, not by number, so that depth costs nothing.
Words are looked for in the text alone: whoever looks for a person needs a purpose (see README).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, true, tuple_

from bevara.errors import NotFound
from bevara.kernel.store import Store
from bevara.kernel.tables import records, unindexed
from bevara.kernel.text import foldable
from bevara.records import secrecy, tabs, word_index
from bevara.records.tabs import Tab
from bevara.web import dates

PAGE = 50
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see; empty means everything. `since` and `until` are Swedish days;
    `possible` is what is closed without a marking."""

    words: str = ""
    account: str = ""
    category: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    possible: bool = False


@dataclass(frozen=True)
class Page:
    """Rows, how many each tab holds, and the places just before and after the page."""

    tab: Tab
    rows: list[Row[Any]]
    counts: dict[str, int]
    before: str | None
    after: str | None

    @property
    def total(self) -> int:
        """Return how many the whole tab holds."""
        return self.counts[self.tab.id]


def page(
    store: Store, tab: str = "alla", filters: Filters | None = None, *,
    after: str = "", before: str = "",
) -> Page:
    """Return the page that follows the place `after`, or that ends at the place `before`.

    Raises `NotFound` for an unknown tab or place, `Invalid` for a date that is none.
    """
    found = tabs.listed(tab)
    if found is None:
        raise NotFound("Fliken finns inte.")
    wanted = and_(_of(found), *_conditions(filters or Filters()))
    place, backwards = _place(after or before), bool(before)
    words = filters.words.split() if filters else []
    ascending = found.oldest_first != backwards
    if words:
        rows = _searched(store, words, wanted, ascending, place)
    else:
        with store.read() as connection:
            rows = _rows(connection, wanted, ascending, place)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    first, last = (place_of(rows[0]), place_of(rows[-1])) if rows else (None, None)
    return Page(found, rows, counts(store), first if (more if backwards else place) else None,
                last if (place if backwards else more) else None)


def chosen(store: Store, ids: list[str]) -> list[Row[Any]]:
    """Return the rows with these ids, oldest first; at most a page. Unknown ids have none."""
    key = (records.c.created_at, records.c.id)
    query = select(records).where(records.c.id.in_(ids[:PAGE])).order_by(*key)
    with store.read() as connection:
        return list(connection.execute(query).all())


def counts(store: Store) -> dict[str, int]:
    """Return how many each tab that is shown holds."""
    with store.read() as connection:
        return {item.id: item.number(connection, store.clock.now()) for item in tabs.shown()}


def number(store: Store, filters: Filters) -> int:
    """Return how many records fit the filters, or one more than `MANY`."""
    with store.read() as connection:
        return tabs.counted(connection, and_(true(), *_conditions(filters)))


def count(store: Store, tab: str) -> int:
    """Return how many a tab holds."""
    with store.read() as connection:
        return tabs.of(tab).number(connection, store.clock.now())


def without_reason(store: Store) -> tuple[int, int]:
    """Return how many lack a reason, and how many of them have for more than a working day; each
    at most one more than `MANY`.
    """
    found = tabs.listed("saknar-skal")
    assert found is not None
    late = dates.a_working_day_before(store.clock.now())
    with store.read() as connection:
        return (tabs.counted(connection, _of(found)),
                tabs.counted(connection, _of(found) & (records.c.created_at < late)))


def beside(store: Store, tab: str, row: Row[Any]) -> tuple[str | None, str | None]:
    """Return the ids before and after a record in the tab's order; None at an end."""
    found = tabs.listed(tab) or tabs.listed("alla")
    assert found is not None
    here = (row.created_at, row.id)
    with store.read() as connection:
        earlier = _rows(connection, _of(found), not found.oldest_first, here, 1)
        later = _rows(connection, _of(found), found.oldest_first, here, 1)
    return (earlier[0].id if earlier else None), (later[0].id if later else None)


def place_of(row: Row[Any]) -> str:
    """Return where a row stands, for an address."""
    return f"{row.created_at}_{row.id}"


def _place(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    at, mark, id_ = text.partition("_")
    if not mark or len(text) > 100:
        raise NotFound("Sidan finns inte.")
    return at, id_


def _rows(
    connection: Connection, wanted: ColumnElement[bool], ascending: bool,
    place: tuple[str, str] | None, limit: int = PAGE + 1,
) -> list[Row[Any]]:
    key = (records.c.created_at, records.c.id)
    query = select(records).where(wanted).limit(limit)
    query = query.order_by(*(column.asc() if ascending else column.desc() for column in key))
    if place is not None:
        here = tuple_(*key)
        query = query.where(here > place if ascending else here < place)
    return list(connection.execute(query).all())


def _searched(
    store: Store, words: list[str], wanted: ColumnElement[bool], ascending: bool,
    place: tuple[str, str] | None,
) -> list[Row[Any]]:
    """Return the rows of a page: those that the index proposes, in the order that they came, and
    what it has not read yet; or, when it cannot tell, those that the list itself finds.
    """
    with store.read() as connection:
        unread = select(unindexed.c.id)
        behind = place is None or connection.execute(
            unread.where(unindexed.c.id == place[1]).limit(1)).first() is not None
        unread_ones = partial(_rows, connection, wanted & records.c.id.in_(unread), ascending)
        try:
            proposed = word_index.proposed(
                store, [word for word in words if not DATE.fullmatch(word)],
                place[1] if place and not behind else None, ascending)
            if proposed is None:
                return _rows(connection, wanted, ascending, place)
            known = _looked_at(connection, wanted & records.c.id.not_in(unread), proposed)
            if ascending:
                first = [] if behind and place else list(islice(known, PAGE + 1))
                return (first + unread_ones(place if behind else None))[:PAGE + 1]
            newest = unread_ones(place) if behind else []
            return newest + list(islice(known, PAGE + 1 - len(newest)))
        except sqlite3.DatabaseError:
            return _rows(connection, wanted, ascending, place)


def _looked_at(
    connection: Connection, wanted: ColumnElement[bool], proposed: Iterator[list[str]]
) -> Iterator[Row[Any]]:
    """Yield the rows among the proposed ids that are wanted, in the order proposed."""
    for ids in proposed:
        rows = {row.id: row for row in connection.execute(
            select(records).where(wanted, records.c.id.in_(ids)))}
        yield from (rows[id_] for id_ in ids if id_ in rows)


def _of(tab: Tab) -> ColumnElement[bool]:
    assert tab.condition is not None
    return tab.condition


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found = [_word(word) for word in filters.words.split()]
    for column, value in ((records.c.account_id, filters.account),
                          (records.c.category, filters.category),
                          (records.c.action, filters.action)):
        if value:
            found.append(column == value)
    if filters.possible:
        found.append(secrecy.UNDECIDED)
    if filters.since:
        found.append(records.c.created_at >= dates.start_of_day(filters.since, "fran"))
    if filters.until:
        found.append(records.c.created_at < dates.start_of_day(filters.until, "till", 1))
    return found


def _word(word: str) -> ColumnElement[bool]:
    said = records.c.search_text.contains(foldable(word), autoescape=True)
    if not DATE.fullmatch(word):
        return said
    day = and_(records.c.created_at >= dates.start_of_day(word, "sok"),
               records.c.created_at < dates.start_of_day(word, "sok", 1))
    return or_(said, day)
