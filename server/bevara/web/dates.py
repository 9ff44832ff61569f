"""Dates, times and numbers as people write them, Swedish time, in the page's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_date
from babel.numbers import format_decimal

from bevara.errors import Invalid
from bevara.web.rooms import rooms
from bevara.web.translations import N_, SOURCE, gettext, language, ngettext

UNKNOWN_TIME, AT = N_("okänd tid"), N_("kl.")
SATURDAY = 5
MANY = 1000
"""How far lists are counted."""
TODAY, YESTERDAY = N_("I dag"), N_("I går")


def when(text: str | None) -> str:
    """Return a stored time as `22 november 2026 kl. 14.32`, Swedish time."""
    if not text:
        return gettext(UNKNOWN_TIME)
    return f"{day(text)} {gettext(AT)} {clock(text)}"


def day(text: str) -> str:
    """Return a stored time's day as `22 november 2026`."""
    return str(format_date(local(text), "d MMMM y", language()))


def plain_day(found: date) -> str:
    """Return a day as `22 november 2026`."""
    return str(format_date(found, "d MMMM y", language()))


def local_day(text: str) -> date:
    """Return the Swedish day of a stored time."""
    return local(text).date()


def today() -> date:
    """Return the Swedish day that it is."""
    return local_day(rooms().real_store.clock.now())


def clock(text: str) -> str:
    """Return a stored time's clock as `14.32` (English `14:32`)."""
    moment = local(text)
    return f"{moment:%H.%M}" if language() == SOURCE else f"{moment:%H:%M}"


def weekday(text: str) -> str:
    """Return a stored time's day with its name, as `Söndag 22 november`; `I dag` when it is."""
    moment, now = local(text), local(rooms().real_store.clock.now())
    named = str(format_date(moment, "EEEE d MMMM", language()))
    if moment.year != now.year:
        named += f" {moment.year}"
    apart = (now.date() - moment.date()).days
    before = {0: gettext(TODAY), 1: gettext(YESTERDAY)}.get(apart)
    return f"{before}, {named}" if before else named[:1].upper() + named[1:]


def days(text: str) -> int:
    """Return how many whole days ago a stored time was."""
    return max(0, (local(rooms().real_store.clock.now()) - local(text)).days)


def a_working_day_before(text: str) -> str:
    """Return the time one working day before a stored time: the same clock on the latest weekday
    before it. Public holidays count as any day; a reminder may come on the first day after one.
    """
    moment = local(text) - timedelta(days=1)
    while moment.weekday() >= SATURDAY:
        moment -= timedelta(days=1)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def age(text: str) -> str:
    """Return how long ago a stored time was, in the largest whole unit; nothing within a minute."""
    seconds = (local(rooms().real_store.clock.now()) - local(text)).total_seconds()
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86400)
    if days:
        return ngettext("%(n)d dag", "%(n)d dagar", days) % {"n": days}
    if hours:
        return ngettext("%(n)d timme", "%(n)d timmar", hours) % {"n": hours}
    if minutes < 1:
        return ""
    return ngettext("%(n)d minut", "%(n)d minuter", minutes) % {"n": minutes}


def start_of_day(text: str, field: str, later: int = 0) -> str:
    """Return when the Swedish day `text` (åååå-mm-dd) starts, `later` days on, as stored times are.

    Raises `Invalid` naming `field`.
    """
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date() + timedelta(days=later)
        start = datetime.combine(day, time())
        moment = start.replace(tzinfo=_zone()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(field, N_("Datumet ska skrivas åååå-mm-dd."),
                      N_("Till exempel 2026-11-22.")) from None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str, clock_text: str, field: str, clock_field: str) -> str:
    """Return a Swedish day (åååå-mm-dd) and clock (tt.mm) as stored times are.

    Raises `Invalid` naming the field at fault.
    """
    start = datetime.fromisoformat(start_of_day(text, field)).astimezone(_zone())
    try:
        at = datetime.strptime(clock_text.replace(":", "."), "%H.%M").time()
    except ValueError:
        raise Invalid(clock_field, N_("Klockan ska skrivas tt.mm."),
                      N_("Till exempel 14.32.")) from None
    found = datetime.combine(start.date(), at).replace(tzinfo=_zone()).astimezone(UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def many(value: int) -> str:
    """Return a count as people write it; what was not counted to its end as `1 000+`."""
    return number(value) if value <= MANY else f"{number(MANY)}+"


def number(value: int) -> str:
    """Return a number as it is written: `48 213` with a hard space, English `48,213`."""
    return str(format_decimal(value, locale=language()))


def local(text: str) -> datetime:
    """Return a stored time as Swedish time."""
    return datetime.fromisoformat(text).astimezone(_zone())


def _zone() -> ZoneInfo | None:
    try:
        return ZoneInfo("Europe/Stockholm")
    except ZoneInfoNotFoundError:
        return None


FILTERS: tuple[Callable[..., Any], ...] = (many, 
    when, day, plain_day, clock, weekday, days, age, number)
