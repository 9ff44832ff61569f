"""How often something was removed without being saved: counts, never who did it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select

from bevara.kernel.store import Store
from bevara.kernel.tables import documents

REASONS = ("danger", "not_working", "other")
MEMORY = "memory"
"""Afterwards someone wrote what it said; that is not one more override."""


@dataclass(frozen=True)
class Overrides:
    """How many in a period, by reason and by account; nobody is named."""

    total: int
    by_reason: dict[str, int]
    by_account: dict[str | None, int]


def this_year(store: Store) -> str:
    """Return when the year began, UTC, for `count`."""
    return f"{store.clock.now()[:4]}-01-01T00:00:00.000Z"


def count(store: Store, since: str | None = None) -> Overrides:
    """Count the overrides that arrived at `since` (ISO 8601, UTC) or later."""
    query = select(documents.c.body).where(
        documents.c.kind == "incident", documents.c.body != b"")
    if since:
        query = query.where(documents.c.received_at >= since)
    with store.read() as connection:
        incidents = [json.loads(row.body) for row in connection.execute(query)]
    found = [one for one in incidents
             if one["kind"] == "override" and one.get("reason") != MEMORY]
    reasons = Counter(_reason(one.get("reason")) for one in found)
    accounts = Counter(one.get("account_id") for one in found)
    return Overrides(len(found), {name: reasons[name] for name in REASONS}, dict(accounts))


def _reason(said: str | None) -> str:
    return said if said in REASONS else "other"
