"""A comment with a planted word and planted picture bytes, and a search for both in every file."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

from bevara.kernel.ephemeral import Ephemeral
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.records import withhold
from bevara.upkeep import copies
from bevara.upkeep.erasure import erase
from tests.client import Device
from tests.factories import PNG, capture, incident, picture
from tests.faults.traces import spellings

WORD = "Planterad7f3a91"
SMALL = PNG + b"PLANTERADsmaBYTES-8812"
LARGE = PNG + b"PLANTERADstoraBYTES-4471" * 6000
NEEDLES = (*spellings(WORD.encode()), WORD.casefold().encode(),
           *spellings(b"PLANTERADsma"), *spellings(b"PLANTERADstora"))
BY = [{"name": "Anna Berg", "at": "2026-11-24T10:00:00.000Z"},
      {"name": "Bo Ek", "at": "2026-11-24T10:01:00.000Z"}]


def planted(browser: Device, comment_id: str | None = "7001") -> dict[str, Any]:
    """Save a comment that holds the word everywhere it can, with both pictures and a reason."""
    said = {"id": comment_id, "fragment": f"<p>{WORD}</p>",
            "author": {"name": f"{WORD} Rehn", "url": f"https://x.se/{WORD}", "id": None},
            "permalink": f"https://www.facebook.com/a?comment_id={comment_id}"}
    document = capture(f"{WORD} är ordet", comment=said, picture=picture(LARGE))
    document["comment"]["attachments"] = [{
        "kind": "picture", "url": None, "alt": WORD, "blob": picture(SMALL)["blob"],
        "media_type": "image/png"}]
    answer = browser.save(document, LARGE, SMALL)
    assert answer.status_code == 201, answer.data
    id_ = document["capture_id"]
    assert browser.observed(id_, "removed").status_code == 201
    assert browser.put(f"captures/{id_}/reason", {
        "category": "defamation", "possible_secrecy": False, "moderator": WORD,
        "at": "2026-11-24T10:00:00Z"}).status_code == 201
    note = incident("override", comment_id=comment_id, note=f"Det stod {WORD}")
    assert browser.put(f"incidents/{note['id']}", note).status_code == 201
    receipt: dict[str, Any] = answer.get_json()
    return receipt | {"document": document}


def erased(store: Store, record_id: str) -> dict[str, Any]:
    """Withhold the comment and erase it from the store."""
    withhold.from_desk(store, record_id, "Anna Berg", "Sparad av misstag")
    return erase.erase(store, Ephemeral(), record_id, BY)


def found_in(*folders: Path) -> list[str]:
    """Return every file, and every name of one, that holds something planted, also in a ZIP."""
    return [f"{path}: {needle!r}" for folder in folders for path in folder.rglob("*")
            if path.is_file() for content in _contents(path) for needle in NEEDLES
            if needle in content or needle in str(path).encode()]


def _contents(path: Path) -> list[bytes]:
    if not zipfile.is_zipfile(path):
        return [path.read_bytes()]
    with zipfile.ZipFile(path) as archive:
        return [path.read_bytes(), *(archive.read(name) for name in archive.namelist())]


def found_sealed(home: Path, passphrase: bytes) -> list[str]:
    """Return the sealed files of every copy in `home` that hold something planted, opened."""
    hits = []
    for generation in copies.generations(home):
        manifest = copies.read_manifest(generation)
        cover = copies.envelope(passphrase, manifest.sealed)
        names = {generation / copies.REGISTER: f"{generation.name}/{copies.REGISTER}"} | {
            copies.path_of(home, name): f"blobs/{name}" for name in manifest.blobs}
        for path, name in names.items():
            opened = io.BytesIO()
            with path.open("rb") as sealed:
                cover.read(sealed, opened, name)
            hits += [f"{path}: {n!r}" for n in NEEDLES if n in opened.getvalue()]
    return hits


def settled(data: Path) -> Store:
    """Open the register in `data`."""
    return Store(data / "register", Keys(data))


def rows_of(database: Path) -> int:
    """Return how many free pages the file has."""
    with closing(sqlite3.connect(database)) as opened:
        return int(opened.execute("PRAGMA freelist_count").fetchone()[0])
