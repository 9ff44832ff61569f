"""A process that saves captures one after another and says so on stdout: `ack N`.

A mutant breaks one promise on purpose; the suites must notice.
"""

from __future__ import annotations

import os
import threading
import uuid
from pathlib import Path
from typing import Any

from bevara.capture import save_capture
from bevara.kernel import blobs, keys, store, writer
from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from tests.faults.captures import capture_of, picture_of

MUTANTS = ("no_database_sync", "no_blob_sync", "no_folder_sync", "early_answer")


def main(folder: Path, first: int, count: int, mutant: str | None) -> None:
    """Save `count` captures; each answer is printed only when the store has answered."""
    if mutant:
        break_promise(mutant)
    kept = Store(folder / "register", Keys(folder))
    saving = threading.Thread(target=save_all, args=(kept, first, count))
    saving.start()
    saving.join()


def save_all(kept: Store, first: int, count: int) -> None:
    """Save in a thread that did not open the store, as the helper's threads do."""
    ephemeral = Ephemeral()
    for number in range(first, first + count):
        picture = picture_of(number)
        if picture:
            ephemeral.put(blobs.name_of(picture), picture)
        body = capture_of(number)
        id_ = str(uuid.UUID(int=number + 1, version=4))
        try:
            save_capture.save(kept, ephemeral, id_, body, "device")
        except Exception as error:
            os.write(1, f"refused {number} {type(error).__name__}\n".encode())
        else:
            os.write(1, f"ack {number}\n".encode())


def break_promise(mutant: str) -> None:
    """Make this process forget one of the kernel's promises."""
    if mutant == "no_database_sync":
        connect = store.connect

        def careless(path: Path) -> Any:
            from sqlalchemy import event

            engine = connect(path)
            event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
            return engine

        store.connect = careless
    elif mutant == "no_blob_sync":
        blobs.os = _WithoutFsync()  # type: ignore[assignment]
    elif mutant == "no_folder_sync":
        blobs.sync_folder = lambda _folder: None
        keys.sync_folder = lambda _folder: None
    elif mutant == "early_answer":
        one = writer.Writer._one

        def hasty(self: Any, tx: Any, job: Any, future: Any, answers: Any, refusals: Any) -> None:
            one(self, tx, job, future, answers, refusals)
            for waiting, value in answers:
                waiting.set_result(value)
            answers.clear()

        writer.Writer._one = hasty  # type: ignore[method-assign]


class _WithoutFsync:
    def __getattr__(self, name: str) -> Any:
        return (lambda _handle: None) if name == "fsync" else getattr(os, name)

