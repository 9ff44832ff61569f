"""One thread that writes, so that many callers share one fsync."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bevara.errors import BevaraError, Busy, StoreFailed
from bevara.kernel.faults import translate
from bevara.kernel.statements import execute

T = TypeVar("T")
Job = tuple[Callable[[Connection], Any], "Future[Any]"]
BATCH = 64
SHARE, LONGEST = 0.25, 0.005
"""How long a commit may be put off for those who shared the last one: this share of the time that
it took, and no more than so many seconds."""
log = logging.getLogger(__name__)


class _Broken(Exception):
    """A job could not be undone, so that nothing of its batch may be committed."""


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

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Judge disk errors of a caller's own thread as those of the writer's."""
        if self.failed:
            raise self.failed
        try:
            yield
        except Exception as error:
            raise self._judge(error) from error

    def close(self) -> None:
        """Finish what waits and stop."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        last, took = 1, 0.0
        while (first := self._jobs.get()) is not None:
            batch, over = self._gather(first, last, min(took * SHARE, LONGEST))
            began = time.monotonic()
            self._write(batch)
            last, took = len(batch), time.monotonic() - began
            if over:
                return

    def _gather(self, first: Job, wanted: int, patience: float) -> tuple[list[Job], bool]:
        """Return the jobs of the next commit, and whether they are the last ever.

        Callers who were answered together come back one by one, and would else split into two
        halves that wait for each other's commits: so many are waited for, for a moment. After a
        caller that was alone nobody is.
        """
        batch, until = [first], time.monotonic() + patience
        while len(batch) < BATCH:
            left = until - time.monotonic() if len(batch) < wanted else 0
            try:
                item = self._jobs.get(left > 0, max(left, 0))
            except queue.Empty:
                break
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

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
            with _savepoint(tx):
                answers.append((future, job(tx)))
        except _Broken:
            raise
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


@contextmanager
def _savepoint(tx: Connection) -> Iterator[None]:
    """Undo what a failing job did, and only that.

    The same statement each time: `begin_nested` makes up a new name, and compiles it, for each.
    """
    execute(tx, "SAVEPOINT job")
    try:
        yield
    except BaseException as error:
        try:
            execute(tx, "ROLLBACK TO SAVEPOINT job")
            execute(tx, "RELEASE SAVEPOINT job")
        except DBAPIError:
            raise _Broken from error
        raise
    execute(tx, "RELEASE SAVEPOINT job")
