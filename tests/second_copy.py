"""A register with something in it, its second copy, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bevara.kernel.clock import Clock
from bevara.kernel.keys import Keys
from bevara.kernel.store import Store
from bevara.upkeep import backup, restore
from tests.client import Device, running
from tests.factories import PNG, capture, picture

SECRET = "Planterad hemlighet"
PASSPHRASE = b"fem helt vanliga ord om snus"


def large(number: int) -> bytes:
    """Return a picture that becomes a file."""
    return PNG + number.to_bytes(4, "big") * 30_000


def saved(browser: Device, number: int) -> dict[str, Any]:
    """Save a comment with a large picture; return its receipt."""
    document = capture(f"{SECRET} {number}", picture=picture(large(number)))
    answer = browser.save(document, large(number))
    assert answer.status_code == 201
    receipt: dict[str, Any] = answer.get_json()
    return receipt


def filled(data: Path, count: int = 3) -> list[dict[str, Any]]:
    """Make a Bevara in `data` with saved comments and close it; return the receipts."""
    with running(data) as bevara:
        browser = bevara.browser()
        return [saved(browser, number) for number in range(count)]


def copied(data: Path, place: Path, passphrase: bytes | None = None, **options: Any) -> Path:
    """Make a copy now."""
    return backup.make(data, place, passphrase, Clock(), **options)


def restored(
    place: Path, data: Path, passphrase: bytes | None = None, **options: Any
) -> restore.Restored:
    """Restore into `data`."""
    return restore.restore(place, data, passphrase, Clock(), **options)


def files(folder: Path) -> list[Path]:
    """Return every file below the folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """Give the register in `data`."""
    store = Store(data / "register", Keys(data))
    try:
        yield store
    finally:
        store.close()
