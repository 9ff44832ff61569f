"""The registration proposal: what Bevara suggests, and what the registrar's form says.

A proposal never quotes the comment and never names its author: title and sender are public. What
the diary keeps apart (offentlighets- och sekretesslagen 5:2) has a protected sender and title.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from bevara.errors import Invalid
from bevara.kernel.text import storable
from bevara.records.secrecy import PUBLIC
from bevara.web import dates
from bevara.web.pages import PLATFORMS
from bevara.web.translations import N_

Form = Mapping[str, str]
DIRECTIONS = {"received": N_("Inkommen"), "sent": N_("Utgående"), "drawn_up": N_("Upprättad")}
PRECISIONS = {"exact": N_("exakt"), "minute": N_("på minuten"), "day": N_("på dagen"),
              "relative": N_("ungefärlig"), "unknown": N_("okänd")}
RETENTIONS = {"keep": N_("Bevaras"), "dispose": N_("Gallras")}
CASES = {"collective": N_("Årets samlingsärende"), "new": N_("Nytt ärende"),
         "existing": N_("Befintligt ärende")}
DONE = {"delete": "borttagen", "hide": "dold"}
SENDER, DOCUMENT_TYPE = "Enskild", "Kommentar i socialt medium"
FIELDS = ("inkom", "avsandare", "rubrik", "arende", "arendenummer", "riktning", "precision",
          "handlingstyp", "bevaras")
OPTIONAL = {"diarium": "diary", "namnd": "committee", "klassificering": "classification",
            "handlaggare": "handler"}
"""Fields that a proposal may leave out, and what they are kept as."""
PROTECTED = (("skyddad_avsandare", "protected_sender", 200),
             ("skyddad_rubrik", "protected_title", 300))


def suggested(
    capture: dict[str, Any], account: str | None, closed: bool = False
) -> dict[str, str]:
    """Return the form's fields for a capture, closed or not: Swedish, for the diary is."""
    comment, own = capture["comment"], is_own(capture, account)
    day = dates.local_day(comment["time_exact"] or capture["captured_at"])
    return {
        "inkom": day.isoformat(),
        "avsandare": PUBLIC if closed else str(account) if own else SENDER,
        "rubrik": PUBLIC if closed else _title(capture, account, day, own),
        "skyddad_avsandare": "", "skyddad_rubrik": "",
        "arende": "collective", "arendenummer": "",
        "riktning": "sent" if own else "received",
        "precision": comment["time_precision"] if comment["time_exact"] else "unknown",
        "handlingstyp": DOCUMENT_TYPE, "bevaras": "keep",
        **dict.fromkeys(OPTIONAL, ""),
    }


def is_own(capture: dict[str, Any], account: str | None) -> bool:
    """Tell whether the account itself wrote it: an answer that the body sent (utgående)."""
    author = capture["comment"]["author"]["name"]
    return bool(account and author) and author.casefold() == str(account).casefold()


def as_form(proposal: dict[str, Any]) -> dict[str, str]:
    """Return a kept proposal as the form's fields."""
    return {
        "inkom": proposal["received_on"], "avsandare": proposal["sender"],
        "rubrik": proposal["title"], "arende": proposal["case"]["kind"],
        "arendenummer": proposal["case"]["number"] or "", "riktning": proposal["direction"],
        "precision": proposal["precision"], "handlingstyp": proposal["document_type"],
        "bevaras": proposal["retention"],
        **{field: proposal.get(name) or "" for field, name in OPTIONAL.items()},
        "skyddad_avsandare": proposal.get("protected_sender") or "",
        "skyddad_rubrik": proposal.get("protected_title") or "",
    }


def read(form: Form) -> dict[str, Any]:
    """Return the proposal that a form says; raise `Invalid` naming the field."""
    day = line(form, "inkom", 10)
    dates.start_of_day(day, "inkom")
    kind, number = one_of(form, "arende", CASES), " ".join(form.get("arendenummer", "").split())
    if kind == "existing" and not number:
        raise Invalid("arendenummer", N_("Ärendets nummer saknas."),
                      N_("Skriv numret eller välj ett annat ärende."))
    return {
        "direction": one_of(form, "riktning", DIRECTIONS), "received_on": day,
        "precision": one_of(form, "precision", PRECISIONS),
        "sender": line(form, "avsandare", 200), "title": line(form, "rubrik", 300),
        "document_type": line(form, "handlingstyp", 200),
        "retention": one_of(form, "bevaras", RETENTIONS),
        "case": {"kind": kind, "number": _short(number, "arendenummer", 60) or None},
        **{name: said for field, name in OPTIONAL.items()
           if (said := line(form, field, 200, needed=False))},
    }


def with_protected(
    said: dict[str, Any], form: Form, before: dict[str, Any] | None
) -> dict[str, Any]:
    """Return a proposal with its protected sender and title.

    A form that was made without a viewing has no such fields: what was kept before stays.
    """
    for field, name, longest in PROTECTED:
        if field in form:
            said = said | {name: line(form, field, longest, needed=False) or None}
        elif before and before.get(name):
            said = said | {name: before[name]}
    return said


def line(form: Form, field: str, longest: int, needed: bool = True) -> str:
    """Return what a field says, on one line; raise `Invalid` when it is empty or too long."""
    found = storable(" ".join(form.get(field, "").split()))
    if needed and not found:
        raise Invalid(field, N_("Fältet är tomt."), N_("Fyll i fältet."))
    return _short(found, field, longest)


def _short(text: str, field: str, longest: int) -> str:
    if len(text) > longest:
        raise Invalid(field, N_("Texten är för lång."), N_("Skriv kortare."))
    return text


def one_of(form: Form, field: str, known: Mapping[str, str]) -> str:
    """Return which of `known` a field says; raise `Invalid` for none."""
    found = form.get(field, "")
    if found not in known:
        raise Invalid(field, N_("Inget är valt."), N_("Välj något i listan."))
    return found


def _title(capture: dict[str, Any], account: str | None, day: date, own: bool) -> str:
    """Return when and where, and what was done; nothing of the page but the account's name."""
    where = PLATFORMS.get(capture["platform"], capture["platform"])
    what = "Svar" if own else "Kommentar"
    parts = [f"{what} på {where}", account, format_date(day, "d MMMM y", "sv"),
             DONE.get(capture["action"]["kind"])]
    return ", ".join(part for part in parts if part)[:300]
