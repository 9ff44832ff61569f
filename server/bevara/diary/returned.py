"""Numbers that come back for many comments at once: pasted by a person, or in a diary's receipt."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from bevara.diary import decide, numbers, standing
from bevara.diary.numbers import Forms, Line
from bevara.diary.states import Move
from bevara.kernel.store import Store
from bevara.kernel.tables import records
from bevara.records import show
from bevara.web.translations import N_

TAKEN = N_("Numret står redan på en annan kommentar.")

def paste(
    store: Store, text: str, by: str, forms_of: Callable[[str | None], Forms] = lambda _diary: ()
) -> tuple[int, list[Line]]:
    """Keep the numbers of all good lines at once; return how many were new, and the other lines.

    `forms_of` tells the forms of a diary's numbers by its name.
    Raises `Invalid` when nothing is pasted or the name is missing. A repeat keeps nothing new.
    """
    with store.read() as connection:
        lines = numbers.read(text, lambda code: forms_of(diary_of(connection, code)))
    who = decide.name({"av": by})
    good = [line for line in lines if not line.fault]

    def job(tx: Connection) -> tuple[int, list[Line]]:
        return keep(tx, store, good, who)

    kept, refused = store.write(job) if good else (0, [])
    return kept, sorted([*(line for line in lines if line.fault), *refused],
                        key=lambda line: line.at)


def diary_of(connection: Connection, reference: str) -> str | None:
    """Return the name of the diary that a reference is to be registered in, or None."""
    found: str | None = connection.execute(
        select(records.c.diary).where(records.c.reference == reference)).scalar()
    return found


def keep(tx: Connection, store: Store, lines: list[Line], by: str) -> tuple[int, list[Line]]:
    """Keep the numbers in the transaction; return how many were new, and the lines that fit none.
    """
    kept, refused = 0, []
    for line in lines:
        record_id, fault = matched(tx, line)
        if fault:
            refused.append(Line(line.at, line.text, line.reference, line.number, fault))
        elif record_id:
            now = standing.of(show.kept(tx, record_id))
            decide.put(tx, store, now, "registration", {"number": line.number, "by": by})
            kept += 1
    return kept, refused


def matched(tx: Connection, line: Line) -> tuple[str | None, str]:
    """Return the record that waits for a line's number, or why there is none; neither if done."""
    row = tx.execute(select(records.c.id, records.c.diary_number)
                     .where(records.c.reference == line.reference,
                            records.c.exit == Move.REGISTER.value)).first()
    if row is None:
        return None, N_("Ingen kommentar med den referensen väntar på nummer.")
    if row.diary_number == line.number:
        return None, ""
    if row.diary_number:
        return None, N_("Kommentaren har redan ett annat nummer. Rätta det på kommentarens sida.")
    if decide.holder(tx, line.number):
        return None, TAKEN
    return row.id, ""
