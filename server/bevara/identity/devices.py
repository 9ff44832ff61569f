"""The browsers that are paired."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bevara.errors import NotFound, RevokedDevice, UnknownDevice
from bevara.kernel import ledger
from bevara.kernel.keys import keyid
from bevara.kernel.store import Store
from bevara.kernel.tables import devices


def add(store: Store, public: bytes, label: str, origin: str | None) -> str:
    """Register a browser's key; return its id. A revoked key comes back to life."""
    id_ = keyid(public)

    def job(tx: Connection) -> str:
        now = store.clock.now()
        if tx.execute(select(devices.c.id).where(devices.c.id == id_)).first():
            tx.execute(update(devices).where(devices.c.id == id_).values(
                label=label, origin=origin, paired_at=now, revoked_at=None))
        else:
            tx.execute(insert(devices).values(
                id=id_, public_key=public, label=label, origin=origin, paired_at=now))
        ledger.append(tx, {"kind": "device", "id": id_, "label": label, "at": now})
        return id_

    return store.write(job)


def revoke(store: Store, id_: str) -> None:
    """Stop a browser from speaking with Bevara; raise `NotFound`."""

    def job(tx: Connection) -> None:
        now = store.clock.now()
        done = tx.execute(update(devices).where(devices.c.id == id_).values(revoked_at=now))
        if done.rowcount == 0:
            raise NotFound("Webbläsaren finns inte.")
        ledger.append(tx, {"kind": "device_revoked", "id": id_, "at": now})

    store.write(job)


def public_key(store: Store, id_: str) -> bytes:
    """Return a paired browser's key; raise `UnknownDevice` or `RevokedDevice`."""
    with store.read() as connection:
        row = connection.execute(select(devices).where(devices.c.id == id_)).first()
    if row is None:
        raise UnknownDevice()
    if row.revoked_at is not None:
        raise RevokedDevice()
    return bytes(row.public_key)


def all_devices(store: Store) -> list[Row[Any]]:
    """Return every browser, oldest first."""
    with store.read() as connection:
        return list(connection.execute(select(devices).order_by(devices.c.paired_at)).all())


def bound_origins(store: Store) -> set[str]:
    """Return the origins of the extensions that are paired."""
    return {row.origin for row in all_devices(store) if row.origin and not row.revoked_at}
