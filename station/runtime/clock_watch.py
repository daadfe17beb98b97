"""Tells staff that the machine's clock was set: times before and after do not fit each other."""

from collections.abc import Callable

from station.core.clock_quality import ClockQuality
from station.core.events import DeviceChanged, DeviceState
from station.core.health import DeviceDoubt
from station.core.ports import EventSink
from station.runtime.clock import SystemClock

_LOOK_EVERY_S = 5.0
_NAME = "clock"
_TEXT = (
    "The clock of this machine was set within the last hour: compare the time on the screen with a "
    "watch, and call a technician if it is wrong."
)


class ClockWatch:
    """Looks at the clock now and then; it is told as an instrument, but only once it has jumped."""

    def __init__(
        self, clock: SystemClock, events: EventSink, wait: Callable[[float], bool]
    ) -> None:
        self._clock = clock
        self._events = events
        self._wait = wait
        self._is_told = False

    def step(self) -> None:
        """Look once, then wait a moment."""
        has_jumped = self._clock.quality() is ClockQuality.JUMPED
        if has_jumped != self._is_told:
            self._is_told = has_jumped
            self._events.emit(self._changed(has_jumped=has_jumped))
        self._wait(_LOOK_EVERY_S)

    def _changed(self, *, has_jumped: bool) -> DeviceChanged:
        now = self._clock.now()
        if has_jumped:
            return DeviceChanged(_NAME, now, DeviceState.DOUBTFUL, _TEXT, DeviceDoubt.CLOCK_SET)
        return DeviceChanged(_NAME, now, DeviceState.READY, "")
