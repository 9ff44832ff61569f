"""What two approvals set going: a comment is erased everywhere, or may be read again."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bevara.config import Config
from bevara.errors import Conflict, NotFound
from bevara.kernel import ledger
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.records import withheld, withhold
from bevara.upkeep.erasure import approvals, erase, everywhere
from bevara.upkeep.erasure.approvals import Approvals, Request

NEEDED = 2


def begin(store: Store, waiting: Approvals, practice: bool, record_id: str, purpose: str
          ) -> tuple[str, str]:
    """Return the keys of two addresses; raise `NotFound` or `Conflict` when it cannot be done."""
    with store.read() as connection:
        row = withheld.find(connection, record_id)
        if not connection.execute(select(records.c.id).where(records.c.id == record_id)).first():
            raise NotFound("Kommentaren finns inte.")
    if row is None:
        raise Conflict("Kommentaren är inte spärrad.", next_step="Spärra den först.")
    if purpose == approvals.LIFT and row.source == withheld.CLOSED_PATH:
        raise Conflict("Spärren kom från Misstänkt övergrepp mot barn och kan inte hävas.",
                       next_step="Radera kommentaren.")
    return waiting.open(practice, record_id, purpose)


def approve(
    store: Store, ephemeral: Ephemeral, config: Config, waiting: Approvals, key: str, name: str
) -> Request:
    """Log one person's approval; with the second one, do what was asked. Else as `approve`."""
    request = waiting.approve(key, withhold.written("by", name), store.clock.now())
    last = request.by[-1]
    store.write(lambda tx: ledger.append(tx, {
        "kind": "approval", "purpose": request.purpose, "record_id": request.record_id, **last}))
    if len(request.by) == NEEDED:
        _do(store, ephemeral, config, request)
    return request


def _do(store: Store, ephemeral: Ephemeral, config: Config, request: Request) -> None:
    if request.purpose == approvals.LIFT:
        names = [one["name"] for one in request.by]
        store.write(lambda tx: _lift(tx, store, request.record_id, names))
    else:
        erase.erase(store, ephemeral, request.record_id, request.by)
        everywhere.clean(config)


def _lift(tx: Connection, store: Store, record_id: str, names: list[str]) -> None:
    withhold.lift(tx, record_id, store.clock.now(), names)
