"""Erase a withheld comment everywhere, as two approvals do, and die before the step that is named.

A step is a call that something becomes durable or goes by: fsync, rename, unlink, a folder
removed, a commit, and the rewriting of the database. Prints how many there were.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bevara.config import Config
from bevara.kernel import scrubbing
from bevara.kernel.clock import Clock
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.upkeep.erasure import service
from bevara.upkeep.erasure.approvals import ERASE, Request
from tests.erasing import BY


class Steps:
    """Counts steps and dies before the one that is named."""

    def __init__(self, last: int) -> None:
        self.made, self._last = 0, last

    def step(self) -> None:
        self.made += 1
        if self.made == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(self, owner: Any, name: str) -> None:
        done: Callable[..., Any] = getattr(owner, name)

        def counted(*values: Any, **named: Any) -> Any:
            self.step()
            return done(*values, **named)

        setattr(owner, name, counted)


def main(data: Path, record_id: str, last: int) -> None:
    store = Store(data / "register", Keys(data), Clock())
    steps = Steps(last)
    for owner, name in ((os, "fsync"), (os, "replace"), (os, "rename"), (Path, "unlink"),
                        (Path, "rename"), (shutil, "rmtree"), (scrubbing, "scrub"),
                        (scrubbing, "empty")):
        steps.before(owner, name)
    event.listen(Engine, "commit", lambda _connection: steps.step())
    asked = Request(False, record_id, ERASE, 0.0, list(BY))
    service._do(store, Ephemeral(), Config(data), asked)
    print(steps.made)
    store.close()

