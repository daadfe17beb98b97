"""Scene time: it runs at a chosen speed, stands still, or is stepped by a test."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class _Span:
    """From a real time on, scene time runs evenly."""

    real_s: float
    scene_s: float
    speed: float

    def at_s(self, real_s: float) -> float:
        return self.scene_s + (real_s - self.real_s) * self.speed


class SceneClock:
    """Seconds of scene time, and the wall time they belong to.

    Args:
        speed: scene seconds in one real second; 0 stands still until `step`.
        real_s: a clock that never jumps; tests put in their own.
    """

    def __init__(self, speed: float = 1.0, *, real_s: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._real_s = real_s
        self._spans = [_Span(real_s(), 0.0, speed)]

    def now_s(self) -> float:
        """Return the scene time."""
        with self._lock:
            return self._spans[-1].at_s(self._real_s())

    def at_s(self, wall: datetime) -> float:
        """Return what the scene time was at an aware wall time since the start."""
        ago_s = (datetime.now(UTC) - wall).total_seconds()
        with self._lock:
            real_s = self._real_s() - ago_s
            past = (span for span in reversed(self._spans) if span.real_s <= real_s)
            return next(past, self._spans[0]).at_s(real_s)

    @property
    def speed(self) -> float:
        """Scene seconds in one real second; 0 while it stands still."""
        with self._lock:
            return self._spans[-1].speed

    def set_speed(self, speed: float) -> None:
        """Go on at another speed from here; 0 pauses."""
        with self._lock:
            now_s = self._real_s()
            self._spans.append(_Span(now_s, self._spans[-1].at_s(now_s), speed))

    def step(self, seconds: float) -> None:
        """Jump forward."""
        with self._lock:
            now_s, last = self._real_s(), self._spans[-1]
            self._spans.append(_Span(now_s, last.at_s(now_s) + seconds, last.speed))
