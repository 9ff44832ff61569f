"""What the archive answers: that it has the package, under which number, or why it does not.

A receipt counts only with the delivery's own token and the package's own checksum.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bevara.archive.delivery import rows
from bevara.archive.delivery.rows import State
from bevara.archive.receivers import ReceiptFile, Receiver
from bevara.diary.channels import inbox
from bevara.errors import BevaraError, Invalid
from bevara.kernel.store import Store
from bevara.kernel.tables import archive_deliveries as deliveries
from bevara.kernel.text import storable
from bevara.web import dates
from bevara.web.translations import N_

ENDING, LONGEST = ".kvittens.json", 200
BY = "Kvittens från arkivet"
OTHER_SUM = N_("Kontrollsumman är inte paketets. Det arkivet har är inte det som skickades.")
WRONG = N_("Arkivets kvittens gick inte att läsa in: den är felskriven eller gäller något annat.")
CONTRADICTS = N_("Arkivet har svarat en gång till, och något annat. Det första svaret gäller. "
                 "Fråga arkivet.")
WAITS = (State.SENT, State.READY)
ANSWERED = (*WAITS, State.QUEUED, State.CLAIMED)
"""A sender that was killed after the last byte has delivered, and the archive may answer first."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What a receipt says; `archive_id` is the archive's own number of the package."""

    accepted: bool
    sha256: str
    archive_id: str
    received_on: str
    reason: str = ""


def collect(stores: list[Store], receiver: Receiver, others: bool = False) -> int:
    """Read what the archive has answered; return how many receipts were taken.

    What names a delivery of none of `stores` is refused, or left to the `others` that may have it.
    """
    taken = 0
    for file in receiver.receipts():
        if others and not any(_delivery(store, file.name) for store in stores):
            continue
        good = any(_read(store, file) for store in stores)
        receiver.settle(file.name, good)
        taken += good
    return taken


def by_hand(store: Store, id_: str, form: Mapping[str, str]) -> None:
    """Keep a receipt that came in another way; raise `Invalid` naming a field, `Conflict`."""
    day = " ".join(form.get("datum", "").split())
    dates.start_of_day(day, "datum")
    said = Answer(True, "".join(form.get("kontrollsumma", "").split()).lower(),
                  named(form.get("arkivnummer", ""), "arkivnummer"), day)
    by = named(form.get("av", ""), "av")
    if said.sha256 != rows.read(store, id_).sha256:
        raise Invalid("kontrollsumma", OTHER_SUM,
                      N_("Jämför med kontrollsumman på den här sidan, och fråga arkivet."))
    _keep(store, id_, said, by)


def _read(store: Store, file: ReceiptFile) -> bool:
    """Tell whether a receipt is a delivery's own; keep what it says, or that it was wrong."""
    row = _delivery(store, file.name)
    if row is None:
        return False
    try:
        said = None if file.fault else _answer(
            json.loads(file.body, object_pairs_hook=inbox.once), row)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        said = None
    if said is None or said.sha256 != row.sha256:
        _wrong(store, row, WRONG if said is None else OTHER_SUM)
        return False
    try:
        _keep(store, row.id, said, BY)
    except BevaraError:
        same = row.state == _state(said) and row.archive_id == said.archive_id
        if not same:
            _wrong(store, row, CONTRADICTS, State.RECEIVED)
        return bool(same)
    return True


def _delivery(store: Store, name: str) -> Any:
    try:
        id_ = str(UUID(name.removesuffix(ENDING)))
    except ValueError:
        log.warning("a receipt was set aside: it names no delivery")
        return None
    with store.read() as connection:
        return connection.execute(select(deliveries).where(deliveries.c.id == id_)).first()


def _answer(found: Any, row: Any) -> Answer | None:
    """Return what a receipt with the delivery's token says, or None."""
    if found["token"] != row.token:
        return None
    accepted = {"ja": True, "nej": False}[found["mottaget"].strip().casefold()]
    return Answer(accepted, str(found["sha256"]).lower(),
                  _short(found.get("arkivnummer")), _short(found.get("datum"))[:40],
                  _short(found.get("anledning")))


def _keep(store: Store, id_: str, said: Answer, by: str) -> None:
    state = _state(said)
    body: dict[str, Any] = {"what": state.value, "sha256": said.sha256, "by": by,
                            "archive_id": said.archive_id, "received_on": said.received_on}
    if said.reason:
        body["reason"] = said.reason
    store.write(lambda tx: rows.settle(
        tx, store, id_, ANSWERED, state, body, archive_id=said.archive_id,
        received_on=said.received_on, problem=said.reason or None))


def _state(said: Answer) -> State:
    return State.RECEIVED if said.accepted else State.REFUSED


def _wrong(store: Store, row: Any, problem: str, *before: State) -> None:
    store.write(lambda tx: tx.execute(deliveries.update().where(
        deliveries.c.id == row.id, deliveries.c.state.in_(before or WAITS))
        .values(problem=problem)).rowcount)


def named(text: str, field: str) -> str:
    """Return what a field says, on one line; raise `Invalid`."""
    found = storable(" ".join(text.split()))
    if not found or len(found) > LONGEST:
        raise Invalid(field, N_("Fältet är tomt eller för långt."), N_("Fyll i fältet."))
    return found


def _short(value: Any) -> str:
    """Return a text or a number on one line; raise `TypeError` for anything else."""
    if not isinstance(value, str | int | None):
        raise TypeError(value)
    return storable(" ".join(str(value or "").split()))[:LONGEST]
