"""What a registrar decides, each as a document of its own; none is changed, a later one counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from bevara import contract
from bevara.diary import assessments, numbers, proposal, references, standing, states
from bevara.diary.numbers import Forms
from bevara.diary.standing import Standing
from bevara.diary.states import Move
from bevara.errors import Conflict, Invalid
from bevara.kernel import documents
from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.records import project, secrecy, show
from bevara.web.translations import N_

DESK = "desk"
Form = Mapping[str, str]
Make = Callable[[Connection, Standing], dict[str, Any]]


class Changed(Conflict):
    """Someone else was first: `now` is how the record stands."""

    def __init__(self, now: Standing) -> None:
        super().__init__(N_("Någon annan har ändrat förslaget."))
        self.now = now


def assess(store: Store, record_id: str, form: Form, tags: Iterable[str] = ()) -> None:
    """Keep the registrar's own view; raise `Invalid`, `Changed`, `NotFound`, `Withheld`."""
    category, chosen = form.get("kategori", "") or None, sorted(set(tags))
    known = contract.load("categories.json")
    if category and category not in [item["id"] for item in known["categories"]]:
        raise Invalid("kategori", N_("Välj en av kategorierna."))
    if not set(chosen) <= {item["id"] for item in known["tags"]}:
        raise Invalid("markning", N_("Välj bland dem som finns."))
    said = {"category": category, "tags": chosen, "by": name(form),
            "ground": proposal.line(form, "bedomning", 2000, needed=False)}
    if not category and not chosen and not said["ground"]:
        raise Invalid("bedomning", N_("Bedömningen är tom."),
                      N_("Välj en kategori eller skriv något."))
    keep(store, record_id, "assessment", form, lambda _tx, _now: said)


def decide(store: Store, record_id: str, form: Form) -> None:
    """Keep a decision; raise `Invalid` naming a field, `Conflict` when it leads nowhere, `Changed`.
    """
    move, said = decision(form)
    proposed = proposal.read(form) if move is not Move.TAKE_BACK else None

    def make(tx: Connection, now: Standing) -> dict[str, Any]:
        if proposed is None:
            return said | {"proposal": None, "reference": None}
        kept = proposal.with_protected(proposed, form, now.proposal)
        return complete(tx, now, move, said, kept)

    keep(store, record_id, "decision", form, make, move)


def decision(form: Form) -> tuple[Move, dict[str, Any]]:
    """Return what a form decides, whatever comment it is about; raise `Invalid`.

    Only what holds nothing secret may stay unregistered (offentlighets- och sekretesslagen 5:1).
    """
    move = _move(form)
    return move, {"exit": move.value, "secrecy": _secrecy(form, move),
                  "ground": _ground(form, move), "by": name(form)}


def complete(
    tx: Connection, now: Standing, move: Move, said: dict[str, Any], proposed: dict[str, Any]
) -> dict[str, Any]:
    """Return the decision on one comment; raise `Invalid` when what is closed would be left out,
    `Conflict` when a second person has to assess it first.
    """
    assessments.check_two(now)
    if secrecy.closed(now.record.row) and move in (Move.KEEP, Move.MINOR):
        raise Invalid("beslut", N_("Kommentaren kan innehålla sekretess och ska registreras."),
                      N_("Välj Registrera."))
    return said | {"proposal": proposed, "reference": _reference(tx, now.record.row.id)}


def number(store: Store, record_id: str, form: Form, forms: Forms = ()) -> None:
    """Keep the diary's number; raise `Invalid` when it is none or is taken, `Conflict`, `Changed`.
    """
    given, by = numbers.checked(form.get("nummer", ""), forms), name(form)

    def make(tx: Connection, _now: Standing) -> dict[str, Any]:
        taken_by = holder(tx, given)
        if taken_by and taken_by != record_id:
            raise Invalid("nummer", N_("Numret står redan på en annan kommentar."),
                          N_("Kontrollera numret i diariet."))
        return {"number": given, "by": by}

    keep(store, record_id, "registration", form, make, Move.NUMBER)


def take_back_number(store: Store, record_id: str, form: Form) -> None:
    """Keep that a number was wrong, so that the record waits again; raise as `number` does."""
    said = {"number": None, "by": name(form)}
    keep(store, record_id, "registration", form, lambda _tx, _now: said, Move.TAKE_BACK_NUMBER)


def keep(
    store: Store, record_id: str, kind: str, form: Form, make: Make, move: Move | None = None
) -> None:
    """Keep one document if nothing was said since the form was made; the same twice is once."""
    seen = form.get("sett", "")

    def job(tx: Connection) -> None:
        now = standing.of(show.kept(tx, record_id))
        if seen != str(now.seen):
            if now.last and seen == str(now.seen - 1) and _same(tx, now, kind, make):
                return
            raise Changed(now)
        if move is not None:
            states.after(now.state, move)
        put(tx, store, now, kind, make(tx, now))

    store.write(job)


def _same(tx: Connection, now: Standing, kind: str, make: Make) -> bool:
    """Tell whether the newest document already says this: a form that was sent twice."""
    try:
        said = make(tx, now)
    except (Invalid, Conflict):
        return False
    last = now.last or {}
    return last["kind"] == kind and all(last[field] == value for field, value in said.items())


def put(tx: Connection, store: Store, now: Standing, kind: str, said: dict[str, Any]) -> None:
    """Put a document on a comment: in the ledger, and in the row that lists show."""
    body = said | {"at": store.clock.now(), "seen": now.seen}
    contract.validate(f"{kind}-1", body)
    id_ = f"{now.record.latest['capture_id']}/{uuid4()}"
    data = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    documents.put(tx, kind, id_, data, DESK, body["at"])
    project.set_later(tx, now.record.row.id, kind, body)


def _reference(tx: Connection, record_id: str) -> str:
    """Return the record's reference, another than every other record's."""
    attempt = 0
    while True:
        found = references.make(record_id, attempt)
        holder = tx.execute(
            select(records.c.id).where(records.c.reference == found)).scalar()
        if holder in (None, record_id):
            return found
        attempt += 1


def holder(tx: Connection, number: str) -> str | None:
    """Return the record that has a diary number, or None."""
    found: str | None = tx.execute(
        select(records.c.id).where(records.c.diary_number == number)).scalar()
    return found


def _move(form: Form) -> Move:
    exits = (Move.REGISTER, Move.KEEP, Move.MINOR, Move.TAKE_BACK)
    found = next((move for move in exits if move.value == form.get("beslut")), None)
    if found is None:
        raise Invalid("beslut", N_("Inget beslut är valt."), N_("Välj ett av de tre."))
    return found


def _secrecy(form: Form, move: Move) -> bool | None:
    if move in (Move.REGISTER, Move.TAKE_BACK):
        return None
    answer = form.get("sekretess")
    if answer == "ja":
        raise Invalid("sekretess", N_("Det som kan vara hemligt ska alltid registreras."),
                      N_("Välj Registrera."))
    if answer != "nej":
        raise Invalid("sekretess", N_("Frågan är inte besvarad."), N_("Svara Ja eller Nej."))
    return False


def _ground(form: Form, move: Move) -> str:
    if move is Move.REGISTER:
        return ""
    return proposal.line(form, "grund", 2000)


def name(form: Form) -> str:
    """Return who says it; raise `Invalid` when the field is empty or too long."""
    return proposal.line(form, "av", 200)
