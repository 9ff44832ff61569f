"""What may be forgotten: bytes that wait in memory for the document that names them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from bevara.errors import Quota

LATER = "Vänta en stund. Bevara försöker igen av sig självt."


@dataclass(frozen=True)
class _Item:
    until: float
    owner: str
    value: bytes


class Ephemeral:
    """A dictionary of bytes with a time to live (seconds), a cap on its size and on each owner's
    share of it (bytes).

    A picture waits here until its capture arrives, so that a cancelled capture leaves no trace.
    """

    def __init__(
        self, seconds: float = 600, cap: int = 256 << 20, share: int = 96 << 20,
        count: int = 2000,
    ) -> None:
        self._seconds, self._cap, self._share, self._count = seconds, cap, share, count
        self._items: dict[str, _Item] = {}
        self._lock = threading.Lock()

    def put(self, key: str, value: bytes, owner: str = "") -> bool:
        """Keep `value`, return whether it is new; raise `Quota` when a cap would be passed."""
        with self._lock:
            self._forget_old()
            self._room_for(key, len(value), owner)
            created = key not in self._items
            self._items[key] = _Item(time.monotonic() + self._seconds, owner, value)
            return created

    def get(self, key: str) -> bytes | None:
        """Return the bytes, or None when they are unknown or too old."""
        with self._lock:
            self._forget_old()
            item = self._items.get(key)
            return item.value if item else None

    def drop(self, key: str) -> None:
        """Forget the bytes under `key`."""
        with self._lock:
            self._items.pop(key, None)

    def _room_for(self, key: str, size: int, owner: str) -> None:
        others = [item for name, item in self._items.items() if name != key]
        own = [len(item.value) for item in others if item.owner == owner]
        if sum(own) + size > self._share or len(own) >= self._count:
            raise Quota("Webbläsaren har för många bilder som väntar.", next_step=LATER)
        if sum(len(item.value) for item in others) + size > self._cap:
            raise Quota("För mycket väntar i minnet.", next_step=LATER)

    def _forget_old(self) -> None:
        now = time.monotonic()
        for key in [k for k, item in self._items.items() if item.until < now]:
            del self._items[key]
