"""What is due to the archive, and the deliveries that are made of it: one for each creator.

A comment has one archival original. Which document types Bevara delivers is agreed; the others are
delivered by the diary, and by Bevara only on request, with the diary number as their relation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, false, func, or_, select

from bevara.archive.agreement import Agreement
from bevara.archive.delivery import rows
from bevara.archive.packages.parts import Status
from bevara.diary.states import Move
from bevara.errors import Conflict
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_deliveries, archive_items, records
from bevara.records import secrecy
from bevara.web.translations import N_

MOST, IN_TRIAL = 100_000, 10
"""Comments in one delivery, and in a trial."""
_REGISTERED = (records.c.exit == Move.REGISTER.value) & records.c.diary_number.is_not(None)
TYPES: dict[str, ColumnElement[bool]] = {
    "registered": _REGISTERED, "kept": records.c.exit == Move.KEEP.value,
    "minor": records.c.exit == Move.MINOR.value}
_DELIVERED = exists().where(
    archive_items.c.record_id == records.c.id, archive_items.c.left_out.is_(None),
    archive_deliveries.c.id == archive_items.c.delivery_id,
    archive_deliveries.c.status != Status.TEST.value,
    archive_deliveries.c.state.in_(rows.HOLDS))


@dataclass(frozen=True)
class Waiting:
    """What one archival creator has to deliver: how many, of which days, how many are closed."""

    creator: str
    number: int
    first: str
    last: str
    closed: int


def waiting(store: Store, agreed: Agreement, on_request: Sequence[str] = ()) -> list[Waiting]:
    """Return what is due, by creator. `on_request` are further document types."""
    query = (select(_creator(agreed), func.count(), func.min(records.c.created_at),
                    func.max(records.c.created_at), func.count().filter(secrecy.CLOSED))
             .where(_due((*agreed.from_bevara, *on_request))).group_by(_creator(agreed))
             .order_by(_creator(agreed)))
    with store.read() as connection:
        return [Waiting(*row) for row in connection.execute(query)]


def number_on_request(store: Store, agreed: Agreement) -> int:
    """Return how many comments only go along when somebody asks for them."""
    others = [name for name in TYPES if name not in agreed.from_bevara]
    query = select(func.count()).select_from(records).where(_due(others))
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def type_of(row: Row[Any]) -> str:
    """Return a comment's document type, a key of `TYPES`; "" before it is decided on."""
    if row.exit == Move.REGISTER:
        return "registered" if row.diary_number else ""
    return {Move.KEEP.value: "kept", Move.MINOR.value: "minor"}.get(row.exit or "", "")


def hand_over(
    store: Store, agreed: Agreement, by: str, on_request: Sequence[str] = ()
) -> list[str]:
    """Make a delivery for each creator of what is due; return their ids. Raises `Conflict`."""
    def job(tx: Connection) -> list[str]:
        found = tx.execute(
            select(_creator(agreed).label("creator"), records.c.id)
            .where(_due((*agreed.from_bevara, *on_request)))
            .order_by("creator", records.c.created_at, records.c.id)).all()
        by_creator: dict[str, list[str]] = {}
        for row in found:
            by_creator.setdefault(row.creator, []).append(row.id)
        now = store.clock.now()
        return [rows.create(tx, Status.NEW, creator, agreed.form, ids[:MOST], by, now)
                for creator, ids in by_creator.items()]

    made = store.write(job)
    if not made:
        raise Conflict(N_("Inget väntar på att levereras."))
    return made


def trial(practice: Store, agreed: Agreement, by: str) -> str:
    """Make a trial delivery of the newest practice comments; return its id.

    Practice is made up: a trial shows an archive the packages, and nothing that anybody wrote.
    Raises `Conflict` when nothing has been practised.
    """
    query = (select(records.c.id).where(records.c.withheld_at.is_(None), ~secrecy.CLOSED)
             .order_by(records.c.created_at.desc()).limit(IN_TRIAL))

    def job(tx: Connection) -> str:
        found = [str(one) for one in tx.execute(query).scalars()]
        if not found:
            raise Conflict(N_("Det finns inget att pröva med än."),
                           next_step=N_("Ta bort en kommentar på övningssidan först."))
        return rows.create(tx, Status.TEST, agreed.creator.name, agreed.form, found[::-1], by,
                           practice.clock.now())

    return practice.write(job)


def again(store: Store, id_: str, by: str) -> str:
    """Make a delivery that replaces an earlier one, of the same comments; return its id.

    Raises `NotFound`, and `Conflict` for one that is not delivered or is replaced already.
    """
    row = rows.read(store, id_)
    if row.state not in (rows.State.SENT, rows.State.RECEIVED, rows.State.REFUSED,
                         rows.State.FAILED):
        raise Conflict(rows.CHANGED, next_step=rows.READ)
    ids = list(rows.records(store, id_))
    status = Status.TEST if row.status == Status.TEST else Status.REPLACEMENT

    def job(tx: Connection) -> str:
        if tx.execute(select(exists().where(
                archive_deliveries.c.replaces == id_,
                archive_deliveries.c.state.in_(rows.HOLDS)))).scalar():
            raise Conflict(N_("Den är redan ersatt av en ny leverans."), next_step=rows.READ)
        return rows.create(tx, status, row.creator, row.form, ids, by, store.clock.now(), id_)

    return store.write(job)


def _creator(agreed: Agreement) -> ColumnElement[str]:
    return func.coalesce(records.c.committee, agreed.creator.name)


def _due(names: Sequence[str]) -> ColumnElement[bool]:
    types = [TYPES[name] for name in sorted(set(names) & set(TYPES))]
    return or_(false(), *types) & records.c.withheld_at.is_(None) & ~_DELIVERED
