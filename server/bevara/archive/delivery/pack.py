"""Make a delivery's package: one file beside the store, whole or not there."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from bevara import __version__
from bevara.archive import account_register
from bevara.archive.agreement import Agreement
from bevara.archive.delivery import rows
from bevara.archive.gather import Gathering, Press
from bevara.archive.packages.forms import WRITERS
from bevara.archive.packages.parts import CHUNK, Agent, Header, Item, Status
from bevara.diary.delivery.copies import pressed
from bevara.kernel import ledger, scrubbing
from bevara.kernel.keys import sync_folder
from bevara.kernel.store import Store

ENDING, UNFINISHED = ".zip", ".part"


@dataclass(frozen=True)
class Packed:
    """The package, and which comments it lacks: by their ids, with a key of `gather.LEFT`.

    `without_pdf` of the `number` that are in it have no reading copy.
    """

    path: Path
    size: int
    sha256: str
    number: int
    left: Mapping[str, str]
    without_pdf: int


class Nothing(Exception):
    """None of a delivery's comments may leave; `left` says why, by their ids."""

    def __init__(self, left: Mapping[str, str]) -> None:
        super().__init__()
        self.left = left


def place(store: Store, id_: str) -> Path:
    """Return where a delivery's package lies until it is received."""
    return store.folder / scrubbing.OUTGOING / f"{id_}{ENDING}"


def sweep(store: Store) -> None:
    """Remove what a kill left of packages that were being made, and packages nobody waits for.

    Only for whoever packs, who is one at a time.
    """
    waiting = set(rows.ids(store, *rows.OPEN, rows.State.READY))
    for path in place(store, "").parent.glob("*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != ENDING or path.stem not in waiting:
            path.unlink()


def pack(
    store: Store, row: Row[Any], agreed: Agreement, accounts: Mapping[str, str],
    carries_secret: bool, press: Press = pressed, each: Callable[[], None] = lambda: None,
) -> Packed:
    """Make the package of a delivery anew; raise `Nothing`, `NotPacked`, `OSError`.

    Its bytes are the same each time as long as the log is: it carries the log's state.
    """
    path = place(store, row.id)
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(UNFINISHED)
    part.unlink(missing_ok=True)
    found = Gathering(store, rows.records(store, row.id), accounts, carries_secret, press,
                      each)
    try:
        items = chain(_some(found), _register(store, row, agreed))
        WRITERS[row.form](part, header(store, row, agreed), items)
        size, digest = _measured(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return Packed(path, size, digest, found.number, found.left, found.without_pdf)


def _some(found: Gathering) -> Iterator[Item]:
    """Return the items, of which the first is read already; raise `Nothing` without any."""
    items = found.items()
    first = next(items, None)
    if first is None:
        raise Nothing(found.left)
    return chain([first], items)


def _register(store: Store, row: Row[Any], agreed: Agreement) -> list[Item]:
    """Return the account register in the package of the creator that it belongs to."""
    mine = row.creator == agreed.creator.name and row.status != Status.TEST
    if not mine or account_register.TYPE not in agreed.from_bevara:
        return []
    return [account_register.item(store, row.id, row.created_at)]


def header(store: Store, row: Row[Any], agreed: Agreement) -> Header:
    """Return what the package says of itself."""
    code = agreed.creator.code if row.creator == agreed.creator.name else ""
    with store.read() as connection:
        checkpoint = ledger.checkpoint(connection, store.keys, store.origin)
    return Header(
        id=row.id, created=row.created_at, creator=Agent(row.creator, code),
        submitter=agreed.submitter, status=Status(row.status), version=__version__,
        checkpoint=checkpoint, contact=agreed.contact, preservation=agreed.preservation,
        agreement=agreed.agreement, reference_code=agreed.reference_code,
        replaces=row.replaces or "")


def _measured(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of what the disk has, once it is durable."""
    digest = hashlib.sha256()
    with path.open("rb+", buffering=0) as file:
        size = 0
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
        os.fsync(file.fileno())
    return size, digest.hexdigest()
