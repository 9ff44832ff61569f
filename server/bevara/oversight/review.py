"""What someone must look at: incidents, clicks whose outcome nobody has seen in a day, and comments
that are withheld until two people have decided.

That someone has looked is a document of its own (kind `check`, with the id of what was looked
at), so that it is in the log and nothing that was reported is changed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    exists,
    func,
    select,
    text,
)

from bevara.errors import NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, records
from bevara.kernel.tables import withheld as held
from bevara.oversight.incidents import readable
from bevara.records import tabs
from bevara.records.tabs import Tab
from bevara.web.translations import N_

KIND, INCIDENT = "check", "incident"
PATH = "/kommentarer/att-kontrollera"
PATIENCE = timedelta(hours=24)
"""How long an outcome may be unknown before it is listed (the contract, outcomes)."""
MOST = 200
UNSEEN = text("mode IN ('delete', 'hide') AND (outcome IS NULL OR outcome = 'unknown')")
"""As the index is declared: SQLite takes a partial index only for the same words."""
DESK = "desk"


@dataclass(frozen=True)
class Checked:
    """Something that was looked at: what, by whom, when (RFC 3339)."""

    what: dict[str, Any]
    note: str
    at: str


def incidents(store: Store) -> list[dict[str, Any]]:
    """Return the incidents that nobody has looked at, oldest first, at most `MOST`."""
    with store.read() as connection:
        rows = connection.execute(_incidents(select(documents.c.body)).limit(MOST)).all()
        return [readable(connection, json.loads(row.body)) for row in rows]


def unknown(store: Store) -> list[Row[Any]]:
    """Return the records whose outcome nobody has seen or looked at in a day, oldest first."""
    query = select(records).where(_unknown(store.clock.now())).limit(MOST)
    with store.read() as connection:
        return list(connection.execute(query.order_by(records.c.created_at, records.c.id)).all())


def undecided(store: Store) -> list[Row[Any]]:
    """Return since when, by whom and why comments are withheld, oldest first, at most `MOST`."""
    with store.read() as connection:
        return list(connection.execute(
            select(held).order_by(held.c.at, held.c.record_id).limit(MOST)).all())


def checked(store: Store, limit: int = 20) -> list[Checked]:
    """Return what was looked at, the latest first."""
    checks = documents.alias()
    query = (
        select(documents.c.body, checks.c.body.label("said"))
        .join(checks, and_(checks.c.id == documents.c.id, checks.c.kind == KIND))
        .where(documents.c.kind == INCIDENT, documents.c.body != b"", checks.c.body != b"")
        .order_by(checks.c.ledger_index.desc()).limit(limit)
    )
    with store.read() as connection:
        rows = connection.execute(query).all()
        return [_checked(connection, json.loads(row.body), json.loads(row.said)) for row in rows]


def _checked(connection: Connection, what: dict[str, Any], said: dict[str, Any]) -> Checked:
    """Return what was looked at, without the notes when its comment is withheld."""
    shown = readable(connection, what)
    return Checked(shown, said["note"] if shown is what else "", said["at"])


def check(store: Store, id_: str, note: str) -> None:
    """Keep that someone has looked at the incident or record; once. Raises `NotFound`."""

    def job(tx: Connection) -> None:
        known = tx.execute(select(documents.c.id).where(
            documents.c.id == id_, documents.c.kind == INCIDENT)).first()
        if not known and not tx.execute(select(records.c.id).where(records.c.id == id_)).first():
            raise NotFound("Det som skulle kontrolleras finns inte.")
        if tx.execute(select(documents.c.id).where(
                documents.c.id == id_, documents.c.kind == KIND)).first():
            return
        now = store.clock.now()
        body = json.dumps({"id": id_, "note": note[:2000], "at": now}, ensure_ascii=False)
        kept.put(tx, KIND, id_, body.encode(), DESK, now)

    store.write(job)


def number(connection: Connection, now: str) -> int:
    """Return how many wait to be looked at or decided on."""
    return number_to_check(connection, now) + number_undecided(connection)


def number_undecided(connection: Connection) -> int:
    """Return how many comments are withheld and neither erased nor readable again."""
    return int(connection.execute(select(func.count()).select_from(held)).scalar_one())


def number_to_check(connection: Connection, now: str) -> int:
    """Return how many incidents and outcomes wait to be looked at."""
    waiting = connection.execute(_incidents(select(func.count()))).scalar_one()
    return int(waiting) + tabs.counted(connection, _unknown(now))


def _incidents(query: Select[Any]) -> Select[Any]:
    query = query.select_from(documents).where(
        documents.c.kind == INCIDENT, documents.c.body != b"")
    return query.where(_not_checked(documents.c.id)).order_by(documents.c.ledger_index)


def _unknown(now: str) -> ColumnElement[bool]:
    before = datetime.fromisoformat(now) - PATIENCE
    limit = before.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return and_(UNSEEN, records.c.created_at < limit,
                records.c.withheld_at.is_(None), _not_checked(records.c.id))


def _not_checked(id_: Any) -> ColumnElement[bool]:
    checks = documents.alias()
    return ~exists(select(checks.c.id).where(checks.c.kind == KIND, checks.c.id == id_))


tabs.provide(Tab("att-kontrollera", N_("Att kontrollera"), path=PATH, count=number))
