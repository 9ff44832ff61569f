"""The users of *gemensam*: a name, roles and a password's hash.

What happens to a user is in the ledger: who did it and when, never a password. A name is never
given to another person, not even after its user is closed, since documents say it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, insert, select, update

from bevara.errors import Conflict, Invalid, NotFound
from bevara.kernel import ledger
from bevara.kernel.store import Store
from bevara.kernel.tables import users
from bevara.kernel.text import storable
from bevara.web import navigation
from bevara.web.navigation import ADMINISTRATOR
from bevara.web.translations import N_

LONGEST = 200
COMMAND_LINE = "bevara user"
"""Who did it, when whoever runs the program did."""
ROLES = {
    navigation.MODERATOR: N_("Moderator"), navigation.REGISTRAR: N_("Registrator"),
    navigation.INFORMATION_OFFICER: N_("Informatör"), navigation.WEB_OFFICER: N_("Webbansvarig"),
    navigation.ARCHIVIST: N_("Arkivarie"),
    navigation.DATA_PROTECTION_OFFICER: N_("Dataskyddsombud"),
    navigation.MANAGER: N_("Närmaste chef"), ADMINISTRATOR: N_("Administratör"),
}


@dataclass(frozen=True)
class User:
    """`chosen` tells whether the person has chosen a password."""

    id: str
    name: str
    roles: frozenset[str]
    chosen: bool
    closed_at: str | None


def everyone(store: Store) -> list[User]:
    """Return the users, closed ones last, each sorted by name."""
    with store.read() as connection:
        found = [_user(row) for row in connection.execute(select(users))]
    return sorted(found, key=lambda one: (one.closed_at is not None, one.name.casefold()))


def find(store: Store, id_: str) -> User | None:
    """Return the user of an id, or None; a closed one too."""
    with store.read() as connection:
        row = connection.execute(select(users).where(users.c.id == id_)).first()
    return _user(row) if row else None


def named(store: Store, name: str) -> tuple[User | None, str | None]:
    """Return the user who may sign in with a name, and the password's hash."""
    with store.read() as connection:
        row = connection.execute(select(users).where(
            users.c.folded == folded(name), users.c.closed_at.is_(None))).first()
    return (_user(row), row.password) if row else (None, None)


def password(store: Store, id_: str) -> str | None:
    """Return the hash that is kept for a user."""
    with store.read() as connection:
        return connection.execute(select(users.c.password).where(users.c.id == id_)).scalar()


def fingerprint(kept: str | None) -> str | None:
    """Return what the log says of a kept hash, so that `verify` sees another in its place."""
    return hashlib.sha256(kept.encode()).hexdigest() if kept else None


def folded(name: str) -> str:
    """Return a name as it is compared: whatever its case and its spaces."""
    return " ".join(storable(name).split()).casefold()


def add(store: Store, text: str, roles: Iterable[str], by: str) -> str:
    """Add a user, who has no password yet; return the id.

    Raises `Invalid` naming the field, and `Conflict` when the name has been used.
    """
    name, chosen, id_ = " ".join(storable(text).split()), check_roles(roles), str(uuid4())
    if not name:
        raise Invalid("name", N_("Namnet saknas."), N_("Skriv för- och efternamn."))
    if len(name) > LONGEST:
        raise Invalid("name", N_("Namnet är för långt."), N_("Skriv högst 200 tecken."))

    def job(tx: Connection) -> None:
        now = store.clock.now()
        if tx.execute(select(users.c.id).where(users.c.folded == folded(name))).first():
            raise Conflict(N_("Namnet finns redan, eller har funnits."), field="name")
        tx.execute(insert(users).values(id=id_, name=name, folded=folded(name),
                                        roles=json.dumps(chosen), added_at=now))
        _log(tx, "added", id_, by, now, name=name, roles=chosen)

    store.write(job)
    return id_


def change_roles(store: Store, id_: str, roles: Iterable[str], by: str) -> None:
    """Give a user exactly these roles; raise `Invalid`, `NotFound` or `Conflict`."""
    chosen = check_roles(roles)

    def job(tx: Connection) -> None:
        _open(tx, id_)
        if ADMINISTRATOR not in chosen:
            _keep_an_administrator(tx, id_)
        tx.execute(update(users).where(users.c.id == id_).values(roles=json.dumps(chosen)))
        _log(tx, "roles", id_, by, store.clock.now(), roles=chosen)

    store.write(job)


def close(store: Store, id_: str, by: str) -> None:
    """Let a user in no more; raise `NotFound` or `Conflict`."""

    def job(tx: Connection) -> None:
        now = store.clock.now()
        _open(tx, id_)
        _keep_an_administrator(tx, id_)
        tx.execute(update(users).where(users.c.id == id_).values(closed_at=now, password=None))
        _log(tx, "closed", id_, by, now)

    store.write(job)


def set_password(store: Store, id_: str, kept: str, by: str) -> None:
    """Keep the hash of a new password; raise `NotFound` when the user is closed."""

    def job(tx: Connection) -> None:
        _open(tx, id_)
        tx.execute(update(users).where(users.c.id == id_).values(password=kept))
        _log(tx, "password", id_, by, store.clock.now(), kept_sha256=fingerprint(kept))

    store.write(job)


def forget_passwords(store: Store, by: str) -> None:
    """Keep that no user has a password any more: each chooses a new one."""

    def job(tx: Connection) -> None:
        open_ones = tx.execute(select(users.c.id).where(users.c.closed_at.is_(None))).scalars()
        for id_ in open_ones.all():
            tx.execute(update(users).where(users.c.id == id_).values(password=None))
            _log(tx, "password", id_, by, store.clock.now(), kept_sha256=None)

    store.write(job)


def log(store: Store, what: str, id_: str, by: str) -> None:
    """Keep that a user signed in or out, or was signed out."""
    store.write(lambda tx: _log(tx, what, id_, by, store.clock.now()))


def check_roles(roles: Iterable[str]) -> list[str]:
    """Return the roles sorted; raise `Invalid` for none, or for one that there is not."""
    chosen = sorted(set(roles))
    if not chosen or not set(chosen) <= set(ROLES):
        raise Invalid("roles", N_("Ingen roll är vald."), N_("Välj minst en roll i listan."))
    return chosen


def _user(row: Row[Any]) -> User:
    return User(row.id, row.name, frozenset(json.loads(row.roles)), row.password is not None,
                row.closed_at)


def _open(tx: Connection, id_: str) -> None:
    known = select(users.c.id).where(users.c.id == id_, users.c.closed_at.is_(None))
    if tx.execute(known).first() is None:
        raise NotFound(N_("Användaren finns inte."))


def _keep_an_administrator(tx: Connection, id_: str) -> None:
    others = tx.execute(select(users.c.roles).where(
        users.c.id != id_, users.c.closed_at.is_(None))).scalars()
    mine = tx.execute(select(users.c.roles).where(users.c.id == id_)).scalar() or "[]"
    if ADMINISTRATOR in json.loads(mine) and all(
            ADMINISTRATOR not in json.loads(one) for one in others):
        raise Conflict(N_("Det måste finnas en administratör."), field="roles",
                       next_step=N_("Gör någon annan till administratör först."))


def _log(tx: Connection, what: str, id_: str, by: str, now: str, **more: object) -> None:
    ledger.append(tx, {"kind": "user", "what": what, "id": id_, "by": by, "at": now, **more})
