"""Hold the log to what somebody outside remembers of it: a checkpoint, a receipt or a proof."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from bevara.errors import Invalid
from bevara.kernel import ledger, signed_note
from bevara.kernel.store import Store
from bevara.upkeep import earlier_logs
from bevara.web.translations import N_

LARGEST = 1 << 20
"""Bytes of a checkpoint or receipt that are read."""

UNANCHORED = N_(
    "Utan en kontrollpunkt utifrån kan det inte uteslutas att slutet av loggen är borta, att en "
    "äldre kopia är tillbaka eller att hela loggen är omgjord."
)
HOW = N_("Ange en äldre kvittens, kontrollpunkt eller ett bevis med bevara verify --anchor FIL.")


@dataclass(frozen=True)
class Anchor:
    """The checkpoints that a file from outside holds, as text."""

    checkpoints: list[str]


def read(path: Path) -> Anchor:
    """Return the checkpoints in a checkpoint, a receipt (JSON, or one a line) or a proof (ZIP).

    Raises `Invalid` when the file holds none.
    """
    try:
        found = _in_bundle(path) if zipfile.is_zipfile(path) else _in_text(path)
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile) as error:
        raise _unreadable(path, str(error)) from None
    if not found:
        raise _unreadable(path, "ingen kontrollpunkt")
    return Anchor(found)


def check(store: Store, connection: Connection, anchor: Anchor) -> Iterator[str]:
    """Yield how the log differs from what was remembered: shorter, another, or by another key."""
    logs = earlier_logs.all_logs(store, connection)
    for text in anchor.checkpoints:
        origin = text.partition("\n")[0]
        log = next((one for one in logs if one.origin == origin), None)
        if log is None:
            yield f"Loggen: kontrollpunkten är ur en annan logg ({origin})."
            continue
        try:
            size, root = signed_note.read(text, origin, log.public)
        except ValueError:
            yield "Loggen: kontrollpunkten är undertecknad med en annan nyckel."
            continue
        yield from _differs(connection, size, root)


def _differs(connection: Connection, size: int, root: bytes) -> Iterator[str]:
    now = ledger.size(connection)
    if size > now:
        yield (f"Loggen har {now} poster men hade {size}: slutet är borta eller en äldre kopia "
               "är tillbaka.")
        return
    try:
        same = ledger.root(connection, size) == root
    except NoResultFound:
        same = False
    if not same:
        yield f"Loggen är en annan än den var vid post {size}: den är omgjord."


def _in_bundle(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        names = [item for item in archive.infolist() if item.filename.startswith("checkpoints/")]
        return [archive.read(item).decode() for item in names if item.file_size <= LARGEST]


def _in_text(path: Path) -> list[str]:
    with path.open("rb") as file:
        text = file.read(LARGEST + 1)[:LARGEST].decode("utf-8").replace("\r\n", "\n")
    if not text.lstrip().startswith("{"):
        return [text] if "\n\n" in text else []
    try:
        receipts: list[Any] = [json.loads(text)]
    except ValueError:
        receipts = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [str(one["checkpoint"]) for one in receipts if "checkpoint" in one]


def _unreadable(path: Path, why: str) -> Invalid:
    return Invalid("--anchor", f"{path} går inte att läsa som en kontrollpunkt ({why}).",
                   "Ange en kvittens, en kontrollpunkt eller ett bevis (ZIP).")
