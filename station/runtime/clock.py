"""The real clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The operating system's clocks."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never jumps."""
        return time.monotonic()
