"""What must be true of a store after anything: it opens by itself, and nothing promised is lost."""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import select

from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.kernel.tables import documents
from bevara.upkeep.verify import verify
from tests.faults.captures import capture_of


def problems(folder: Path, promised: set[int]) -> list[str]:
    """Open the store that was left in `folder`; return every broken promise, or nothing."""
    try:
        store = Store(folder / "register", Keys(folder))
    except Exception as error:
        return [f"does not open: {type(error).__name__}: {error}"]
    try:
        report = verify(store)
        with store.read() as connection:
            kept = {row.id: bytes(row.body) for row in connection.execute(
                select(documents).where(documents.c.kind == "capture"))}
    except Exception as error:
        return [f"does not read: {type(error).__name__}: {error}"]
    finally:
        store.close()
    lost = [number for number in promised
            if kept.get(str(uuid.UUID(int=number + 1, version=4))) != capture_of(number)]
    return [*report.findings, *(f"lost: {number}" for number in lost)]


def promises(output: str) -> set[int]:
    """Return the numbers that a saver acknowledged."""
    return {int(line.split()[1]) for line in output.splitlines() if line.startswith("ack ")}
