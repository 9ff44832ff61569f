"""Who answers for an account: the last said about it holds, what was said before is its history."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara.accounts import register
from bevara.errors import Invalid
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.kernel.text import storable
from bevara.web.translations import N_

KIND, DESK = "account_people", "desk"
LONGEST, MOST = 200, 50
"""Characters of a name, and administrators of one account."""


@dataclass(frozen=True)
class People:
    """Names as they were typed; `login_kept` tells whether the information officer has the login.

    `at` is when it was said, empty when nobody has said anything.
    """

    owner: str = ""
    stand_in: str = ""
    administrators: tuple[str, ...] = ()
    login_kept: bool = False
    at: str = ""


def put(store: Store, account_id: str, said: People) -> None:
    """Keep who answers for an account. Raises `NotFound`, and `Invalid` for a name too long."""
    clean = _clean(said)

    def job(tx: Connection) -> None:
        register.must_exist(tx, account_id)
        now = store.clock.now()
        body = json.dumps({"account_id": account_id, **asdict(clean), "at": now})
        kept.put(tx, KIND, str(uuid4()), body.encode(), DESK, now)

    store.write(job)


def of_each(store: Store) -> dict[str, list[People]]:
    """Return everything said of each account, by its id, oldest first."""
    found: dict[str, list[People]] = {}
    for said in said_of_accounts(store, KIND):
        account_id = said.pop("account_id")
        said["administrators"] = tuple(said["administrators"])
        found.setdefault(account_id, []).append(People(**said))
    return found


def said_of_accounts(store: Store, kind: str) -> list[dict[str, Any]]:
    """Return the documents of a kind that the desk keeps about accounts, oldest first."""
    with store.read() as connection:
        bodies = connection.execute(
            select(documents.c.body).where(documents.c.kind == kind)
            .order_by(documents.c.ledger_index)).scalars()
        return [json.loads(body) for body in bodies]


def name_of(text: str, field: str) -> str:
    """Return a person's name without needless space; raise `Invalid` when it is too long."""
    name = storable(" ".join(text.split()))
    if len(name) > LONGEST:
        raise Invalid(field, N_("Namnet är för långt."), N_("Skriv högst 200 tecken."))
    return name


def _clean(said: People) -> People:
    names = [name_of(name, "administrators") for name in said.administrators]
    unique = tuple(dict.fromkeys(name for name in names if name))
    if len(unique) > MOST:
        raise Invalid("administrators", N_("Administratörerna är för många."),
                      N_("Skriv högst 50 namn, ett på varje rad."))
    return People(name_of(said.owner, "owner"), name_of(said.stand_in, "stand_in"), unique,
                  said.login_kept)
