"""Have the log stamped once a day while it grows; wait longer each time an authority is gone."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bevara.config import Config
from bevara.errors import BevaraError
from bevara.kernel import ledger
from bevara.kernel.keys import write_private
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.records.proof import stamps
from bevara.upkeep import stamping
from bevara.upkeep.stamping import Post

FILE = "stamps.json"
LOOK, DAY, FIRST_PAUSE, LONGEST_PAUSE = 60, 24 * 3600, 60, 6 * 3600
"""Seconds: between looks, between stamps, after the first failure, and the longest wait."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Waiting:
    """How an authority was last asked: when, how many times in vain, and what went wrong."""

    asked_at: str | None = None
    failures: int = 0
    problem: str | None = None


class StampSchedule:
    """A thread that looks every minute; it does nothing when no authority is named."""

    def __init__(self, config: Config, store: Store, post: Post = stamping.post) -> None:
        self._config, self._store, self._post = config, store, post
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bevara-stamps", daemon=True)

    def start(self) -> None:
        """Begin, if there is an authority."""
        if self._config.stamp_urls:
            self._thread.start()

    def stop(self) -> None:
        """Ask for no more stamps."""
        self._stopped.set()

    def look(self) -> None:
        """Ask each authority whose turn it is; what waits is kept over a restart."""
        for authority in self._config.stamp_urls:
            known = read(self._config)
            waiting, now = known.get(authority, Waiting()), self._store.clock.now()
            rested = _seconds(waiting.asked_at, now) >= pause(waiting.failures)
            if not rested or not self._grew(authority):
                continue
            known[authority] = self._ask(authority, waiting, now)
            text = json.dumps({name: asdict(one) for name, one in known.items()})
            write_private(self._config.data_dir / FILE, text.encode())

    def _ask(self, authority: str, waiting: Waiting, now: str) -> Waiting:
        try:
            stamping.stamp(self._store, authority, self._config.stamp_roots, self._post)
        except (BevaraError, OSError) as error:
            return Waiting(now, waiting.failures + 1, str(error))
        return Waiting(now)

    def _grew(self, authority: str) -> bool:
        with self._store.read() as connection:
            return _has_grown(connection, authority)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self.look()
            except Exception:
                log.exception("no stamp was asked for")
            self._stopped.wait(LOOK)


def read(config: Config) -> dict[str, Waiting]:
    """Return how each authority was last asked; never raise."""
    try:
        known = json.loads((config.data_dir / FILE).read_bytes())
        return {str(name): Waiting(**one) for name, one in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def pause(failures: int) -> int:
    """Return the seconds to wait after so many failures in a row: twice as long each time."""
    return min(FIRST_PAUSE << min(failures - 1, 20), LONGEST_PAUSE) if failures else DAY


def _seconds(then: str | None, now: str) -> float:
    """Return the seconds passed; a time to come counts as long ago."""
    if then is None:
        return float("inf")
    passed = (datetime.fromisoformat(now) - datetime.fromisoformat(then)).total_seconds()
    return passed if passed >= 0 else float("inf")


def _has_grown(connection: Connection, authority: str) -> bool:
    """Tell whether anything but stamps came into the log since the authority's latest stamp."""
    sizes = [one.size for one in stamps.all_stamps(connection) if one.authority == authority]
    since = max(sizes, default=0)
    own = connection.execute(
        select(func.count()).select_from(documents)
        .where(documents.c.kind == stamps.KIND, documents.c.ledger_index >= since)).scalar_one()
    return ledger.size(connection) - since > own
