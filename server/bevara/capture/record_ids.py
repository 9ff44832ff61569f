"""The ids of records: what makes two captures say the same comment."""

from __future__ import annotations

from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from bevara.kernel.tables import accounts, records
from bevara.kernel.tables import withheld as held
from bevara.records import secrecy, withheld

NAMESPACE = UUID("6e0d1f3e-3f7d-5b5c-9a54-0c6b3f2f9b10")


def of(platform: str, account: str | None, comment: str | None, capture_id: str) -> str:
    """Return the id of the record that such a capture belongs to."""
    name = capture_id if comment is None else "\0".join([platform, account or "", comment])
    return str(uuid5(NAMESPACE, name))


def same_comment(
    connection: Connection, platform: str, account: str | None, comment: str | None
) -> set[str]:
    """Return the ids of a comment that is withheld or erased, whoever's it was said to be.

    A platform gives a comment one id, and Bevara may not have known the account each time: the
    comment is the same one. Without a comment's id nothing is the same.
    """
    if comment is None:
        return set()
    shut = withheld.everything(connection)
    if not shut:
        return set()
    known = {account, None, *connection.execute(select(accounts.c.id)).scalars(),
             *_accounts(connection)}
    return shut & {of(platform, one, comment, "") for one in known}


def closed_ones(
    connection: Connection, platform: str, account: str | None, comment: str | None
) -> set[str]:
    """Return the ids of a comment whose content is closed, whoever's it was said to be."""
    if comment is None:
        return set()
    known = {account, None, *connection.execute(select(accounts.c.id)).scalars()}
    ids = {of(platform, one, comment, "") for one in known}
    return set(connection.execute(select(records.c.id).where(
        records.c.id.in_(ids), secrecy.CLOSED)).scalars())


def _accounts(connection: Connection) -> set[str | None]:
    """Return the accounts of what is withheld or erased, which may be registered no more."""
    rows = connection.execute(select(records.c.account_id).join(
        held, held.c.record_id == records.c.id)).scalars()
    return {*rows, *(one["account_id"] for one in withheld.tombstones(connection))}
