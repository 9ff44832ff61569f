"""The second copy on disk: one folder per copy, and the large pictures once for all copies.

    PLACE/bevara-INSTANCE/
        blobs/ab/abcd...                    a large picture, by its hash or by its sealed name
        2026-11-24T10-00-00.000Z/
            register.sqlite                 the database, as SQLite's backup API wrote it
            manifest.json                   size and SHA-256 of every file, key and checkpoint
        erasures, erasures-CHECK            the tombstones that every copy here is cleaned by, once
                                            for each way that copies here are sealed

The practice store has a folder of its own beside it, `bevara-INSTANCE-ovning`. A copy has its
final name only when all its files are durable. What begins with a full stop is work that was
interrupted, and is nobody's copy.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from bevara.errors import Invalid
from bevara.kernel.keys import sync_folder
from bevara.upkeep import sealing
from bevara.upkeep.sealing import Envelope, Plain
from bevara.upkeep.settings import PASSPHRASE

REGISTER, MANIFEST, ERASURES = "register.sqlite", "manifest.json", "erasures"
STORES = {"register": "", "practice": "-ovning"}
"""The stores that are copied, and what follows the name of the folder of their copies."""
NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z")


@dataclass(frozen=True)
class Held:
    """The size and the SHA-256 of a file as it lies in the copy."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What one copy consists of. `sealed` says how the passphrase became a key, or is None.

    `erasures` are the comments that are erased and known not to be in the copy. `homes` are the
    folders of copies in other places that were known then: a Bevara that is restored from this
    copy takes out of them too what it erases.
    """

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
    erasures: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()

    @property
    def tree_size(self) -> int:
        """Return how many entries the log had."""
        return int(self.checkpoint.split("\n")[1])


def home(place: Path, instance: str, store: str = "register") -> Path:
    """Return the folder of this Bevara's copies of one store."""
    return place / f"bevara-{instance}{STORES[store]}"


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
        erasures, homes = (tuple(fields.pop(name, ())) for name in ("erasures", "homes"))
        return Manifest(**fields, register=register, erasures=erasures, homes=homes,
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
    return sealing.opened(passphrase, sealed)


class Covers:
    """The envelopes of one folder's copies, each made once: a key takes a while to derive."""

    def __init__(self, passphrase: bytes | None, *known: Envelope) -> None:
        self._passphrase, self._known = passphrase, list(known)

    def of(self, sealed: dict[str, Any] | None) -> Envelope:
        """Return what reads and writes with these parameters. Else as `envelope`."""
        for one in self._known:
            if one.parameters == sealed:
                return one
        self._known.append(envelope(self._passphrase, sealed))
        return self._known[-1]


def write(path: Path, source: BinaryIO, cover: Envelope, name: str) -> Held:
    """Write a new file of a copy, durably."""
    with path.open("x+b") as file:
        cover.write(source, file, name)
        file.flush()
        os.fsync(file.fileno())
        file.seek(0)
        return Held(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def finish(unfinished: Path, manifest: Manifest, name: str) -> Path:
    """Give a copy whose files are written its manifest and its final name."""
    write(unfinished / MANIFEST, io.BytesIO(write_manifest(manifest)), Plain(), "")
    sync(unfinished)
    done = unfinished.with_name(name)
    os.rename(unfinished, done)
    sync(done.parent)
    return done


def bring(source: Path, held: Held, target: Path, cover: Envelope, name: str) -> None:
    """Read a file of a copy into `target`; raise `Invalid` naming it when it is damaged."""
    if not is_whole(source, held):
        raise damaged(source)
    with source.open("rb") as stored, target.open("xb") as file:
        try:
            cover.read(stored, file, name)
        except ValueError:
            raise damaged(source) from None
        file.flush()
        os.fsync(file.fileno())
    sync_folder(target.parent)


def sync(folder: Path) -> None:
    """Make renames durable where the place can: some network folders cannot be synced."""
    with suppress(OSError):
        sync_folder(folder)


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
