"""A folder that a diary's import reads, and the import that answers in it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara.diary.delivery import settings, worker
from bevara.diary.delivery.worker import Worker
from tests.client import Bevara, Desk


@dataclass(frozen=True)
class Import:
    """The counterpart: takes deliveries that are whole, and answers with receipts."""

    folder: Path

    def notes(self) -> list[dict[str, Any]]:
        """Return what each delivery that lies there says of itself, its ZIP checked."""
        found = [json.loads(path.read_text()) for path in sorted(self.folder.glob("bevara-*.json"))
                 if not path.name.endswith(".kvittens.json")]
        for note in found:
            assert hashlib.sha256(self.package(note)).hexdigest() == note["sha256"]
        return found

    def package(self, note: dict[str, Any]) -> bytes:
        return (self.folder / note["zip"]).read_bytes()

    def files(self, note: dict[str, Any]) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.package(note))) as package:
            return {name: package.read(name) for name in package.namelist()}

    def answer(self, note: dict[str, Any], numbers: dict[str, str], **changes: Any) -> Path:
        """Lay a receipt in the folder."""
        said = {"token": note["token"], "sha256": note["sha256"], "numbers": numbers} | changes
        path = self.folder / str(note["receipt"])
        path.write_text(json.dumps(said))
        return path

    def names(self, folder: str = ".") -> list[str]:
        place = self.folder / folder
        return sorted(path.name for path in place.iterdir()) if place.exists() else []


def chosen(desk: Desk, folder: Path, **changes: str) -> Import:
    """Choose the folder at the desk, which has to be there."""
    folder.mkdir(exist_ok=True)
    answer = desk.post("/diariet", {"leveranssatt": "folder", "mapp": str(folder), **changes})
    assert answer.status_code == 303, answer.text
    return Import(folder)


def worker_of(bevara: Bevara) -> Worker:
    return Worker(bevara.rooms.config, bevara.rooms.real_store, worker.SENDERS)


def work(bevara: Bevara) -> None:
    """Do what the queue does each minute."""
    made = worker_of(bevara)
    for id_ in made.look():
        made.attempt(id_)


def queued(desk: Desk) -> str:
    answer = desk.post("/leveranser", {})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


CHANNEL = settings.FOLDER
