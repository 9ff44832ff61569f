"""What may be forgotten: bytes that wait in memory for the document that names them."""

from __future__ import annotations

import threading
import time

from bevara.errors import Quota


class Ephemeral:
    """A dictionary of bytes with a time to live (seconds) and a cap on its size (bytes).

    A picture waits here until its capture arrives, so that a cancelled capture leaves no trace.
    """

    def __init__(self, seconds: float = 600, cap: int = 256 << 20) -> None:
        self._seconds, self._cap = seconds, cap
        self._items: dict[str, tuple[float, bytes]] = {}
        self._lock = threading.Lock()

    def put(self, key: str, value: bytes) -> None:
        """Keep `value`; raise `Quota` when the cap would be passed."""
        with self._lock:
            self._forget_old()
            others = sum(len(v) for name, (_, v) in self._items.items() if name != key)
            if others + len(value) > self._cap:
                raise Quota("För mycket väntar i minnet.", next_step="Försök igen om en stund.")
            self._items[key] = (time.monotonic() + self._seconds, value)

    def get(self, key: str) -> bytes | None:
        """Return the bytes, or None when they are unknown or too old."""
        with self._lock:
            self._forget_old()
            item = self._items.get(key)
            return item[1] if item else None

    def drop(self, key: str) -> None:
        """Forget the bytes under `key`."""
        with self._lock:
            self._items.pop(key, None)

    def _forget_old(self) -> None:
        now = time.monotonic()
        for key in [k for k, (until, _) in self._items.items() if until < now]:
            del self._items[key]
