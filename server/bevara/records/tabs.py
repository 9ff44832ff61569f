"""The tabs of the queue: declared in one order here, shown when the room behind each exists.

A room above this one provides its tab when it is imported (`provide`), as `oversight` does. A tab
with a `condition` is listed by the queue itself; one without has a page of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, literal, select, true

from bevara.kernel.tables import records
from bevara.web.dates import MANY
from bevara.web.navigation import reachable
from bevara.web.translations import N_

ORDER = ("saknar-skal", "att-registrera", "vantar-pa-nummer", "att-kontrollera", "alla", "ordnade")


@dataclass(frozen=True)
class Tab:
    """`count` takes a connection and the time now; `path` is the page of a tab without condition.

    `bulk` is the template of what can be done with the ticked ones, and `goes_to` the endpoint that
    does it; without one, a reason is set.
    Work is listed oldest first, everything newest first.
    """

    id: str
    words: str
    condition: ColumnElement[bool] | None = None
    oldest_first: bool = True
    path: str | None = None
    count: Callable[[Connection, str], int] | None = None
    bulk: str = "skal-for-flera.html"
    goes_to: str = "records.reasons"

    def number(self, connection: Connection, now: str) -> int:
        """Return how many are in the tab, or one more than `MANY`."""
        if self.count is not None:
            return self.count(connection, now)
        return counted(connection, true() if self.condition is None else self.condition)


def counted(connection: Connection, condition: ColumnElement[bool]) -> int:
    """Return how many records there are, or one more than `MANY`: a page never waits for more."""
    some = select(literal(1)).select_from(records).where(condition).limit(MANY + 1).subquery()
    return int(connection.execute(select(func.count()).select_from(some)).scalar_one())


_provided: dict[str, Tab] = {}


def provide(tab: Tab) -> None:
    """Show `tab` at its place in `ORDER`."""
    assert tab.id in ORDER, tab.id
    _provided[tab.id] = tab


def of(id_: str) -> Tab:
    """Return a tab whose room exists."""
    return _provided[id_]


def shown() -> list[Tab]:
    """Return the tabs whose rooms exist and that whoever asks may open, in order."""
    found = [_provided[id_] for id_ in ORDER if id_ in _provided]
    return [tab for tab in found if tab.path is None or reachable(tab.path)]


def listed(id_: str) -> Tab | None:
    """Return the tab when the queue lists it itself."""
    tab = _provided.get(id_)
    return tab if tab is not None and tab.condition is not None else None


provide(Tab("saknar-skal", N_("Saknar skäl"),
            records.c.category.is_(None) & records.c.withheld_at.is_(None)))
provide(Tab("alla", N_("Alla"), true(), oldest_first=False))
