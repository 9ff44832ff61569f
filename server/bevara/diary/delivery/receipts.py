"""Receipts that come back in the folder: a good one's numbers are kept, any other is set aside.

A receipt is kept whole or not at all, in the transaction that keeps its row here; only then is its
file moved. After a crash between the two the row says that the file is only to be moved.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from bevara.diary import numbers, references, returned
from bevara.diary.channels import Passing, inbox, place
from bevara.diary.channels.inbox import Odd, Receipt
from bevara.diary.delivery import outbox, settings
from bevara.diary.delivery.outbox import State
from bevara.diary.delivery.settings import Settings
from bevara.diary.numbers import Forms, Line
from bevara.errors import Invalid, NotFound
from bevara.kernel.store import Store
from bevara.kernel.tables import deliveries, delivery_items, receipts, records
from bevara.kernel.text import storable
from bevara.web.translations import N_

BY = "Kvittens i leveransmappen"
PATIENCE = timedelta(minutes=5)
"""How long a file that cannot be read may stay as it is, since its writer may be at work."""
SHOWN, LONGEST_NAME = 20, 120
FAULTS = {
    inbox.LINKED: N_("Filen är en länk eller ingen vanlig fil. Inget är läst."),
    inbox.OVERSIZED: N_("Filen är för stor för en kvittens. Inget är läst."),
    inbox.MALFORMED: N_("Filen är inte en hel kvittens. Den är halvskriven eller felskriven."),
    "foreign": N_("Kvittensen hör inte till någon av Bevaras leveranser."),
    "hash": N_("Kvittensen gäller en annan ZIP-fil än den som Bevara lämnade."),
    "stopped": N_("Leveransen är tillbakatagen."),
    "reference": N_("En referens hör inte till leveransen."),
    "form": N_("Ett nummer har inte diariets form."),
    "taken": N_("Ett nummer står redan på en annan kommentar, eller två gånger i kvittensen."),
    "other": N_("En kommentar har redan ett annat nummer, eller väntar inte på nummer."),
    "duplicate": N_("Alla nummer i kvittensen är redan inlästa."),
}
TO_DO = {
    "duplicate": N_("Du behöver inte göra något."),
    "foreign": N_("Fråga den som sköter diariets inläsning var filen kommer från."),
    inbox.LINKED: N_("Fråga den som sköter diariets inläsning var filen kommer från."),
}
ASK = N_("Kontrollera i diariet, och klistra in numren för hand på sidan Väntar på nummer.")
log = logging.getLogger(__name__)
_first_seen: dict[tuple[str, str], str] = {}


def collect(store: Store, how: Settings) -> int:
    """Keep what has come back in the chosen folder; return how many numbers were new.

    A folder that is out of reach is no error: what lies there is read when it is back.
    """
    if how.channel != settings.FOLDER:
        return 0
    try:
        folder = place.opened(how.folder)
        return sum(_tried(store, folder / name, how) for name in inbox.names(folder))
    except (Passing, OSError) as error:
        log.info("the folder's receipts wait: %s", type(error).__name__)
        return 0


def open_ones(store: Store) -> list[Row[Any]]:
    """Return the newest receipts that were set aside and that nobody has settled."""
    query = (select(receipts).where(receipts.c.fault.is_not(None), ~receipts.c.settled)
             .order_by(receipts.c.at.desc(), receipts.c.id).limit(SHOWN))
    with store.read() as connection:
        return list(connection.execute(query).all())


def settle(store: Store, id_: str) -> None:
    """Take a receipt that was set aside off the list; raise `NotFound`."""
    def job(tx: Connection) -> None:
        done = tx.execute(update(receipts).where(receipts.c.id == id_).values(settled=True))
        if not done.rowcount:
            raise NotFound(N_("Kvittensen finns inte."))

    store.write(job)


def number_open(store: Store) -> int:
    """Return how many receipts are set aside and not settled."""
    query = select(func.count()).select_from(receipts).where(
        receipts.c.fault.is_not(None), ~receipts.c.settled)
    with store.read() as connection:
        return int(connection.execute(query).scalar_one())


def _tried(store: Store, path: Path, how: Settings) -> int:
    """Read one receipt; one that cannot be read or moved now waits, and holds up no other."""
    try:
        return _one(store, path, how)
    except OSError as error:
        log.info("a receipt waits: %s", type(error).__name__)
        return 0


def _one(store: Store, path: Path, how: Settings) -> int:
    try:
        data = inbox.contents(path)
        digest = hashlib.sha256(data).hexdigest()
        said: Receipt | Odd = inbox.parsed(data)
    except FileNotFoundError:
        return 0
    except Odd as odd:
        said = odd
        digest = hashlib.sha256(data).hexdigest() if str(odd) == inbox.MALFORMED else ""
        if str(odd) == inbox.MALFORMED and _may_grow(store, path.name, digest):
            return 0
    id_, fault, kept = store.write(lambda tx: _keep(tx, store, path.name, digest, said, how))
    inbox.move(path, inbox.REFUSED if fault else inbox.TAKEN, f"{id_[:8]}-{path.name}"[-200:])
    store.write(lambda tx: tx.execute(
        update(receipts).where(receipts.c.id == id_).values(moved=True)).rowcount)
    return kept


def _may_grow(store: Store, name: str, digest: str) -> bool:
    """Tell whether a file that cannot be read has stood so for too short a time to judge."""
    now = store.clock.now()
    first = _first_seen.setdefault((name, digest), now)
    if datetime.fromisoformat(now) - datetime.fromisoformat(first) < PATIENCE:
        return True
    del _first_seen[name, digest]
    return False


def _keep(
    tx: Connection, store: Store, name: str, digest: str, said: Receipt | Odd, how: Settings
) -> tuple[str, str | None, int]:
    """Keep a receipt's row and numbers; return its id, its fault, and how many were new."""
    shown = storable(name)[:LONGEST_NAME]
    before = tx.execute(select(receipts).where(
        receipts.c.name == shown, receipts.c.sha256 == digest,
        ~receipts.c.moved)).first()
    if before:
        return str(before.id), before.fault, 0
    delivery, fault, lines = (None, str(said), []) if isinstance(said, Odd) else _read(
        tx, said, how)
    now, id_ = store.clock.now(), str(uuid4())
    if not fault and delivery:
        returned.keep(tx, store, lines, BY)
        outbox.receipted(tx, delivery, now)
    tx.execute(insert(receipts).values(
        id=id_, at=now, name=shown, sha256=digest, delivery_id=delivery,
        fault=fault or None, moved=False, settled=False))
    return id_, fault or None, 0 if fault else len(lines)


