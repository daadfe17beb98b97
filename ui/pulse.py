"""Whether the window answers: how long its thread was away from its events at a time."""

import logging
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

logger = logging.getLogger(__name__)

BLOCKED_S = 0.05
"""Nobody notices a shorter wait."""

_BEAT_MS = 10
# The log hears of it so often at most.
_SAY_EVERY_S = 60.0
_KEPT = 999


class Pulse(QObject):
    """Beats in the window's thread; a beat that comes late was held up by work in it.

    A beat is measured from the one before, so that a wait is never told shorter than it was, and up
    to one beat longer.

    Args:
        monotonic_s: the clock.
        thread_s: processor time of the thread that calls it, s.
    """

    def __init__(
        self,
        monotonic_s: Callable[[], float] = time.monotonic,
        thread_s: Callable[[], float] = time.thread_time,
    ) -> None:
        super().__init__()
        self._monotonic_s = monotonic_s
        self._thread_s = thread_s
        self._last: tuple[float, float] | None = None
        self._said_s = float("-inf")
        self.beats = 0
        """Beats so far."""
        self.blocked: list[tuple[float, float]] = []
        """Each wait longer than BLOCKED_S since the last `forget`: its length, s, and the processor
        time of the thread in it, s; where the two differ, others had the processor or the lock."""
        self.longest_s = 0.0
        """The longest wait since the last `forget`."""
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        """Go on beating; called once events are handled."""
        self._timer.start(_BEAT_MS)

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def forget(self) -> None:
        """Begin to count anew."""
        self.beats, self.blocked, self.longest_s, self._last = 0, [], 0.0, None

    def beat(self) -> None:
        """Measure the time since the last beat."""
        now_s, used_s = self._monotonic_s(), self._thread_s()
        if self._last is not None:
            self._measure(now_s, now_s - self._last[0], used_s - self._last[1])
        self.beats += 1
        self._last = now_s, used_s

    def _measure(self, now_s: float, waited_s: float, used_s: float) -> None:
        self.longest_s = max(self.longest_s, waited_s)
        if waited_s <= BLOCKED_S:
            return
        self.blocked = [*self.blocked[-_KEPT:], (waited_s, used_s)]
        if now_s - self._said_s >= _SAY_EVERY_S:
            self._said_s = now_s
            logger.warning(
                "the window did not answer for %.0f ms (%.0f ms of its own work)",
                1e3 * waited_s,
                1e3 * used_s,
            )
