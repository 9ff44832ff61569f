"""A process that brings a parcel to an archive and is killed at any moment."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

import paramiko  # noqa: F401 -- read once, before the processes are forked

from bevara.archive.receivers import Arrived, Parcel, pace, s3_client, s3_upload, settings, ways
from bevara.archive.receivers.settings import Settings
from bevara.diary.channels import Passing
from tests.faults import forked
from tests.receiving import Looker

s3_client.session().create_client("s3", region_name=s3_client.REGION)


@dataclass(frozen=True)
class Job:
    """What to bring, where, with what secret, and in how large steps."""

    parcel: Parcel
    how: Settings
    secret: str = ""
    step: int = 32 << 10
    part: int = s3_upload.PART


def bring(job: Job, looker: Looker | None = None) -> Arrived:
    """Bring the parcel in this process."""
    os.environ[settings.S3_SECRET.variable] = job.secret
    receiver = ways.opened(job.how)
    assert receiver is not None
    return receiver.put(job.parcel, looker or Looker())


def brought(job: Job) -> None:
    """Bring the parcel as a worker does, which tries again: the dead sender may still be heard."""
    for _ in range(5):
        with suppress(Passing):
            bring(job)
            return
        time.sleep(0.2)
    raise AssertionError("it does not arrive")


def begun(to: Connection, job: Job) -> None:
    """Say that the parcel is on its way, and bring it."""
    pace.LARGEST, s3_upload.PART = job.step, job.part
    to.send("begun")
    bring(job)


@contextmanager
def under_way(job: Job) -> Iterator[Callable[[], bool]]:
    """Bring the parcel in a process that is killed at the end; give whether it still goes on."""
    ours, theirs = forked.FORKS.Pipe()
    process = forked.FORKS.Process(target=begun, args=(theirs, job))
    process.start()
    theirs.close()
    assert ours.recv() == "begun" and process.pid is not None
    yield process.is_alive
    with suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    ours.close()


def killed_at_any_moment(
    tries: int, job: Callable[[int], Job], look: Callable[[Job], None],
    whole: Callable[[Job], None],
) -> int:
    """Bring as many parcels, each by senders that are killed and then by one that is not.

    `look` is called while they are at it and after each death, `whole` at the end of each. Returns
    how many died before they were done. Each second parcel's sender dies twice.
    """
    chance, lasts, died = random.Random(11), 0.05, 0
    for number in range(tries):
        one = job(number)
        for _ in range(1 + number % 2):
            with under_way(one) as alive:
                until = time.monotonic() + chance.random() * lasts
                while time.monotonic() < until and alive():
                    look(one)
                died += alive()
            look(one)
        began = time.monotonic()
        brought(one)
        lasts += (time.monotonic() - began - lasts) / 4
        assert bring(one).already
        whole(one)
    return died
