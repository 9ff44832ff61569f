"""What was delivered and what was not, and why, in words and for programs."""

from __future__ import annotations

from typing import Any

from bevara.archive import gather
from bevara.archive.delivery import rows
from bevara.archive.delivery.rows import State
from bevara.kernel.store import Store
from bevara.web.translations import N_

STATES = {
    State.QUEUED: N_("Väntar på att packas"), State.CLAIMED: N_("På väg"),
    State.READY: N_("Färdig att lämna"), State.SENT: N_("Levererad, väntar på kvittens"),
    State.RECEIVED: N_("Mottagen av arkivet"), State.REFUSED: N_("Arkivet tog inte emot den"),
    State.FAILED: N_("Gick inte att leverera"), State.WITHDRAWN: N_("Tillbakatagen"),
}


def of(store: Store) -> list[dict[str, Any]]:
    """Return the newest deliveries, each with how it stands and what was left out of it."""
    return [_one(store, row) for row in rows.newest(store)]


def as_text(found: list[dict[str, Any]]) -> str:
    """Return them for a terminal."""
    if not found:
        return "Inget är levererat, och inget väntar."
    return "\n".join(line for one in found for line in _lines(one))


def _one(store: Store, row: Any) -> dict[str, Any]:
    left = {why: number for why, number in rows.counted(store, row.id).items() if why}
    return {"id": row.id, "creator": row.creator, "status": row.status, "state": row.state,
            "comments": row.records, "left_out": left, "size": row.size, "moved": row.moved,
            "sha256": row.sha256, "place": row.place, "problem": row.problem,
            "archive_id": row.archive_id, "without_pdf": rows.without_pdf(store, row.id)}


def _lines(one: dict[str, Any]) -> list[str]:
    trial = "prov, " if one["status"] == "TEST" else ""
    head = (f"{one['id']} ({trial}{one['creator']}, {one['comments']} kommentarer): "
            f"{STATES[State(one['state'])].lower()}")
    lacking = one["without_pdf"]
    return [head, *([f"  {one['problem']}"] if one["problem"] else []),
            *([f"  {lacking} saknar läsexemplar; texten är med."] if lacking else []),
            *(f"  {number} är inte med. {gather.LEFT[why]}"
              for why, number in one["left_out"].items())]
