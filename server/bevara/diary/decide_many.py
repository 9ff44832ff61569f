"""One decision about many comments: each gets a document of its own, all in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bevara.diary import account_templates, decide, proposal, standing, states
from bevara.diary.decide import Form
from bevara.diary.states import Move, State
from bevara.errors import BevaraError, Conflict, Invalid
from bevara.kernel.store import Store
from bevara.records import list_records, secrecy, show
from bevara.web.translations import N_


@dataclass(frozen=True)
class Decided:
    """How many were decided on, and why each of the others was not, by its id."""

    kept: int
    refused: dict[str, BevaraError]


def decide_many(
    store: Store, record_ids: list[str], form: Form, accounts: dict[str, str]
) -> Decided:
    """Decide the same about every comment that nobody has decided on; keep the rest as it is.

    What is registered gets the proposal that its own page suggests. At most one page of the list.
    Raises `Invalid` naming a field.
    """
    chosen = list(dict.fromkeys(record_ids))[:list_records.PAGE]
    if not chosen:
        raise Invalid("val", N_("Ingen kommentar är vald."), N_("Kryssa för en eller flera."))
    move, said = decide.decision(form)
    if move is Move.TAKE_BACK:
        raise Invalid("beslut", N_("Inget beslut är valt."), N_("Välj ett av de tre."))

    def job(tx: Connection) -> Decided:
        refused: dict[str, BevaraError] = {}
        for record_id in chosen:
            try:
                _one(tx, store, record_id, move, said, accounts)
            except BevaraError as error:
                refused[record_id] = error
        return Decided(len(chosen) - len(refused), refused)

    return store.write(job)


def _one(
    tx: Connection, store: Store, record_id: str, move: Move, said: dict[str, Any],
    accounts: dict[str, str],
) -> None:
    """Decide on one comment with what its account's template suggests."""
    now = standing.of(show.kept(tx, record_id))
    row = now.record.row
    if now.state is not State.UNDECIDED:
        raise Conflict(N_("Någon har redan beslutat om den."))
    if row.category is None:
        raise Conflict(N_("Den saknar skäl."))
    states.after(now.state, move)
    suggested = account_templates.suggested(
        now.record.latest, accounts.get(row.account_id or ""), secrecy.closed(row),
        account_templates.read(tx).get(row.account_id or ""))
    body = decide.complete(tx, now, move, said, proposal.read(suggested))
    decide.put(tx, store, now, "decision", body)
