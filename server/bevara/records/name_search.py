"""Look for a person's comments by name: for a purpose in a closed list, and kept in the log.

Words are searched for freely; a person is not (dataskyddsförordningen 5.1 b, purpose limitation).
The log says who looked, when, why and how many were found, never for whom: a list of those looked
for would be a register of persons of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from bevara import contract
from bevara.errors import Invalid
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents, records
from bevara.kernel.text import foldable, storable
from bevara.web.translations import N_

KIND, DESK = "name_search", "desk"
PURPOSES = {
    "disclosure": N_("Någon har begärt ut handlingar"),
    "access_request": N_("Personen har begärt registerutdrag"),
    "rectification": N_("Personen har begärt rättelse eller radering"),
    "case": N_("Handlägga ett ärende"),
}
SHOWN, MOST_NAMES = 50, 500
"""Comments on the page of answers, and different names that one search may mean."""
LEAST, LONGEST = 2, 200
"""Characters of the name that is looked for."""


@dataclass(frozen=True)
class Search:
    """One that was kept."""

    by: str
    purpose: str
    found: int
    at: str


def find(store: Store, name: str, by: str, purpose: str) -> list[Row[Any]]:
    """Keep that somebody looks, and return the newest comments of whoever has `name` in their name;
    at most one more than `SHOWN`. Raises `Invalid` naming the field.

    What is closed, withheld or erased bears no name in the list, and is not found.
    """
    wanted, who = foldable(_line(name, "namn")), _line(by, "av")
    if len(wanted) < LEAST:
        raise Invalid("namn", N_("Namnet är för kort."), N_("Skriv minst två tecken."))
    if purpose not in PURPOSES:
        raise Invalid("andamal", N_("Inget ändamål är valt."), N_("Välj varför du söker."))
    with store.read() as connection:
        names = [one for one in _names(connection) if wanted in foldable(one)]
        if len(names) > MOST_NAMES:
            raise Invalid("namn", N_("För många heter så."), N_("Skriv mer av namnet."))
        rows = list(connection.execute(
            select(records).where(records.c.author_name.in_(names))
            .order_by(records.c.created_at.desc(), records.c.id.desc()).limit(SHOWN + 1)))
    store.write(lambda tx: _keep(tx, Search(who, purpose, len(rows), store.clock.now())))
    return rows


def made(store: Store, most: int = 50) -> list[Search]:
    """Return the searches that were made, newest first."""
    query = (select(documents.c.body).where(documents.c.kind == KIND)
             .order_by(documents.c.ledger_index.desc()).limit(most))
    with store.read() as connection:
        return [Search(**json.loads(body)) for body in connection.execute(query).scalars()]


def _names(connection: Connection) -> Iterator[str]:
    yield from connection.execute(select(records.c.author_name).distinct()
                                  .where(records.c.author_name.is_not(None))).scalars()


def _keep(tx: Connection, search: Search) -> None:
    said = {"by": search.by, "purpose": search.purpose, "found": search.found, "at": search.at}
    contract.validate("name-search-1", said)
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    kept.put(tx, KIND, str(uuid4()), body, DESK, search.at)


def _line(text: str, field: str) -> str:
    line = storable(" ".join(text.split()))
    if not line:
        raise Invalid(field, N_("Namnet saknas."), N_("Skriv ett namn."))
    if len(line) > LONGEST:
        raise Invalid(field, N_("Namnet är för långt."), N_("Skriv högst 200 tecken."))
    return line
