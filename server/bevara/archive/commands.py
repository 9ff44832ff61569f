"""`bevara sync` and `bevara package check`."""

from __future__ import annotations

import json
import sys
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from bevara.archive.delivery import receipts, report, rows
from bevara.archive.delivery.rows import State
from bevara.archive.delivery.wired import wired
from bevara.archive.packages import check
from bevara.archive.receivers import settings
from bevara.config import Config
from bevara.diary.channels import Passing, Permanent
from bevara.kernel.beside import Beside, reading
from bevara.kernel.clock import Clock
from bevara.kernel.store import Store

EVERY = 1.0
"""Seconds between two lines of progress."""
GOOD = (State.READY, State.SENT, State.RECEIVED, State.WITHDRAWN)


def sync(options: Namespace) -> int:
    """Bring what is due to the archive and say how it went; the exit code is 1 for what did not.

    Beside a running Bevara, which brings it itself, wait until it rests and say the same.
    """
    config = Config.from_env()
    with reading(config.data_dir, Clock()) as store:
        if isinstance(store, Beside):
            _follow(store, lambda: _rests(config, store))
        else:
            _bring(config, store)
        found = report.of(store)
    ok = all(one["state"] in GOOD for one in found)
    print(json.dumps({"ok": ok, "deliveries": found}, ensure_ascii=False) if options.json
          else report.as_text(found))
    return 0 if ok else 1


def _rests(config: Config, store: Store) -> bool:
    """Tell whether the running Bevara brings nothing now: all is done, paused or tried later."""
    idle = settings.read(config).paused or not rows.due(store)
    return idle and not rows.number_of(store, State.CLAIMED)


def _bring(config: Config, store: Store) -> None:
    rows.let_go(store)
    made = wired(config, store)
    worker = threading.Thread(target=made.all_due, args=[store], daemon=True)
    worker.start()
    try:
        _follow(store, lambda: not worker.is_alive())
    finally:
        made.stopping.set()
        worker.join()
    receiver = made.way().receiver
    if receiver:
        try:
            receipts.collect([store], receiver, others=True)
        except (Passing, Permanent) as error:
            print(error, file=sys.stderr)


def _follow(store: Store, done: Callable[[], bool]) -> None:
    """Write how far each package has come, to whoever looks, until it is done."""
    waiting = threading.Event()
    while not done():
        for row in rows.newest(store):
            if row.state == State.CLAIMED and row.size:
                print(f"{row.id}: {row.moved * 100 // row.size} %", file=sys.stderr, flush=True)
        waiting.wait(EVERY)


def package_arguments(parser: ArgumentParser) -> None:
    """Declare what `package` takes."""
    parser.add_argument("what", choices=("check",), metavar="check",
                        help="kontrollera varje fil och kontrollsumma i ett leveranspaket")
    parser.add_argument("file", type=Path, metavar="FIL", help="paketet, en ZIP-fil")


def package(options: Namespace) -> int:
    """Check a package; the exit code is 1 when something is wrong with it."""
    found = list(check.problems(options.file))
    if options.json:
        print(json.dumps({"ok": not found, "problems": found}, ensure_ascii=False))
    else:
        print("\n".join([*found, "FEL" if found else
                         "ok: alla filer finns, stämmer med sina kontrollsummor, och inget är "
                         "tillagt."]))
    return 1 if found else 0
