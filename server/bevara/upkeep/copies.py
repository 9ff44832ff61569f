"""The second copy on disk: one folder per copy, and the large pictures once for all copies.

    PLACE/bevara-INSTANCE/
        blobs/ab/abcd...                    a large picture, by its hash or by its sealed name
        2026-11-24T10-00-00.000Z/
            register.sqlite                 the database, as SQLite's backup API wrote it
            manifest.json                   size and SHA-256 of every file, key and checkpoint

A copy has its final name only when all its files are durable. What begins with a full stop is
work that was interrupted, and is nobody's copy.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bevara.errors import Invalid
from bevara.upkeep.sealing import Envelope, Plain, Sealed
from bevara.upkeep.settings import PASSPHRASE

REGISTER, MANIFEST = "register.sqlite", "manifest.json"
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z")


@dataclass(frozen=True)
class Held:
    """The size and the SHA-256 of a file as it lies in the copy."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What one copy consists of. `sealed` says how the passphrase became a key, or is None."""

    format: int
    made_at: str
    instance: str
    version: str
    origin: str
    public_key: str
    checkpoint: str
    sealed: dict[str, Any] | None
    register: Held
    blobs: dict[str, Held]


def home(place: Path, instance: str) -> Path:
    """Return the folder of this Bevara's copies."""
    return place / f"bevara-{instance}"


def path_of(folder: Path, stored: str) -> Path:
    """Return where a picture lies, by its stored name."""
    return folder / "blobs" / stored[:2] / stored


def generations(folder: Path) -> list[Path]:
    """Return the finished copies, oldest first."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if NAME.fullmatch(path.name))


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as it lies in the copy, with a hash of itself."""
    fields = asdict(manifest)
    return json.dumps({**fields, "sha256": _digest(fields)}, indent=1).encode()


def read_manifest(generation: Path) -> Manifest:
    """Return what a copy says of itself; raise `Invalid` naming the file when it is damaged."""
    path = generation / MANIFEST
    try:
        fields = json.loads(path.read_bytes())
        if fields.pop("sha256") != _digest(fields) or fields["format"] != 1:
            raise damaged(path)
        register, blobs = Held(**fields.pop("register")), fields.pop("blobs")
        return Manifest(**fields, register=register,
                        blobs={name: Held(**held) for name, held in blobs.items()})
    except (OSError, ValueError, KeyError, TypeError):
        raise damaged(path) from None


def damaged(path: Path) -> Invalid:
    """Return the error that names a damaged or missing file of a copy."""
    return Invalid(str(path), f"Filen {path} i säkerhetskopian är skadad eller saknas.",
                   "Välj en annan kopia med --generation.")


def is_whole(path: Path, held: Held) -> bool:
    """Tell whether a file is there, byte for byte."""
    try:
        with path.open("rb") as file:
            return path.stat().st_size == held.size and (
                hashlib.file_digest(file, "sha256").hexdigest() == held.sha256)
    except OSError:
        return False


def envelope(passphrase: bytes | None, sealed: dict[str, Any] | None) -> Envelope:
    """Return what reads a copy with these parameters; raise `Invalid` for a wrong passphrase."""
    if sealed is None:
        return Plain()
    if passphrase is None:
        raise Invalid(PASSPHRASE, "Kopian är krypterad, och ingen lösenfras är angiven.",
                      f"Skriv lösenfrasen i en fil och ange den med {PASSPHRASE}.")
    return Sealed(passphrase, sealed)


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
