"""The browsers that are paired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bevara.errors import NotFound, RevokedDevice, UnknownDevice
from bevara.kernel import ledger
from bevara.kernel.keys import keyid
from bevara.kernel.statements import Statement
from bevara.kernel.store import Store
from bevara.kernel.tables import devices

_DEVICE = Statement(select(devices.c.public_key, devices.c.revoked_at, devices.c.origin).where(
    devices.c.id == bindparam("id")))


@dataclass(frozen=True)
class Paired:
    """A browser that may speak with Bevara: its key (32 bytes) and its extension's origin."""

    public: bytes
    origin: str | None


def add(
    store: Store, public: bytes, label: str, origin: str | None, user: str | None = None
) -> str:
    """Register a browser's key, for the user whose code was typed; return its id.

    A revoked key comes back to life.
    """
    id_ = keyid(public)

    def job(tx: Connection) -> str:
        now = store.clock.now()
        if tx.execute(select(devices.c.id).where(devices.c.id == id_)).first():
            tx.execute(update(devices).where(devices.c.id == id_).values(
                label=label, origin=origin, paired_at=now, revoked_at=None, user_id=user))
        else:
            tx.execute(insert(devices).values(
                id=id_, public_key=public, label=label, origin=origin, paired_at=now,
                user_id=user))
        ledger.append(tx, {"kind": "device", "id": id_, "label": label, "origin": origin,
                           **({"user": user} if user else {}), "at": now})
        return id_

    return store.write(job)


def revoke_all_of(store: Store, user: str) -> None:
    """Stop every browser that was paired with a user's codes."""

    def job(tx: Connection) -> None:
        now = store.clock.now()
        mine = (devices.c.user_id == user) & devices.c.revoked_at.is_(None)
        for id_ in tx.execute(select(devices.c.id).where(mine)).scalars().all():
            tx.execute(update(devices).where(devices.c.id == id_).values(revoked_at=now))
            ledger.append(tx, {"kind": "device_revoked", "id": id_, "at": now})

    store.write(job)


def revoke(store: Store, id_: str) -> None:
    """Stop a browser from speaking with Bevara; raise `NotFound`."""

    def job(tx: Connection) -> None:
        now = store.clock.now()
        done = tx.execute(update(devices).where(devices.c.id == id_).values(revoked_at=now))
        if done.rowcount == 0:
            raise NotFound("Webbläsaren finns inte.")
        ledger.append(tx, {"kind": "device_revoked", "id": id_, "at": now})

    store.write(job)


def paired(store: Store, id_: str) -> Paired:
    """Return a paired browser; raise `UnknownDevice` or `RevokedDevice`."""
    row = store.find(_DEVICE, id=id_)
    if row is None:
        raise UnknownDevice()
    public, revoked_at, origin = row
    if revoked_at is not None:
        raise RevokedDevice()
    return Paired(public, origin)


def all_devices(store: Store) -> list[Row[Any]]:
    """Return every browser, oldest first."""
    with store.read() as connection:
        return list(connection.execute(select(devices).order_by(devices.c.paired_at)).all())


def bound_origins(store: Store) -> set[str]:
    """Return the origins of the extensions that are paired."""
    return {row.origin for row in all_devices(store) if row.origin and not row.revoked_at}
