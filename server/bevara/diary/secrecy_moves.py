"""What the registrar says of secrecy: closed, marked with a provision, opened again; whether it is
a breach; and that it was handed over in another way. Each is a document of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bevara.diary import decide, proposal, provisions
from bevara.diary.decide import Form
from bevara.diary.standing import Standing
from bevara.errors import Conflict, Invalid
from bevara.kernel.store import Store
from bevara.records import secrecy
from bevara.records.secrecy import Move
from bevara.web import dates
from bevara.web.translations import N_

HOURS = timedelta(hours=72)
"""Article 33.1 of Regulation (EU) 2016/679."""
ANSWERS = {"yes": N_("Ja"), "no": N_("Nej"), "unassessed": N_("Inte bedömt")}
WAYS = {"in_person": N_("Lämnad på papper eller i handen"),
        "secure_message": N_("Säker digital kommunikation"), "other": N_("På annat säkert sätt")}
EXTENT = "Hela innehållet"
_NOTHING: dict[str, Any] = dict.fromkeys(("provision", "date", "authority", "extent"))


def put(store: Store, record_id: str, form: Form) -> None:
    """Close, mark or open; raise `Invalid` naming a field, `Conflict`, `Changed`, `NotFound`."""
    move = next((one for one in Move if one.value == form.get("drag")), None)
    if move is None:
        raise Invalid("drag", N_("Inget är valt."), N_("Välj vad som ska göras."))
    said = {Move.CLOSE: _closing, Move.MARK: _marking, Move.LIFT: _lifting}[move](form)
    said |= {"move": move.value, "by": decide.name(form)}

    def make(tx: Connection, now: Standing) -> dict[str, Any]:
        known = {one.provision for one in provisions.read(tx)}
        if move is Move.MARK and said["provision"] not in known:
            raise Invalid("lagrum", N_("Lagrummet finns inte i listan."),
                          N_("Välj ett annat eller lägg till det under Inställningar."))
        secrecy.after(secrecy.of(now.record.row), move)
        return said

    decide.keep(store, record_id, "secrecy", form, make)


def answer_breach(store: Store, record_id: str, form: Form) -> None:
    """Keep whether it is a personal data breach; raise as `put` does."""
    answer = form.get("incident", "")
    if answer not in ANSWERS:
        raise Invalid("incident", N_("Frågan är inte besvarad."),
                      N_("Svara Ja, Nej eller Inte bedömt."))
    known = _moment(store, form) if answer == "yes" else None
    said = {"answer": answer, "known_at": known, "by": decide.name(form)}
    decide.keep(store, record_id, "breach", form, lambda _tx, _now: said)


def hand_over(store: Store, record_id: str, form: Form) -> None:
    """Keep how a closed comment was handed over; raise as `put` does."""
    how = form.get("satt", "")
    if how not in WAYS:
        raise Invalid("satt", N_("Inget sätt är valt."), N_("Välj hur den lämnades."))
    said = {"how": how, "by": decide.name(form)}

    def make(_tx: Connection, now: Standing) -> dict[str, Any]:
        if not secrecy.closed(now.record.row):
            raise Conflict(N_("Kommentaren är inte stängd och går att skicka som andra."))
        return said

    decide.keep(store, record_id, "handover", form, make)


def deadline(breach: dict[str, Any] | None) -> str | None:
    """Return when a breach must be notified (RFC 3339), or None unless the answer is yes."""
    if breach is None or breach["known_at"] is None:
        return None
    until = datetime.fromisoformat(breach["known_at"]) + HOURS
    return until.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _closing(_form: Form) -> dict[str, Any]:
    return {**_NOTHING, "ground": ""}


def _marking(form: Form) -> dict[str, Any]:
    day = proposal.line(form, "datum", 10)
    dates.start_of_day(day, "datum")
    return {"provision": proposal.line(form, "lagrum", 200), "date": day,
            "authority": proposal.line(form, "namnd", 200),
            "extent": proposal.line(form, "omfattning", 300), "ground": ""}


def _lifting(form: Form) -> dict[str, Any]:
    return {**_NOTHING, "ground": proposal.line(form, "varfor", 2000)}


def _moment(store: Store, form: Form) -> str:
    """Return when the breach became known; raise `Invalid` for what is no time, or not yet."""
    day, clock = proposal.line(form, "kant_dag", 10), proposal.line(form, "kant_tid", 5)
    found = dates.moment(day, clock, "kant_dag", "kant_tid")
    if found > store.clock.now():
        raise Invalid("kant_dag", N_("Tiden har inte varit än."), N_("Rätta dagen eller klockan."))
    return found