def _read(tx: Connection, said: Receipt, how: Settings) -> tuple[str | None, str, list[Line]]:
    """Return the delivery that a receipt answers, what is wrong or "", and the new numbers."""
    row = tx.execute(select(deliveries).where(
        deliveries.c.token == said.token, deliveries.c.channel == settings.FOLDER,
        deliveries.c.diary == how.diary, deliveries.c.package.is_not(None))).first()
    if row is None:
        return None, "foreign", []
    id_ = str(row.id)
    if row.package != said.sha256:
        return id_, "hash", []
    if row.state == State.STOPPED:
        return id_, "stopped", []
    known = set(tx.execute(select(records.c.reference).join(
        delivery_items, delivery_items.c.record_id == records.c.id,
    ).where(delivery_items.c.delivery_id == id_)).scalars())
    fault, lines = _lines(said, known, how.forms)
    return id_, fault or _against(tx, lines), lines


def _lines(said: Receipt, known: set[str | None], forms: Forms) -> tuple[str, list[Line]]:
    lines: list[Line] = []
    for at, (reference, number) in enumerate(said.numbers.items(), 1):
        right, _ = references.find(reference)
        if len(right) != 1 or right[0] not in known:
            return "reference", []
        try:
            lines.append(Line(at, "", right[0], numbers.checked(number, forms)))
        except Invalid:
            return "form", []
    twice = (len({line.number for line in lines}) != len(lines)
             or len({line.reference for line in lines}) != len(lines))
    return "taken" if twice else "", lines


def _against(tx: Connection, lines: list[Line]) -> str:
    """Return what the records say against the lines: a code, or "" when some of them are new."""
    found = [returned.matched(tx, line) for line in lines]
    if any(fault == returned.TAKEN for _, fault in found):
        return "taken"
    if any(fault for _, fault in found):
        return "other"
    return "" if any(record for record, _ in found) else "duplicate"
