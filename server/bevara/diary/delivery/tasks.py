"""The queue that drives deliveries while Bevara runs. It only wakes: the rows are the truth.

huey loses a task whose worker is killed, and all of its messages may be lost: the sweep finds in
the rows what is due. Its file holds nothing but delivery ids.
"""

from __future__ import annotations

import logging
from typing import Any

from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from bevara.config import Config
from bevara.diary.delivery import worker
from bevara.diary.delivery.worker import Worker
from bevara.kernel.store import Store

FILE = "jobs.sqlite"
log = logging.getLogger(__name__)


class Quiet(Consumer):  # type: ignore[misc]
    """A consumer that leaves the process's signals alone: the web server has them."""

    def _set_signal_handlers(self) -> None:
        pass


class Jobs:
    """The queue of one running Bevara: a sweep each minute, and one task for each delivery."""

    def __init__(self, config: Config, store: Store) -> None:
        self._worker = Worker(config, store, worker.SENDERS)
        self.huey: Any = SqliteHuey("bevara", filename=str(config.data_dir / FILE), results=False)
        self._attempt = self.huey.task(name="attempt")(self._worker.attempt)
        self.sweep = self.huey.task(name="sweep")(self._sweep)
        self.huey.periodic_task(crontab(minute="*"), name="minute")(self._sweep)
        self._consumer = Quiet(self.huey, workers=1, worker_type="thread", initial_delay=0.1,
                               max_delay=2)

    def start(self) -> None:
        """Begin, with a sweep at once, so that a restart catches up."""
        self.huey.flush()
        self._consumer.start()
        self.sweep()

    def stop(self) -> None:
        """Finish the delivery that is under way, and stop."""
        self._consumer.stop(graceful=True)

    def _sweep(self) -> None:
        for id_ in self._worker.look():
            self._attempt(id_)


def wake(config: Config) -> None:
    """Ask the running Bevara's queue, if there is one, to look now instead of within a minute."""
    huey: Any = SqliteHuey("bevara", filename=str(config.data_dir / FILE), results=False)
    huey.task(name="sweep")(lambda: None)()
    huey.storage.close()
