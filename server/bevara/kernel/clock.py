"""Time, as one port that tests can hold still."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The computer's clock."""

    def unix(self) -> int:
        """Return whole seconds since 1970 (UTC)."""
        return int(time.time())

    def now(self) -> str:
        """Return the time as RFC 3339 in UTC with milliseconds."""
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
