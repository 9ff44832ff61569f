"""Let a tree that came from elsewhere go on here, under a new key and a new name.

A restored copy and an import do the same: the old log is closed with its last checkpoint, and the
first entry of the new one refers to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bevara.errors import Invalid
from bevara.identity import devices
from bevara.kernel import ledger, tables
from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys, sync_folder
from bevara.kernel.store import Store
from bevara.upkeep import earlier_logs, receipts
from bevara.upkeep.verify import Report, verify

NOT_KEPT = "Paketet följde inte med hit. Leverera igen."


def demand_empty(data_dir: Path) -> None:
    """Raise `Invalid` unless the folder is empty or is not there."""
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise Invalid("BEVARA_DATA_DIR", f"Mappen {data_dir} är inte tom. Inget är ändrat.",
                      "Flytta undan den, eller ange en tom mapp med BEVARA_DATA_DIR.")


def take_over(store: Store, origin: str, public_key: str, checkpoint: str) -> int:
    """Refer to the old log and forget its name, doubt what waited, and stop every browser.

    Returns how many browsers there were; `public_key` is base64. The name of the new log is given
    when the store is opened next. Raises `Invalid` when the store is of another log.
    """
    store.write(lambda tx: _refer(tx, origin, public_key, checkpoint, store.clock.now()))
    store.write(_doubt)
    paired = [row.id for row in devices.all_devices(store) if row.revoked_at is None]
    for id_ in paired:
        devices.revoke(store, id_)
    return len(paired)


def prove(
    work: Path, name: str, clock: Clock, promised: Iterable[dict[str, Any]] = ()
) -> tuple[Report, list[str]]:
    """Open the store anew, which names its log after the new key, and read everything.

    Returns what was found, and what it lacks of the receipts `promised`.
    """
    store = Store(work / name, Keys(work), clock)
    try:
        with store.read() as connection:
            missing = receipts.missing(connection, promised)
        return verify(store), missing
    finally:
        store.close()


def move_in(work: Path, data_dir: Path) -> None:
    """Give what was made in `work` the place of the empty data folder, durably."""
    if data_dir.exists():
        data_dir.rmdir()
    work.rename(data_dir)
    sync_folder(data_dir.absolute().parent)


def _refer(tx: Connection, origin: str, public_key: str, checkpoint: str, now: str) -> None:
    name = tx.execute(
        select(tables.meta.c.value).where(tables.meta.c.key == "origin")).scalar_one()
    if name != origin:
        raise Invalid("FOLDER", "Loggen heter något annat än kopian säger.",
                      "Välj en annan kopia.")
    ledger.append(tx, earlier_logs.entry(origin, public_key, checkpoint, now))
    tx.execute(delete(tables.meta).where(tables.meta.c.key == "origin"))


def _doubt(tx: Connection) -> None:
    """Send nothing that waited: it may have been sent since, and packages lie elsewhere."""
    tx.execute(update(tables.deliveries)
               .where(tables.deliveries.c.state.in_(["queued", "claimed"]))
               .values(state="uncertain", lease_until=None))
    tx.execute(update(tables.archive_deliveries)
               .where(tables.archive_deliveries.c.state.in_(["queued", "claimed", "ready"]))
               .values(state="failed", lease_until=None, problem=NOT_KEPT))
