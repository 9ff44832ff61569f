"""Links from the body's website to the pages of elected representatives.

The guideline lets them be linked, decided by whoever answers for the website, and wants it to be
plain that the opinions are theirs. They are no accounts of the body: nothing is saved from them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from markupsafe import Markup
from sqlalchemy import Connection, select

from bevara.accounts import people
from bevara.errors import Invalid, NotFound
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.kernel.text import storable
from bevara.web.translations import N_

ADDED, REMOVED = "elected_link", "elected_link_removed"
HEADS = ("Namn", "Adress")
OPINIONS = "Åsikterna där är den förtroendevaldas egna, inte kommunens."
LONGEST = 2000
"""Characters of an address."""


@dataclass(frozen=True)
class Link:
    """Whose page (a person or a party), where, who decided, when; `removed` is by whom and when."""

    id: str
    name: str
    address: str
    by: str
    at: str
    removed: tuple[str, str] | None = None


def add(store: Store, name: str, address: str, by: str) -> None:
    """Keep that a link was decided. Raises `Invalid` naming the field."""
    said = {"name": people.name_of(name, "name"), "address": _address(address),
            "by": people.name_of(by, "by")}
    for field, missing in (("name", N_("Skriv vems sida det är.")),
                           ("by", N_("Skriv vem som beslutade om länken."))):
        if not said[field]:
            raise Invalid(field, N_("Namnet saknas."), missing)

    def job(tx: Connection) -> None:
        now = store.clock.now()
        body = json.dumps({**said, "at": now})
        kept.put(tx, ADDED, str(uuid4()), body.encode(), people.DESK, now)

    store.write(job)


def remove(store: Store, id_: str, by: str) -> None:
    """Keep that a link is no longer shown. Raises `NotFound`, and `Invalid` without a name."""
    name = people.name_of(by, "removed_by")
    if not name:
        raise Invalid("removed_by", N_("Namnet saknas."), N_("Skriv vem som tar bort länken."))

    def job(tx: Connection) -> None:
        if not any(one.id == id_ and not one.removed for one in _all(tx)):
            raise NotFound("Länken finns inte, eller så är den redan borttagen.")
        now = store.clock.now()
        body = json.dumps({"link_id": id_, "by": name, "at": now})
        kept.put(tx, REMOVED, id_, body.encode(), people.DESK, now)

    store.write(job)


def listed(store: Store) -> list[Link]:
    """Return every link that was ever decided, by name; the removed ones last."""
    with store.read() as connection:
        found = _all(connection)
    return sorted(found, key=lambda one: (one.removed is not None, one.name.casefold()))


def published(links: list[Link]) -> list[tuple[str, str]]:
    """Return name and address of each link that is shown."""
    return [(one.name, one.address) for one in links if not one.removed]


def as_html(links: list[tuple[str, str]]) -> bytes:
    """Return the links as a piece of HTML to paste into the body's own website."""
    item = Markup('<li><a href="{1}">{0}</a></li>')
    lines = Markup("\n").join(item.format(*one) for one in links)
    return f"<p>{OPINIONS}</p>\n<ul>\n{lines}\n</ul>\n".encode()


def _all(connection: Connection) -> list[Link]:
    rows = connection.execute(
        select(documents.c.kind, documents.c.id, documents.c.body)
        .where(documents.c.kind.in_((ADDED, REMOVED))).order_by(documents.c.ledger_index)).all()
    gone = {row.id: json.loads(row.body) for row in rows if row.kind == REMOVED}
    return [Link(row.id, **json.loads(row.body), removed=_removed(gone.get(row.id)))
            for row in rows if row.kind == ADDED]


def _removed(said: dict[str, str] | None) -> tuple[str, str] | None:
    return (said["by"], said["at"]) if said else None


def _address(text: str) -> str:
    address = storable(text.strip())
    if len(address) > LONGEST:
        raise Invalid("address", N_("Adressen är för lång."), N_("Skriv högst 2000 tecken."))
    try:
        parts = urlsplit(address)
        web = parts.scheme in ("https", "http") and bool(parts.hostname)
    except ValueError:
        web = False
    if not web or "@" in address.split("/")[2] or any(one.isspace() for one in address):
        raise Invalid("address", N_("Adressen går inte att läsa."),
                      N_("Kopiera sidans adress ur webbläsaren. Den börjar med https://."))
    return address
