"""Receipts that somebody kept, held against what a restored copy has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from bevara.errors import Invalid
from bevara.kernel.tables import documents


def read(path: Path) -> list[dict[str, Any]]:
    """Return the receipts in a file with one receipt (JSON) or capture id per line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise Invalid("--receipts", f"{path} går inte att läsa: {error}") from None
    return [_receipt(line.strip(), number) for number, line in enumerate(lines, 1) if line.strip()]


def missing(connection: Connection, promised: Iterable[dict[str, Any]]) -> list[str]:
    """Return a sentence for each receipt whose capture is not here with the same content."""
    query = select(documents.c.id, documents.c.sha256).where(documents.c.kind == "capture")
    kept = {row.id: row.sha256 for row in connection.execute(query)}
    return [_sentence(one) for one in promised if not _is_kept(one, kept)]


def _is_kept(receipt: dict[str, Any], kept: dict[str, str]) -> bool:
    found = kept.get(receipt["capture_id"])
    return found is not None and receipt.get("sha256", found) == found


def _receipt(line: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        found = line
    if isinstance(found, str):
        found = {"capture_id": found}
    try:
        UUID(found["capture_id"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Invalid("--receipts", f"Rad {number} är inte ett kvitto.", "Varje rad ska vara ett "
                      "kvitto (JSON) eller numret på en sparad kopia.") from None
    return dict(found)


def _sentence(receipt: dict[str, Any]) -> str:
    received = f", sparad {receipt['received_at']}" if receipt.get("received_at") else ""
    return f"{receipt['capture_id']}{received}"
