"""A named person looks at one closed comment: who, when and why is kept each time.

The page that comes of it shows the content; its pictures, markup and proof follow for ten minutes
under a key that only that page knows and that lies in memory alone. The page shows nothing when it
is asked for again.
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from bevara import contract
from bevara.errors import Invalid
from bevara.identity import guard, permitted
from bevara.kernel import documents
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.store import Store
from bevara.kernel.text import storable
from bevara.records import show
from bevara.records.secrecy import Viewing
from bevara.web.translations import N_

KIND, DESK = "viewing", "desk"
PURPOSES = {
    "assess": N_("Bedöma och registrera"), "disclosure": N_("Pröva om den kan lämnas ut"),
    "breach": N_("Bedöma en personuppgiftsincident"), "police": N_("Göra en polisanmälan"),
    "archive": N_("Ordna för arkivet"),
}
"""A closed list: free words about a closed comment could say what it says."""


def begin(store: Store, people: Store, record_id: str, name: str, purpose: str) -> Viewing:
    """Keep that someone looks and return the viewing; raise `Invalid` for who may not, `NotFound`.

    `people` is the store whose list says who may; practice has none of its own.
    """
    if purpose not in PURPOSES:
        raise Invalid("andamal", N_("Inget ändamål är valt."), N_("Välj varför du tittar."))
    by = storable(" ".join(name.split()))
    with people.read() as connection:
        person = permitted.find(connection, by)
    if person is None:
        raise Invalid("vem", N_("Ingen med det namnet får se skyddat innehåll."),
                      N_("Välj ditt namn i listan."))

    def job(tx: Connection) -> None:
        found, now = show.kept(tx, record_id), store.clock.now()
        said = {"by": by, "role": person.role, "purpose": purpose, "at": now}
        contract.validate("viewing-1", said)
        documents.put(tx, KIND, f"{found.latest['capture_id']}/{uuid4()}",
                      json.dumps(said, ensure_ascii=False, sort_keys=True).encode(), DESK, now)

    store.write(job)
    return Viewing(record_id, by, purpose)


def key_for(ephemeral: Ephemeral, viewing: Viewing) -> str:
    """Return a key for what belongs to the page of a viewing; raise `Quota`."""
    key = secrets.token_urlsafe(24)
    body: dict[str, Any] = {"record_id": viewing.record_id, "by": viewing.by,
                            "purpose": viewing.purpose}
    ephemeral.put(f"viewing/{key}", json.dumps(body).encode(), "viewing")
    return key


def of_key(ephemeral: Ephemeral, key: str) -> Viewing | None:
    """Return the viewing of a key, or None when there is none, it is over, or another user's."""
    body = ephemeral.get(f"viewing/{key}") if key else None
    found = Viewing(**json.loads(body)) if body else None
    return found if found and found.by == (guard.me() or found.by) else None
