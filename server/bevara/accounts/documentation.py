"""When an account's build and look was documented, and when it is time again.

The guideline says how many times a year (`rules.document_account_per_year` of the profile). The
first is due that part of a year after the account was added, each later one after the last.
"""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import Connection

from bevara import contract
from bevara.accounts import people, register
from bevara.errors import Invalid
from bevara.kernel import documents as kept
from bevara.kernel.store import Store
from bevara.kernel.text import storable
from bevara.web import dates
from bevara.web.translations import N_

KIND = "account_documented"
LONGEST_PLACE = 500
SOON = timedelta(days=30)
"""How long before the last day the desk says that it is time."""


@dataclass(frozen=True)
class Round:
    """One documentation: the day (åååå-mm-dd), where it lies, who did it, when it was noted."""

    on: str
    place: str
    by: str
    at: str


def note(store: Store, account_id: str, on: str, place: str, by: str) -> None:
    """Keep that an account was documented. Raises `NotFound`, and `Invalid` naming the field."""
    said = {"on": _day(on.strip()), "place": _place(place), "by": people.name_of(by, "by")}
    if not said["by"]:
        raise Invalid("by", N_("Namnet saknas."), N_("Skriv vem som dokumenterade kontot."))

    def job(tx: Connection) -> None:
        register.must_exist(tx, account_id)
        now = store.clock.now()
        body = json.dumps({"account_id": account_id, **said, "at": now})
        kept.put(tx, KIND, str(uuid4()), body.encode(), people.DESK, now)

    store.write(job)


def of_each(store: Store) -> dict[str, list[Round]]:
    """Return every documentation of each account, by its id, by day."""
    found: dict[str, list[Round]] = {}
    for said in people.said_of_accounts(store, KIND):
        found.setdefault(said.pop("account_id"), []).append(Round(**said))
    return {id_: sorted(rounds, key=lambda one: (one.on, one.at)) for id_, rounds in found.items()}


def next_day(added_at: str, rounds: list[Round]) -> date:
    """Return the last day to document an account that was added at a stored time."""
    months = 12 // times_a_year()
    last = date.fromisoformat(rounds[-1].on) if rounds else dates.local_day(added_at)
    years, month = divmod(last.month - 1 + months, 12)
    longest = calendar.monthrange(last.year + years, month + 1)[1]
    return date(last.year + years, month + 1, min(last.day, longest))


def is_time(day: date) -> bool:
    """Tell whether what must be done by `day` should be done now."""
    return day - dates.today() <= SOON


def times_a_year() -> int:
    """Return how many times a year each account is documented."""
    return _rule("document_account_per_year")


def administrators_needed() -> int:
    """Return how many must be able to administrate each account."""
    return _rule("administrators_minimum")


def _rule(name: str) -> int:
    return int(contract.profile()["rules"][name])


def _day(text: str) -> str:
    dates.start_of_day(text, "on")
    if text > dates.today().isoformat():
        raise Invalid("on", N_("Dagen har inte varit än."), N_("Skriv dagen då det gjordes."))
    return text


def _place(text: str) -> str:
    place = storable(" ".join(text.split()))
    if not place:
        raise Invalid("place", N_("Platsen saknas."), N_("Skriv var skärmdumparna ligger."))
    if len(place) > LONGEST_PLACE:
        raise Invalid("place", N_("Platsen är för lång."), N_("Skriv högst 500 tecken."))
    return place
