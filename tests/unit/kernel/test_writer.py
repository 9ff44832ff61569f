"""Callers share a commit: those who come again are waited for, for a moment, and nobody who is alone waits."""

import queue
import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest

from bevara.kernel.writer import BATCH, Job, Writer


class Waiting(Writer):
    """A writer whose thread has not started, so that what it would take can be looked at."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Job | None] = queue.Queue()


def job() -> Job:
    made: Future[Any] = Future()
    return (lambda _: None), made


@pytest.fixture
def writer() -> Waiting:
    return Waiting()


def test_a_caller_that_is_alone_waits_for_nobody(writer: Waiting) -> None:
    started = time.monotonic()
    batch, over = writer._gather(job(), 1, 60)
    assert (len(batch), over) == (1, False)
    assert time.monotonic() - started < 30


def test_those_who_shared_the_last_commit_are_waited_for(writer: Waiting) -> None:
    threading.Timer(0.05, lambda: writer._jobs.put(job())).start()
    batch, over = writer._gather(job(), 2, 60)
    assert (len(batch), over) == (2, False)


def test_who_does_not_come_again_holds_nobody_up_for_long(writer: Waiting) -> None:
    writer._jobs.put(job())
    batch, _ = writer._gather(job(), 8, 0.01)
    assert len(batch) == 2


def test_all_that_is_there_is_taken_without_waiting(writer: Waiting) -> None:
    for _ in range(BATCH + 5):
        writer._jobs.put(job())
    batch, _ = writer._gather(job(), 1, 0)
    assert len(batch) == BATCH


def test_the_end_is_the_end_even_while_others_are_waited_for(writer: Waiting) -> None:
    writer._jobs.put(None)
    batch, over = writer._gather(job(), 8, 60)
    assert (len(batch), over) == (1, True)
