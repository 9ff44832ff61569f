"""When each browser was last heard of, and how its pages stood. No person, page or address."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from bevara import contract
from bevara.identity import devices
from bevara.kernel.store import Store
from bevara.kernel.tables import meta

PREFIX = "heartbeat/"
SILENT = timedelta(days=3)
"""A browser that was not heard of for so long is shown as silent: a long weekend is not."""


@dataclass(frozen=True)
class Heard:
    """One paired browser: `seen` is when it was last heard of (None: never), by our clock.

    `state` is one of `armed`, `unsure` (a page is degraded, blind or must be reloaded), `waiting`
    (comments have not arrived), `silent`, `never`.
    """

    id: str
    label: str
    seen: str | None
    version: str
    browser: str
    pages: dict[str, int]
    waiting: int
    refused: int
    state: str


def keep(store: Store, device_id: str, data: dict[str, Any]) -> None:
    """Keep the newest heartbeat of a browser in place of the one before; raise `Invalid`."""
    contract.validate("heartbeat-1", data)
    names = ("version", "browser", "pages", "waiting", "refused")
    value = json.dumps({"seen": store.clock.now(), **{name: data[name] for name in names}})

    def job(tx: Connection) -> None:
        tx.execute(delete(meta).where(meta.c.key == PREFIX + device_id))
        tx.execute(insert(meta).values(key=PREFIX + device_id, value=value))

    store.write(job)


def heard(store: Store) -> list[Heard]:
    """Return every paired browser that may speak, oldest pairing first."""
    with store.read() as connection:
        rows = connection.execute(select(meta).where(meta.c.key.startswith(PREFIX))).all()
    known = {row.key.removeprefix(PREFIX): json.loads(row.value) for row in rows}
    now = datetime.fromtimestamp(store.clock.unix(), UTC)
    return [
        _heard(row.id, row.label, known.get(row.id), now)
        for row in devices.all_devices(store) if row.revoked_at is None
    ]


def _heard(id_: str, label: str, said: dict[str, Any] | None, now: datetime) -> Heard:
    if said is None:
        return Heard(id_, label, None, "", "", {}, 0, 0, "never")
    return Heard(id_, label, said["seen"], said["version"], said["browser"], said["pages"],
                 said["waiting"], said["refused"], _state(said, now))


def _state(said: dict[str, Any], now: datetime) -> str:
    if now - datetime.fromisoformat(said["seen"]) > SILENT:
        return "silent"
    if said["waiting"] or said["refused"]:
        return "waiting"
    unsure = any(said["pages"][name] for name in ("degraded", "blind", "reload"))
    return "unsure" if unsure else "armed"
