"""What was delivered and what was not, and why, in words and for programs."""

from __future__ import annotations

from typing import Any

from bevara.archive import gather
from bevara.archive.delivery import rows
from bevara.archive.delivery.rows import State
from bevara.kernel.store import Store

WORDS = {
    State.QUEUED: "väntar", State.CLAIMED: "på väg", State.READY: "färdig att lämna till arkivet",
    State.SENT: "levererad, väntar på kvittens", State.RECEIVED: "mottagen av arkivet",
    State.REFUSED: "arkivet tog inte emot den", State.FAILED: "gick inte att leverera",
    State.WITHDRAWN: "tillbakatagen"}


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
            "archive_id": row.archive_id}


def _lines(one: dict[str, Any]) -> list[str]:
    trial = "prov, " if one["status"] == "TEST" else ""
    head = (f"{one['id']} ({trial}{one['creator']}, {one['comments']} kommentarer): "
            f"{WORDS[State(one['state'])]}")
    return [head, *([f"  {one['problem']}"] if one["problem"] else []),
            *(f"  {number} är inte med. {gather.LEFT[why]}"
              for why, number in one["left_out"].items())]
