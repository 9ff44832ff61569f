"""What a page here is about: the comment, as whoever asks may see it and for this purpose."""

from __future__ import annotations

import uuid

from flask import request

from bevara.accounts import register
from bevara.disclosure.masked_copy import Subject
from bevara.errors import Closed
from bevara.records import show, viewings
from bevara.web.rooms import rooms
from bevara.web.translations import N_

DISCLOSURE, POLICE = "disclosure", "police"
"""The purposes of a viewing (`viewings.PURPOSES`) that let something closed be made here."""


def subject(record_id: uuid.UUID, practice: str | None, purpose: str) -> Subject:
    """Return the comment; raise `Closed` unless someone who may looks at it for `purpose`,
    `NotFound`, `Withheld`, `Erased`."""
    store = rooms().store_of(practice)
    viewing = viewings.of_key(rooms().ephemeral, key())
    found = show.record(store, str(record_id), viewing)
    if found.shut:
        raise Closed()
    mine = viewing if viewing and viewing.record_id == str(record_id) else None
    if mine and mine.purpose != purpose:
        raise Closed(N_("Den visades för ett annat ändamål."),
                     next_step=N_("Visa skyddat innehåll igen, och välj det som gäller nu."))
    accounts = register.names(rooms().real_store, rooms().config.port)
    return Subject(store, found, accounts.get(found.row.account_id or "", "Okänt konto"), mine)


def key() -> str:
    """Return the key of the viewing that the page belongs to, or ""."""
    return request.values.get("visning", "")
