"""Documents as the extension makes them, with what a test wants different."""

from __future__ import annotations

import copy
import hashlib
import json
import uuid
from typing import Any

NOW = "2026-11-24T10:00:00Z"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
CAPTURE: dict[str, Any] = {
    "schema": "capture/1", "capture_id": "", "captured_at": NOW, "first_seen_at": None,
    "mode": "delete", "platform": "facebook", "pack": {"id": "facebook", "version": 1},
    "account_id": None,
    "action": {"kind": "delete", "label": "Ta bort", "reversible": False, "trigger": "mouse"},
    "comment": {
        "id": None, "parent_id": None, "post_id": None, "permalink": None,
        "author": {"name": "Tobias Rehn", "url": None, "id": None}, "text": "Hej",
        "truncated": False, "time_shown": None, "time_exact": None, "time_precision": "unknown",
        "edited": False, "language": None, "attachments": [], "fragment": None,
    },
    "beside": [], "context": {"post": None, "answers": []}, "picture": None,
    "no_picture_reason": "test", "completeness": {"state": "complete", "missing": []},
    "page": {"url": "https://www.facebook.com/", "language": "sv", "zoom": 1,
             "viewport": {"width": 1, "height": 1}},
    "software": {"extension": "0", "browser": "test"}, "moderator": {"name": None},
    "possible_secrecy": False,
}


def new_id() -> str:
    """Return a fresh UUID."""
    return str(uuid.uuid4())


def blob_name(data: bytes) -> str:
    """Return the name that the contract gives these bytes."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def capture(text: str = "Hej", *, comment: dict[str, Any] | None = None, **changes: Any) -> Any:
    """Return a capture of a comment saying `text`; `comment` and the rest replace fields."""
    document = copy.deepcopy(CAPTURE) | {"capture_id": new_id()}
    document["comment"] |= {"text": text, **(comment or {})}
    return document | changes


def picture(data: bytes = PNG) -> dict[str, Any]:
    """Return what a capture says about its picture."""
    return {"blob": blob_name(data), "media_type": "image/png", "width": 1, "height": 1,
            "scale": 1, "covered": 0, "taken_at": NOW, "marks": []}


def attachment(data: bytes) -> dict[str, Any]:
    """Return what a comment says about a picture attached to it."""
    return {"kind": "picture", "url": "https://scontent.example/1.png", "alt": None,
            "blob": blob_name(data), "media_type": "image/png"}


def incident(kind: str = "override", **changes: Any) -> dict[str, Any]:
    """Return an incident."""
    return {"schema": "incident/1", "id": new_id(), "kind": kind, "at": NOW,
            "platform": "facebook", **changes}


def encoded(document: Any) -> bytes:
    """Return the bytes that travel."""
    return json.dumps(document, ensure_ascii=False).encode()
