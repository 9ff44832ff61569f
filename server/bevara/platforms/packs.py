"""Signed packs: the file, the folder they are dropped in, and what a signature covers."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bevara import contract
from bevara.errors import BevaraError, Invalid
from bevara.kernel.keys import keyid, verify

SCHEMA = "platform-pack-1"
PURPOSE = b"bevara-pack-1\n"
"""What a signature covers before the pack itself, so that it is no signature of anything else."""
LIMIT = 400_000
"""The largest file, in bytes, that is read as a pack."""
MOST = 40
"""How many files of the folder are read."""


@dataclass(frozen=True)
class Dropped:
    """A file of the packs folder: the pack as it stands there, and what is wrong with it."""

    path: Path
    pack: dict[str, Any] | None
    signature: str
    signer: str | None
    problem: str | None


def folder(data_dir: Path) -> Path:
    """Return the folder where newer packs are dropped."""
    return data_dir / "packs"


def canonical(pack: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: sorted keys, no spaces, whole numbers without a point."""
    text = json.dumps(_plain(pack), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return PURPOSE + text.encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def problem(pack: object) -> str | None:
    """Say in Swedish where a pack breaks its schema, or None."""
    try:
        contract.validate(SCHEMA, pack)
    except Invalid as error:
        return f"{error.field}: {error.detail}"
    return None


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file. Raises `Invalid` when it is too large or is none."""
    try:
        if path.stat().st_size > LIMIT:
            raise Invalid(path.name, f"{path.name} är för stor.", f"Högst {LIMIT} byte.")
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(path.name, f"{path.name} går inte att läsa: {error.strerror}.") from None
    except ValueError:
        raise Invalid(path.name, f"{path.name} är inte JSON.") from None
    if not isinstance(found, dict):
        raise Invalid(path.name, f"{path.name} är inte ett JSON-objekt.")
    return found


def dropped(data_dir: Path) -> list[Dropped]:
    """Return every file of the packs folder, by name; the extension judges them, not this."""
    return [_look(path) for path in sorted(folder(data_dir).glob("*.json"))[:MOST]]


def _look(path: Path) -> Dropped:
    try:
        found = read(path)
    except BevaraError as error:
        return Dropped(path, None, "", None, error.detail)
    signed = found.get("schema") == "signed-pack/1" and isinstance(found.get("pack"), dict)
    pack: dict[str, Any] = found["pack"] if signed else found
    signature = str(found.get("signature") or "")[:200] if signed else ""
    signer = _signer(pack, str(found.get("key") or ""), signature)
    return Dropped(path, pack, signature, signer, problem(pack) or _unsigned(signature, signer))


def _unsigned(signature: str, signer: str | None) -> str | None:
    if signer is not None:
        return None
    return "Underskriften stämmer inte." if signature else "Stödet är inte undertecknat."


def _signer(pack: dict[str, Any], key: str, signature: str) -> str | None:
    """Return the id of the key that made the signature, or None."""
    try:
        public = base64.b64decode(key, validate=True)
        found = verify(public, base64.b64decode(signature, validate=True), canonical(pack))
    except (binascii.Error, ValueError):
        return None
    return keyid(public) if found else None
