"""Pack what is due and bring it to the receiver: one attempt at one delivery after the other.

The running Bevara's thread and `bevara sync` do the same. A delivery whose worker was killed is
taken up by the next: the package is there or is made again, and the receiver knows what it has.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from bevara import __version__
from bevara.archive.agreement import Agreement
from bevara.archive.delivery import pack, rows, shutting
from bevara.archive.delivery.rows import Claim, State
from bevara.archive.delivery.watching import Overtaken, Shut, Watching
from bevara.archive.gather import Press
from bevara.archive.receivers import Parcel, Receiver, Stopped
from bevara.diary.channels import Passing, Permanent
from bevara.diary.delivery.copies import pressed
from bevara.diary.delivery.outbox import later, pause
from bevara.errors import BevaraError, Busy, DiskFull, ReadOnly
from bevara.kernel.faults import translate
from bevara.kernel.store import Store
from bevara.web.translations import N_

NOTHING_LEFT = N_("Inget i leveransen får levereras till den här mottagaren.")
BY_ITSELF = "Bevara"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Way:
    """How packages go: by `receiver`, or None when a person carries the file. `limit` is in bytes
    each second, 0 for none.
    """

    receiver: Receiver | None
    paused: bool = False
    limit: int = 0
    carries_secret: bool = False


@dataclass(frozen=True)
class Sync:
    """What an attempt needs: how it goes now, what is agreed now, and what accounts are called."""

    way: Callable[[], Way]
    agreed: Callable[[], Agreement]
    accounts: Callable[[], Mapping[str, str]]
    press: Press = pressed
    stopping: threading.Event = field(default_factory=threading.Event)
    known: dict[str, int] = field(default_factory=dict)
    """When a package that waits to be carried was last seen to hold nothing that may not leave."""

    def all_due(self, store: Store) -> None:
        """Make an attempt at every delivery that is due."""
        self._make_anew(store)
        pack.sweep(store)
        for id_ in rows.due(store):
            self.attempt(store, id_)

    def _make_anew(self, store: Store) -> None:
        """Queue what waits to be carried, when it may not any more or somebody removed the file."""
        for id_ in rows.ids(store, State.READY):
            now = shutting.now(store)
            if not pack.place(store, id_).is_file() or shutting.shut(
                    store, id_, self.way().carries_secret, self.known.get(id_, -1)):
                rows.anew(store, id_)
            else:
                self.known[id_] = now

    def attempt(self, store: Store, id_: str) -> None:
        """Pack and bring one delivery, and keep how that ended."""
        way = self.way()
        taken = None if way.paused else rows.claim(
            store, id_, later(store.clock.now(), rows.LEASE))
        if taken is None:
            return
        try:
            self._bring(store, taken, way)
        except Shut:
            pack.place(store, id_).unlink(missing_ok=True)
            self._wait(store, taken, None, 0, sha256=None, size=None)
        except (Stopped, Overtaken):
            self._wait(store, taken, None, 0)
        except (Passing, Busy, DiskFull, ReadOnly) as error:
            self._wait(store, taken, _words(error), pause(taken.row.attempt))
        except (Permanent, BevaraError) as error:
            rows.end(store, taken, State.FAILED, problem=_words(error))
        except OSError as error:
            found = translate(error)
            self._wait(store, taken, found.detail if found else str(error),
                       pause(taken.row.attempt))

    def _bring(self, store: Store, taken: Claim, way: Way) -> None:
        row = self._packed(store, taken, way)
        if row is None:
            return
        if way.receiver is None:
            rows.end(store, taken, State.READY)
            return
        parcel = Parcel(pack.place(store, row.id), f"{row.id}.zip", row.size, row.sha256,
                        row.token, sidecar(row, self.agreed(), store))
        arrived = way.receiver.put(parcel, self._watch(store, taken, way))
        place = " ".join(filter(None, [arrived.where, arrived.version]))
        rows.end(store, taken, State.SENT, _said(row, "sent", place=place[:1000]), place=place,
                 sent_at=store.clock.now(), moved=row.size, problem=None)
        pack.place(store, row.id).unlink(missing_ok=True)

    def _watch(self, store: Store, taken: Claim, way: Way) -> Watching:
        return Watching(store, taken, way.limit, way.carries_secret,
                        lambda: self.stopping.is_set() or self.way().paused)

    def _packed(self, store: Store, taken: Claim, way: Way) -> Any:
        """Return the row of a delivery with its package, or None when there is nothing in it."""
        path = pack.place(store, taken.id)
        if taken.row.sha256 and shutting.shut(store, taken.id, way.carries_secret):
            path.unlink(missing_ok=True)
        if taken.row.sha256 and path.is_file() and path.stat().st_size == taken.row.size:
            return taken.row
        watch, begun = self._watch(store, taken, way), shutting.now(store)
        try:
            made = pack.pack(store, taken.row, self.agreed(), self.accounts(), way.carries_secret,
                             self.press, watch.go_on)
        except pack.Nothing as error:
            rows.end(store, taken, State.FAILED, left=error.left, problem=NOTHING_LEFT)
            return None
        self._note(store, taken, made)
        if shutting.shut(store, taken.id, way.carries_secret, begun):
            raise Shut
        return rows.read(store, taken.id)

    def _note(self, store: Store, taken: Claim, made: pack.Packed) -> None:
        """Keep what was packed, in the same commit as which comments are not in it."""
        row = taken.row
        said = {"what": "packed", "status": row.status, "replaces": row.replaces,
                "creator": row.creator, "form": row.form, "number": made.number, "size": made.size,
                "sha256": made.sha256, "without_pdf": made.without_pdf, "by": row.by}
        if not rows.packed(store, taken, made.left, said):
            raise Overtaken

    def _wait(
        self, store: Store, taken: Claim, problem: str | None, seconds: float, **values: Any
    ) -> None:
        at = later(store.clock.now(), seconds)
        with suppress(BevaraError):
            rows.end(store, taken, State.QUEUED, next_at=at, problem=problem, **values)


def sidecar(row: Any, agreed: Agreement, store: Store) -> bytes:
    """Return the note that lies beside a package: what it is and how it is answered."""
    said = {
        "paket": f"{row.id}.zip", "sha256": row.sha256, "storlek": row.size, "token": row.token,
        "status": row.status, "ersatter": row.replaces, "form": row.form,
        "arkivbildare": row.creator, "levererat_av": agreed.submitter.name,
        "leveransoverenskommelse": agreed.agreement, "referenskod": agreed.reference_code,
        "packat": row.created_at, "program": f"Bevara {__version__}", "logg": store.origin,
        "kvittens": {
            "fil": f"{row.id}.kvittens.json", "token": row.token, "sha256": row.sha256,
            "mottaget": "ja eller nej", "arkivnummer": "arkivets nummer på paketet",
            "datum": "åååå-mm-dd", "anledning": "om svaret är nej"},
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _said(row: Any, what: str, **more: object) -> dict[str, object]:
    return {"what": what, "sha256": row.sha256, "by": BY_ITSELF, **more}


def _words(error: Exception) -> str:
    return error.detail if isinstance(error, BevaraError) else str(error)

