"""What a person says of a delivery: that it was carried there, and that it is taken back."""

from __future__ import annotations

from bevara.archive.delivery import pack, rows
from bevara.archive.delivery.receipts import named
from bevara.archive.delivery.rows import State
from bevara.errors import Invalid
from bevara.kernel.store import Store
from bevara.web.translations import N_

REASON = "anledning"
BEFORE_WITHDRAWAL = (State.QUEUED, State.READY, State.SENT, State.RECEIVED, State.REFUSED,
                     State.FAILED)


def carried(store: Store, id_: str, by: str) -> None:
    """Keep that somebody has brought the file to the archive; raise `Conflict`, `Invalid`."""
    row = rows.read(store, id_)
    said = {"what": "sent", "by": named(by, "av"), **({"sha256": row.sha256} if row.sha256 else {})}
    store.write(lambda tx: rows.settle(
        tx, store, id_, (State.READY,), State.SENT, said, sent_at=store.clock.now()))
    pack.place(store, id_).unlink(missing_ok=True)


def withdraw(store: Store, id_: str, by: str, reason: str) -> None:
    """Keep that a delivery is taken back, and why; its comments can be delivered anew.

    What the archive has is the archive's to remove. Raises `Conflict`, `Invalid`.
    """
    why = " ".join(reason.split())
    if not why or len(why) > 500:
        raise Invalid(REASON, N_("Anledningen saknas eller är för lång."),
                      N_("Skriv varför leveransen tas tillbaka, så att arkivet kan ta bort den."))
    said = {"what": "withdrawn", "by": named(by, "av"), "reason": why}
    store.write(lambda tx: rows.settle(
        tx, store, id_, BEFORE_WITHDRAWAL, State.WITHDRAWN, said, problem=why))
    pack.place(store, id_).unlink(missing_ok=True)
