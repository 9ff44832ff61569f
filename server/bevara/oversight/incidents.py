"""Keep and list incidents."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from bevara import contract
from bevara.capture import record_ids
from bevara.errors import Erased, Invalid
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.kernel.tables import captures, records
from bevara.records import withheld, withhold
from bevara.web.bodies import parse

CLOSED_PATH_EMPTY = ("reason", "note")
CLOSED_PATH_REASON = "Misstänkt övergrepp mot barn"


def put(store: Store, incident_id: str, body: bytes, device_id: str) -> bool:
    """Keep an incident; return whether it was new.

    A closed path may carry no content, and withholds the comment at once, also when it is saved
    or still on its way.
    """
    data = parse(body)
    contract.validate("incident-1", data)
    if data["id"] != incident_id:
        raise Invalid("/id", "Numret i dokumentet är ett annat än i adressen.")
    if data["kind"] == "closed_path":
        for field in CLOSED_PATH_EMPTY:
            if data.get(field):
                raise Invalid(f"/{field}", "Den stängda vägen får inte bära innehåll.")

    def job(tx: Connection) -> bool:
        _refuse_erased(tx, data)
        now = store.clock.now()
        created = documents.put(tx, "incident", incident_id, body, device_id, now).created
        if data["kind"] == "closed_path":
            for record in _named(tx, data):
                withhold.add(tx, record, now, data.get("moderator") or "okänd moderator",
                             CLOSED_PATH_REASON, withheld.CLOSED_PATH)
        return created

    return store.write(job)


def _refuse_erased(tx: Connection, data: dict[str, Any]) -> None:
    """Raise `Erased` for what is said late about an erased comment: no one could erase it again."""
    if data["kind"] == "closed_path" or data.get("comment_id") is None:
        return
    if any(withheld.tombstone(tx, one) for one in _same(tx, data)):
        raise Erased("Kommentaren är raderad.")


def _named(tx: Connection, data: dict[str, Any]) -> set[str]:
    """Return the records, saved or still on their way, that a closed path is about."""
    platform, account, comment = data["platform"], data.get("account_id"), data.get("comment_id")
    sent = data.get("captures") or []
    found = {record_ids.of(platform, account, comment, id_) for id_ in sent}
    if comment is not None:
        found |= {record_ids.of(platform, account, comment, ""), *_same(tx, data)}
        found |= set(tx.execute(select(records.c.id).where(
            records.c.platform == platform, records.c.comment_id == comment)).scalars())
    return found | set(tx.execute(
        select(captures.c.record_id).where(captures.c.id.in_(sent))).scalars())


def readable(connection: Connection, incident: dict[str, Any]) -> dict[str, Any]:
    """Return an incident without what a person wrote of a comment that is withheld or closed."""
    if incident["kind"] == "closed_path" or incident.get("comment_id") is None:
        return incident
    closed = record_ids.closed_ones(connection, incident["platform"], incident.get("account_id"),
                                    incident["comment_id"])
    if not closed and not any(
            withheld.find(connection, one) for one in _same(connection, incident)):
        return incident
    return incident | dict.fromkeys(("note", "author_url", "permalink"))


def _same(connection: Connection, incident: dict[str, Any]) -> set[str]:
    return record_ids.same_comment(connection, incident["platform"], incident.get("account_id"),
                                   incident.get("comment_id"))
