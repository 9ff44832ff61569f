"""Add accounts, list them, and learn what else they are called."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, insert, select

from bevara import contract
from bevara.accounts import address
from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import documents, ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import accounts, identifiers, ledger_entries
from bevara.kernel.text import storable
from bevara.web.bodies import parse

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_IDENTIFIER, MOST_IDENTIFIERS = 300, 2000, 300, 200
"""Characters (the contract, account/1), and what else an account may be called."""
PRACTICE_NAMESPACE = UUID("0d7c6f6e-5a3e-5c0e-8f53-95c3b4f5a0d1")


def add(store: Store, text: str, name: str) -> str:
    """Register the account at the pasted address; return its id. Raises `Invalid`, `Conflict`."""
    found, title = _address(text), _title(name)

    def job(tx: Connection) -> str:
        if tx.execute(select(identifiers.c.account_id).where(
            identifiers.c.kind == found.kind, identifiers.c.value == found.value
        )).first():
            raise Conflict("Sidan är redan tillagd.", field="address")
        id_, now = str(uuid4()), store.clock.now()
        tx.execute(insert(accounts).values(
            id=id_, platform=found.platform, name=title, address=found.address, added_at=now,
        ))
        _learn(tx, id_, found.kind, storable(found.value))
        ledger.append(tx, {
            "kind": "account", "id": id_, "platform": found.platform, "name": title,
            "address": found.address, "at": now,
            "identifiers": [{"kind": found.kind, "value": storable(found.value)}]})
        return id_

    return store.write(job)


def _address(text: str) -> address.Account:
    if len(text.strip()) > LONGEST_ADDRESS:
        raise Invalid("address", "Adressen är för lång.", address.NEXT)
    found = address.describe(text)
    if len(found.value) > LONGEST_IDENTIFIER:
        raise Invalid("address", "Sidans namn i adressen är för långt.", address.NEXT)
    return found


def _title(name: str) -> str:
    title = storable(" ".join(name.split()))
    if not title:
        raise Invalid("name", "Namnet saknas.", "Skriv sidans namn som det står på Facebook.")
    if len(title) > LONGEST_NAME:
        raise Invalid("name", "Namnet är för långt.", "Skriv högst 300 tecken.")
    return title


def all_accounts(store: Store) -> list[dict[str, Any]]:
    """Return the accounts as the contract's account/1, oldest first."""
    with store.read() as connection:
        rows = connection.execute(select(accounts).order_by(accounts.c.added_at)).all()
        names = connection.execute(select(identifiers)).all()
    return [
        {"id": row.id, "platform": row.platform, "name": row.name, "address": row.address,
         "identifiers": [{"kind": n.kind, "value": n.value} for n in names
                         if n.account_id == row.id],
         "practice": False}
        for row in rows
    ]


def names(store: Store, port: int) -> dict[str, str]:
    """Return what every account is called, by id, the practice page's too."""
    return {one["id"]: one["name"] for one in (*all_accounts(store), practice_account(port))}


def account(store: Store, id_: str) -> tuple[dict[str, Any], str, list[dict[str, Any]]]:
    """Return an account, when it was added, and its log entries, newest first; or `NotFound`."""
    found = next((item for item in all_accounts(store) if item["id"] == id_), None)
    if found is None:
        raise NotFound("Kontot finns inte.")
    entry = ledger_entries.c.entry
    with store.read() as connection:
        added = connection.execute(select(accounts.c.added_at).where(accounts.c.id == id_)).scalar()
        rows = connection.execute(
            select(entry).where(entry.contains(f'"id":"{id_}"'))
            .order_by(ledger_entries.c.idx.desc())).all()
    return found, str(added), [json.loads(row.entry) for row in rows]


def must_exist(tx: Connection, account_id: str) -> None:
    """Raise `NotFound` for an account that is not registered."""
    if not tx.execute(select(accounts.c.id).where(accounts.c.id == account_id)).first():
        raise NotFound("Kontot finns inte.")


def added(store: Store) -> dict[str, str]:
    """Return when each account was added, by its id."""
    with store.read() as connection:
        rows = connection.execute(select(accounts.c.id, accounts.c.added_at)).all()
    return {row.id: row.added_at for row in rows}


def practice_account(port: int) -> dict[str, Any]:
    """Return the practice page's account."""
    return {
        "id": str(uuid5(PRACTICE_NAMESPACE, "practice")), "platform": "practice",
        "name": "Storköpings kommun (övning)", "address": f"http://localhost:{port}/",
        "identifiers": [{"kind": "vanity", "value": "storkoping"}], "practice": True,
    }


def learn_identifiers(store: Store, account_id: str, body: bytes, device_id: str) -> bool:
    """Keep what else an account was seen to be called, all of it or nothing.

    Raises `NotFound` for an unknown account, `Conflict` for what another account is called, and
    `Invalid` when the account is called too many things.
    """
    data = parse(body)
    contract.validate("identifiers-1", data)

    def job(tx: Connection) -> bool:
        must_exist(tx, account_id)
        fresh = _fresh(tx, account_id, data["identifiers"])
        for kind, value in fresh:
            _learn(tx, account_id, kind, value)
        if fresh:
            said = [{"kind": kind, "value": value} for kind, value in fresh]
            ledger.append(tx, {"kind": "identifiers", "id": account_id, "identifiers": said,
                               "device_id": device_id, "at": store.clock.now()})
        return bool(fresh)

    return store.write(job)


def _fresh(
    tx: Connection, account_id: str, seen: list[dict[str, str]]
) -> list[tuple[str, str]]:
    owners = {(row.kind, row.value): row.account_id for row in tx.execute(select(identifiers))}
    fresh: list[tuple[str, str]] = []
    for number, item in enumerate(seen):
        one = (item["kind"], storable(item["value"]))
        owner = owners.setdefault(one, "")
        if owner == "" and one not in fresh:
            fresh.append(one)
        elif owner not in ("", account_id):
            raise Conflict(f"{one[1]} hör redan till {_name(tx, owner)}.",
                           field=f"/identifiers/{number}/value")
    if fresh and list(owners.values()).count(account_id) + len(fresh) > MOST_IDENTIFIERS:
        raise Invalid("/identifiers", f"Kontot kan kallas högst {MOST_IDENTIFIERS} saker.")
    return fresh


def _name(tx: Connection, account_id: str) -> str:
    return str(tx.execute(select(accounts.c.name).where(accounts.c.id == account_id)).scalar())


def answer_question(store: Store, question_id: str, body: bytes, device_id: str) -> bool:
    """Keep the moderator's answer to whose page it is."""
    data = parse(body)
    contract.validate("account-question-1", data)
    return store.write(lambda tx: documents.put(
        tx, "account_question", question_id, body, device_id, store.clock.now()
    ).created)


def _learn(tx: Connection, account_id: str, kind: str, value: str) -> None:
    tx.execute(insert(identifiers).values(account_id=account_id, kind=kind, value=value))
