"""Captures by number: number in, the same bytes out, in every process."""

from __future__ import annotations

import json
import random
import uuid

from bevara.kernel import blobs


def picture_of(number: int) -> bytes | None:
    """Return a picture for every second capture: 90 kB, so that it becomes a file."""
    return random.Random(number).randbytes(90_000) if number % 2 else None


def capture_of(number: int) -> bytes:
    """Return the capture document with that number."""
    picture = picture_of(number)
    author = {"name": f"Avsändare {number}", "url": None, "id": None}
    document = {
        "schema": "capture/1", "capture_id": str(uuid.UUID(int=number + 1, version=4)),
        "captured_at": "2026-11-24T10:00:00Z", "first_seen_at": None, "mode": "delete",
        "platform": "practice", "pack": {"id": "practice", "version": 1}, "account_id": None,
        "action": {"kind": "delete", "label": "Ta bort", "reversible": False, "trigger": "mouse"},
        "comment": {
            "id": str(number), "parent_id": None, "post_id": None, "permalink": None,
            "author": author, "text": f"Kommentar nummer {number}", "truncated": False,
            "time_shown": None, "time_exact": None, "time_precision": "unknown", "edited": False,
            "language": None, "attachments": [], "fragment": None,
        },
        "beside": [], "context": {"post": None, "answers": []},
        "picture": picture and {
            "blob": blobs.name_of(picture), "media_type": "image/png", "width": 10, "height": 10,
            "scale": 1, "covered": 0, "taken_at": "2026-11-24T10:00:00Z", "marks": [],
        },
        "no_picture_reason": None if picture else "test",
        "completeness": {"state": "complete", "missing": []},
        "page": {"url": "http://localhost/", "language": "sv",
                 "viewport": {"width": 1, "height": 1}, "zoom": 1},
        "software": {"extension": "0", "browser": "test"}, "moderator": {"name": None},
        "possible_secrecy": False,
    }
    return json.dumps(document).encode()
