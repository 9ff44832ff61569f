"""Write the bundle: a ZIP that is the same, byte for byte, for the same record and log."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from importlib import resources
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bevara.kernel import signed_note
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.records.proof.collect import Checkpoint, Collected, Document, collect
from bevara.records.secrecy import Viewing
from bevara.web import bodies

SCRIPT, README = "kontrollera.py", "README.txt"
MANIFEST, SIGNATURE, PROOF = "manifest.txt", "manifest.sig", "proof.json"
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}
Files = dict[str, bytes]


def make(store: Store, id_: str, viewing: Viewing | None = None) -> bytes:
    """Return the bundle of the record or capture `id_`; raise as `collect` does."""
    return _zip(_signed(_files(collect(store, id_, viewing)), store.keys))


def key_of(store: Store) -> str:
    """Return the log's public key as C2SP writes it: name, id and key in one line."""
    return signed_note.verifier_key(store.origin, store.keys.public)


def _files(found: Collected) -> Files:
    names = [f"checkpoints/{number}-{point.size}.txt"
             for number, point in enumerate(found.checkpoints)]
    files = {name: point.text.encode()
             for name, point in zip(names, found.checkpoints, strict=True)}
    files |= {_stamp(number, at): stamp.answer
              for number, point in enumerate(found.checkpoints)
              for at, stamp in enumerate(point.stamps)}
    files |= {_document(item): item.row.body for item in found.documents}
    files |= {f"files/{_picture(found, name)}": data for name, data in found.pictures.items()}
    folder = resources.files("bevara.records.proof")
    files |= {name: (folder / name).read_bytes() for name in (SCRIPT, README)}
    files["key.pem"] = Ed25519PublicKey.from_public_bytes(found.public).public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    files[PROOF] = _encoded(_description(found, names))
    return files


def _description(found: Collected, names: list[str]) -> dict[str, Any]:
    return {
        "format": "bevara-proof/1", "record_id": found.record_id, "log": found.origin,
        "key": signed_note.verifier_key(found.origin, found.public),
        "checkpoints": [_checkpoint(number, name, point) for number, (name, point)
                        in enumerate(zip(names, found.checkpoints, strict=True))],
        "documents": [{
            "file": _document(item), "kind": item.row.kind, "id": item.row.id,
            "index": item.row.ledger_index, "entry": item.row.entry,
            "salt": base64.b64encode(item.row.salt).decode(), "paths": item.paths,
        } for item in found.documents],
    }


def _checkpoint(number: int, name: str, point: Checkpoint) -> dict[str, Any]:
    return {"file": name, "stamps": [
        {"file": _stamp(number, at), "authority": stamp.authority}
        for at, stamp in enumerate(point.stamps)]}


def _stamp(number: int, at: int) -> str:
    return f"stamps/{number}-{at}.tsr"


def _document(item: Document) -> str:
    return f"documents/{item.row.ledger_index}-{item.row.kind}.json"


def _picture(found: Collected, name: str) -> str:
    """Return the name of a picture's file, with the ending of the type that a capture gives."""
    for item in found.documents:
        if item.row.kind == "capture":
            capture = bodies.parse(item.row.body)
            shown = capture["comment"]["attachments"]
            for one in [capture["picture"], capture.get("screen"), *shown]:
                if one and one["blob"] == name:
                    return f"{name[7:]}.{ENDINGS.get(one['media_type'], 'bin')}"
    return name[7:]


def _encoded(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _signed(files: Files, keys: Keys) -> Files:
    """Add the list of all files, which `sha256sum -c` reads, and its signature."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    manifest = "".join(lines).encode()
    return {**files, MANIFEST: manifest, SIGNATURE: keys.sign(manifest)}


def _zip(files: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            item = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            item.create_system, item.external_attr = 3, 0o644 << 16
            archive.writestr(item, files[name])
    return target.getvalue()
