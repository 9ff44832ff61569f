"""Check browsers, accounts and their names against the log, and pictures against comments."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, or_, select

from bevara.capture import save_capture
from bevara.identity import heartbeats, users
from bevara.identity import names as moderators
from bevara.kernel import tables
from bevara.kernel.keys import keyid
from bevara.kernel.store import Store
from bevara.kernel.tables import (
    accounts,
    blobs,
    captures,
    devices,
    documents,
    identifiers,
    ledger_entries,
    meta,
)

Entry = dict[str, Any]
Rows = dict[str, Entry]


KINDS = ("device", "device_revoked", "account", "identifiers", "names", "user")


def check(store: Store, connection: Connection) -> Iterator[str]:
    """Yield the browsers, accounts, names and pictures that the log does not know like this."""
    entries = list(_entries(connection))
    yield from _browsers(connection, entries)
    yield from _accounts(connection, entries)
    yield from _users(connection, entries)
    yield from _pictures(connection)
    yield from _copies(connection)
    yield from _loose(store, connection, entries)


def _loose(store: Store, connection: Connection, entries: list[Entry]) -> Iterator[str]:
    known = {row.key: row.value for row in connection.execute(select(meta))}
    told = [said.get("names") for said in entries if said["kind"] == "names"][-1:] or [[]]
    if _list(known.pop(moderators.KEY, "[]")) != told[0]:
        yield "Namnen: loggen säger något annat."
    beats = {heartbeats.PREFIX + id_ for id_ in connection.execute(select(devices.c.id)).scalars()}
    if known.pop("origin", None) != store.origin or known.keys() - beats - {"scrub"}:
        yield "Loggen: namnet är ett annat."


def _list(text: object) -> Any:
    try:
        return json.loads(str(text))
    except ValueError:
        return None


def _browsers(connection: Connection, entries: list[Entry]) -> Iterator[str]:
    wanted: Rows = {}
    for said in entries:
        if said["kind"] == "device":
            wanted[said["id"]] = _told(said, "label", "origin") | {
                "paired_at": said.get("at"), "revoked_at": None, "user_id": said.get("user")}
        elif said["kind"] == "device_revoked" and said["id"] in wanted:
            wanted[said["id"]]["revoked_at"] = said.get("at")
    for row in connection.execute(select(devices)):
        key = row.public_key if isinstance(row.public_key, bytes) else b""
        keyless = key == b"" and row.revoked_at is not None
        differs = _differs(wanted.pop(row.id, None), row._mapping)
        if differs or not (keyless or keyid(key) == row.id):
            yield f"Webbläsare {row.id}: loggen säger något annat."
    yield from (f"Webbläsare {id_}: finns i loggen men saknas." for id_ in wanted)


def _users(connection: Connection, entries: list[Entry]) -> Iterator[str]:
    wanted: Rows = {}
    for said in (one for one in entries if one["kind"] == "user"):
        what, known = said.get("what"), wanted.setdefault(said["id"], {})
        if what == "added":
            known |= {"name": said.get("name"), "folded": users.folded(str(said.get("name"))),
                      "added_at": said.get("at"), "closed_at": None, "password": None}
        if what in ("added", "roles"):
            known["roles"] = said.get("roles")
        elif what == "password" and "kept_sha256" in said:
            known["password"] = said["kept_sha256"]
        elif what == "password":
            known.pop("password", None)
        elif what == "closed":
            known |= {"closed_at": said.get("at"), "password": None}
    for row in connection.execute(select(tables.users)):
        shown = {**row._mapping, "roles": _list(row.roles),
                 "password": users.fingerprint(row.password and str(row.password))}
        if _differs(wanted.pop(row.id, None), shown):
            yield f"Användare {row.id}: loggen säger något annat."
    yield from (f"Användare {id_}: finns i loggen men saknas." for id_ in wanted)


def _accounts(connection: Connection, entries: list[Entry]) -> Iterator[str]:
    wanted = {said["id"]: _told(said, "address", "name", "platform") | {"added_at": said.get("at")}
              for said in entries if said["kind"] == "account"}
    for row in connection.execute(select(accounts)):
        if _differs(wanted.pop(row.id, None), row._mapping):
            yield f"Konto {row.id}: loggen säger något annat."
    yield from (f"Konto {id_}: finns i loggen men saknas." for id_ in wanted)
    untold = {said["id"] for said in entries
              if said["kind"] == "account" and "identifiers" not in said}
    names = {(said["id"], str(one.get("kind")), str(one.get("value")))
             for said in entries for one in _identifiers(said)}
    shown = {tuple(row) for row in connection.execute(select(
        identifiers.c.account_id, identifiers.c.kind, identifiers.c.value))}
    if names - shown or any(one[0] not in untold for one in shown - names):
        yield "Konton: loggen säger något annat om vad de kallas."


def _identifiers(said: Entry) -> list[Entry]:
    """Return what an account is called, as far as a changed entry can be read."""
    found = said.get("identifiers")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _told(said: Entry, *names: str) -> dict[str, Any]:
    """Return what an entry says of columns; an earlier version's says less."""
    return {name: said[name] for name in names if name in said}


def _differs(said: dict[str, Any] | None, shown: Any) -> bool:
    return said is None or any(shown[name] != value for name, value in said.items())


def _entries(connection: Connection) -> Iterator[Entry]:
    text = ledger_entries.c.entry
    for found in connection.execute(
        select(text).where(or_(*(text.like(f'%"kind":"{kind}"%') for kind in KINDS)))
        .order_by(ledger_entries.c.idx)
    ).scalars():
        try:
            said = json.loads(found)
        except (ValueError, TypeError):
            continue
        if isinstance(said, dict) and said.get("kind") in KINDS and (
                said["kind"] == "names" or isinstance(said.get("id"), str)):
            yield said


def _copies(connection: Connection) -> Iterator[str]:
    mine = (documents.c.kind == "capture") & (documents.c.id == captures.c.id)
    for row in connection.execute(select(captures, documents.c.body, documents.c.received_at.label(
            "came")).join(documents, mine)):
        try:
            taken = json.loads(row.body).get("captured_at")
        except (ValueError, TypeError, AttributeError):
            continue
        if (row.captured_at, row.received_at) != (taken, row.came):
            yield f"Kopia {row.id}: tiderna är andra än dokumentets."


def _pictures(connection: Connection) -> Iterator[str]:
    named: set[str] = set()
    for body in connection.execute(
        select(documents.c.body).where(documents.c.kind == "capture")
    ).scalars():
        try:
            named |= save_capture.all_names(json.loads(body))
        except (ValueError, TypeError, KeyError):
            continue
    for name in connection.execute(select(blobs.c.sha256)).scalars():
        if name not in named:
            yield f"{name}: bilden hör inte till någon kommentar."
