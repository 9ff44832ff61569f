"""Add accounts, list them, and learn what else they are called."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, insert, select

from bevara import contract
from bevara.accounts import address
from bevara.capture.save_capture import parse
from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import documents, ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import accounts, identifiers
from bevara.kernel.text import storable

PRACTICE_NAMESPACE = UUID("0d7c6f6e-5a3e-5c0e-8f53-95c3b4f5a0d1")


def add(store: Store, text: str, name: str) -> str:
    """Register the account at the pasted address; return its id. Raises `Invalid`, `Conflict`."""
    found = address.describe(text)
    title = " ".join(name.split())
    if not title:
        raise Invalid("name", "Namnet saknas.", "Skriv sidans namn som det står på Facebook.")

    def job(tx: Connection) -> str:
        if tx.execute(select(identifiers.c.account_id).where(
            identifiers.c.kind == found.kind, identifiers.c.value == found.value
        )).first():
            raise Conflict("Sidan är redan tillagd.", field="address")
        id_, now = str(uuid4()), store.clock.now()
        tx.execute(insert(accounts).values(
            id=id_, platform=found.platform, name=title[:300], address=found.address, added_at=now,
        ))
        _learn(tx, id_, found.kind, found.value)
        ledger.append(tx, {"kind": "account", "id": id_, "address": found.address, "at": now})
        return id_

    return store.write(job)


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


def practice_account(port: int) -> dict[str, Any]:
    """Return the practice page's account."""
    return {
        "id": str(uuid5(PRACTICE_NAMESPACE, "practice")), "platform": "practice",
        "name": "Storköpings kommun (övning)", "address": f"http://localhost:{port}/",
        "identifiers": [{"kind": "vanity", "value": "storkoping"}], "practice": True,
    }


def learn_identifiers(store: Store, account_id: str, body: bytes, device_id: str) -> bool:
    """Keep what else an account was seen to be called; raise `NotFound` for an unknown one."""
    data = parse(body)
    contract.validate("identifiers-1", data)

    def job(tx: Connection) -> bool:
        if not tx.execute(select(accounts.c.id).where(accounts.c.id == account_id)).first():
            raise NotFound("Kontot finns inte.")
        fresh = [
            item for item in data["identifiers"] if _learn(tx, account_id, **item)
        ]
        if fresh:
            ledger.append(tx, {"kind": "identifiers", "id": account_id, "identifiers": fresh,
                               "device_id": device_id, "at": store.clock.now()})
        return bool(fresh)

    return store.write(job)


def answer_question(store: Store, question_id: str, body: bytes, device_id: str) -> bool:
    """Keep the moderator's answer to whose page it is."""
    data = parse(body)
    contract.validate("account-question-1", data)
    return store.write(lambda tx: documents.put(
        tx, "account_question", question_id, body, device_id, store.clock.now()
    ).created)


def _learn(tx: Connection, account_id: str, kind: str, value: str) -> bool:
    value = storable(value)
    owner = tx.execute(select(identifiers.c.account_id).where(
        identifiers.c.kind == kind, identifiers.c.value == value
    )).scalar()
    if owner is None:
        tx.execute(insert(identifiers).values(account_id=account_id, kind=kind, value=value))
    return owner is None
