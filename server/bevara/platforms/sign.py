"""Signs packs with this computer's key, or with a key that the organisation keeps."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bevara.errors import Invalid
from bevara.kernel.keys import write_private
from bevara.platforms import packs


def make_key(path: Path) -> Ed25519PrivateKey:
    """Make a new key in a file that only its owner reads. Raises `Invalid` when there is one."""
    if path.exists():
        raise Invalid("key", f"{path} finns redan.", "Välj ett annat namn.")
    key = Ed25519PrivateKey.generate()
    write_private(path, key.private_bytes_raw())
    return key


def load_key(path: Path) -> Ed25519PrivateKey:
    """Return the key in a file. Raises `Invalid` when there is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except OSError:
        raise Invalid("key", f"Nyckeln {path} går inte att läsa.",
                      "Skapa en med bevara packs key FIL.") from None
    except ValueError:
        raise Invalid("key", f"{path} är ingen nyckel.", "Skapa en med bevara packs key FIL."
                      ) from None


def public(key: Ed25519PrivateKey) -> str:
    """Return the public half in base64, as the policy wants it."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(pack: dict[str, Any], key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return the signed pack. Raises `Invalid` when the pack breaks its schema."""
    broken = packs.problem(pack)
    if broken:
        raise Invalid("pack", f"Stödet följer inte formatet. {broken}")
    signature = key.sign(packs.canonical(pack))
    return {"schema": "signed-pack/1", "pack": pack, "key": public(key),
            "signature": base64.b64encode(signature).decode()}
