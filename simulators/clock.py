"""Scene time: it runs at a chosen speed, stands still, or is stepped by a test."""

import threading
import time
from datetime import UTC, datetime


class SceneClock:
    """Seconds of scene time, and the wall time they belong to.

    Args:
        speed: scene seconds in one real second; 0 stands still until `step`.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._speed = speed
        self._base_s = 0.0
        self._since_s = time.monotonic()

    def now_s(self) -> float:
        """Return the scene time."""
        with self._lock:
            return self._now_s()

    def at_s(self, wall: datetime) -> float:
        """Return the scene time at an aware wall time of this speed's span."""
        ago_s = (datetime.now(UTC) - wall).total_seconds()
        with self._lock:
            return self._now_s() - ago_s * self._speed

    def set_speed(self, speed: float) -> None:
        """Go on at another speed from here; 0 pauses."""
        with self._lock:
            self._base_s, self._since_s = self._now_s(), time.monotonic()
            self._speed = speed

    def step(self, seconds: float) -> None:
        """Jump forward."""
        with self._lock:
            self._base_s += seconds

    def _now_s(self) -> float:
        return self._base_s + (time.monotonic() - self._since_s) * self._speed
