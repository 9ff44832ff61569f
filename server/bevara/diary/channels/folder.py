"""A delivery as two files in a folder that a diary's import reads, named by the delivery's token.

Both are written aside and made durable; then the delivery is marked as begun, the ZIP is renamed
and last the JSON, which is what says that a delivery lies there. The JSON's file aside is gone only
once it was renamed: a worker that comes after a crash sees by it whether the diary can have the
delivery, and begins anew when it cannot.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from bevara.diary.channels import Begin, Found, Passing, place
from bevara.diary.delivery.letter import Entry, Letter
from bevara.diary.delivery.settings import Settings
from bevara.errors import BevaraError

FORMAT, LIST, RECEIPT = "bevara-delivery/1", "lista.txt", ".kvittens.json"


@dataclass(frozen=True)
class Pair:
    """Where the two files of one delivery lie, and what they are called until they are whole."""

    folder: Path
    token: str
    attempt: int

    @property
    def package(self) -> Path:
        """Return the ZIP's place."""
        return self.folder / f"bevara-{self.token}.zip"

    @property
    def note(self) -> Path:
        """Return the JSON's place."""
        return self.folder / f"bevara-{self.token}.json"

    def aside(self, path: Path) -> Path:
        """Return where a file lies while it is written, in this attempt alone."""
        return self.folder / f".{path.stem}-{self.attempt}{path.suffix}.new"


def send(letter: Letter, how: Settings, begin: Begin) -> None:
    """Lay the delivery in the folder; raise `Passing`."""
    row = letter.delivery
    pair = Pair(place.opened(how.folder), str(row.token), int(row.attempt))
    package = zipped(letter)
    digest = hashlib.sha256(package).hexdigest()
    try:
        _remove_earlier(pair)
        _write(pair.aside(pair.package), package)
        _write(pair.aside(pair.note), described(letter, digest))
        place.synced(pair.folder)
    except OSError as error:
        _remove(pair)
        raise Passing(place.words(error)) from error
    try:
        begin(digest)
    except BevaraError:
        _remove(pair)
        raise
    try:
        os.replace(pair.aside(pair.package), pair.package)
        os.replace(pair.aside(pair.note), pair.note)
        place.synced(pair.folder)
    except OSError as error:
        raise Passing(place.words(error), begun=True) from error


def look(row: Row[Any], how: Settings, anew: Callable[[], None]) -> Found:
    """Tell how far a delivery came whose worker is gone; raise `Passing` when nobody can see.

    `anew` keeps that nothing came: what lies aside is removed only then. Once the JSON was renamed
    the import may have taken it away: then its two files are nowhere.
    """
    pair = Pair(place.opened(how.folder), str(row.token), int(row.begun_attempt or 0))
    try:
        if _is_there(pair.note) and _is_there(pair.package):
            return Found.ALL
        if not _is_there(pair.aside(pair.note)):
            return Found.UNCLEAR
        anew()
        pair.package.unlink(missing_ok=True)
        _remove_earlier(pair)
        return Found.NOTHING
    except OSError as error:
        raise Passing(place.words(error), begun=True) from error


def zipped(letter: Letter) -> bytes:
    """Return the list and every file, the same bytes for the same letter."""
    day = datetime.fromisoformat(str(letter.delivery.created_at))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in [(LIST, letter.body.encode()),
                           *((file.name, file.data) for file in letter.files)]:
            info = zipfile.ZipInfo(name, day.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, data)
    return made.getvalue()


def described(letter: Letter, digest: str) -> bytes:
    """Return what an import reads: the token, the ZIP's hash, and each card's public fields."""
    token = letter.delivery.token
    said = {
        "format": FORMAT, "token": token, "made_at": letter.delivery.created_at,
        "subject": letter.subject, "zip": f"bevara-{token}.zip", "sha256": digest,
        "receipt": f"bevara-{token}{RECEIPT}",
        "records": [_entry(entry) for entry in letter.entries],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _entry(entry: Entry) -> dict[str, Any]:
    return {"reference": entry.reference, "closed": entry.closed, "fields": dict(entry.fields),
            "files": [file.name for file in entry.files]}


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _remove_earlier(pair: Pair) -> None:
    """Remove what earlier attempts left: none of it was delivered."""
    for path in pair.folder.glob(f".bevara-{pair.token}-*.new"):
        path.unlink(missing_ok=True)


def _remove(pair: Pair) -> None:
    for path in (pair.package, pair.note):
        with suppress(OSError):
            pair.aside(path).unlink(missing_ok=True)
