"""One thread that writes, so that many callers share one fsync."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from bevara.errors import BevaraError, Busy, StoreFailed
from bevara.kernel.faults import translate

T = TypeVar("T")
Job = tuple[Callable[[Connection], Any], "Future[Any]"]
BATCH = 64
log = logging.getLogger(__name__)


class Writer:
    """Runs jobs in one thread; each in a SAVEPOINT, a batch in one durable commit.

    A caller gets its answer only after the commit. A failing job is rolled back alone. After a
    disk error that makes the page cache untrustworthy every later job fails with `StoreFailed`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.Queue[Job | None] = queue.Queue(maxsize=1000)
        self.failed: StoreFailed | None = None
        self._thread = threading.Thread(target=self._run, name="bevara-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[Connection], T]) -> T:
        """Return what `job` returned, once it is durable; raise what it raised."""
        if self.failed:
            raise self.failed
        future: Future[T] = Future()
        try:
            self._jobs.put_nowait((job, future))
        except queue.Full:
            raise Busy("För många väntar på att spara.") from None
        return future.result()

    def close(self) -> None:
        """Finish what waits and stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            first = self._jobs.get()
            if first is None:
                return
            batch, last = [first], False
            while len(batch) < BATCH and not last:
                try:
                    item = self._jobs.get_nowait()
                except queue.Empty:
                    break
                if item is None:
                    last = True
                else:
                    batch.append(item)
            self._write(batch)
            if last:
                return

    def _write(self, batch: list[Job]) -> None:
        answers: list[tuple[Future[Any], Any]] = []
        refusals: list[tuple[Future[Any], BaseException]] = []
        try:
            if self.failed:
                raise self.failed
            with self._engine.begin() as tx:
                for job, future in batch:
                    self._one(tx, job, future, answers, refusals)
        except Exception as error:
            problem = self._judge(error)
            refusals = [(future, problem) for _, future in batch]
            answers = []
        for future, value in answers:
            future.set_result(value)
        for future, refusal in refusals:
            future.set_exception(refusal)

    def _one(
        self, tx: Connection, job: Callable[[Connection], Any], future: Future[Any],
        answers: list[tuple[Future[Any], Any]],
        refusals: list[tuple[Future[Any], BaseException]],
    ) -> None:
        try:
            with tx.begin_nested():
                answers.append((future, job(tx)))
        except BevaraError as error:
            refusals.append((future, error))
        except Exception as error:
            if translate(error):
                raise
            refusals.append((future, error))

    def _judge(self, error: Exception) -> Exception:
        problem = error if isinstance(error, BevaraError) else translate(error)
        if problem is None:
            return error
        if isinstance(problem, StoreFailed) and not self.failed:
            log.error("the disk failed; nothing is stored until a restart")
            self.failed = problem
        return problem
