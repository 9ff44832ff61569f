"""What tests of the archive's receivers share: parcels, who looks on, and what must lie there."""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bevara.archive.receivers import Parcel, settings
from bevara.archive.receivers.settings import Settings
from tests.sshd import Sshd


def parcel(folder: Path, size: int = 300_000, seed: int = 1, token: str = "ab12") -> Parcel:
    """Return a parcel of made up bytes, the same each time for the same seed."""
    data = random.Random(seed).randbytes(size)
    id_, digest = uuid.UUID(int=seed, version=4), hashlib.sha256(data).hexdigest()
    path = folder / f"{id_}.zip"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    note = json.dumps({"id": str(id_), "sha256": digest, "size": size}).encode()
    return Parcel(path, path.name, size, digest, token, note)


def reached(server: Sshd, folder: Path, **changes: Any) -> Settings:
    """Return the settings of a folder that is reached over a server."""
    known = Settings(
        settings.SFTP, host="127.0.0.1", port=server.port, user=server.user,
        host_key=server.host_keys["ed25519"], key_file=str(server.key_file), directory=str(folder))
    return replace(known, **changes)


@dataclass
class Looker:
    """Who looks on: keeps how far it came, and may do something at each step."""

    limit: int = 0
    seen: list[int] = field(default_factory=list)
    act: Callable[[int], None] = lambda _: None

    def moved(self, so_far: int) -> None:
        self.seen.append(so_far)
        self.act(so_far)


def whole(folder: Path, *parcels: Parcel) -> None:
    """Assert that these parcels lie in a folder as they are, each once, and nothing besides."""
    names = sorted(path.name for path in folder.iterdir() if path.name != "bevara-arkivmapp.txt")
    assert names == sorted(name for one in parcels for name in (one.name, one.note))
    for one in parcels:
        assert (folder / one.name).read_bytes() == one.path.read_bytes()
        assert (folder / one.note).read_bytes() == one.sidecar


def nothing_partial(folder: Path, *parcels: Parcel) -> None:
    """Assert that whatever has a final name is all of it, and a note's package is there."""
    for one in parcels:
        package, note = folder / one.name, folder / one.note
        assert not note.exists() or package.exists(), "the note came first"
        if package.exists():
            assert package.stat().st_size == one.size
            assert hashlib.sha256(package.read_bytes()).hexdigest() == one.sha256
        if note.exists():
            assert note.read_bytes() == one.sidecar
