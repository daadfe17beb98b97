"""What all fixed point thermometers share: presentations become samples, of a surface."""

import time
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, final

from drivers.api import HandheldThermometer, ThermometerSample
from drivers.errors import DeviceError, DeviceTimeout
from drivers.thermometers.presentation import (
    PointReading,
    PresentationDetector,
    PresentationRules,
    Presented,
)
from station.core.cases import ReadingMode, TrustClass

# A forehead's skin, chilled or febrile (chosen); what lies outside is a cup, a lamp or a fault.
_PLAUSIBLE_C = (25.0, 45.0)
# A question needs at least so much time; less is left over to the next call.
_LEAST_POLL_S = 0.1


class PointThermometer(HandheldThermometer):
    """A sensor that tells temperatures all the time; a presentation gives one sample.

    It tells the temperature of a surface and never estimates a body's.

    Args:
        idle_c: what it sees when nobody is there, °C; None takes its own temperature.
    """

    TRUST: ClassVar[TrustClass | None] = TrustClass.SURFACE
    RULES: ClassVar[PresentationRules] = PresentationRules()
    """What counts as a presentation before this model."""

    def __init__(self, *, idle_c: float | None = None) -> None:
        super().__init__()
        self._rules = replace(self.RULES, idle_c=idle_c)
        self._detector = PresentationDetector(self._rules)
        self._waiting: deque[PointReading] = deque()

    def _begin(self) -> None:
        """Forget what was before opening."""
        self._detector = PresentationDetector(self._rules)
        self._waiting.clear()

    def _note_own(self, own_c: float) -> None:
        """Take in what the sensor tells of its own temperature, °C, when asked for that alone."""
        self._detector.note_own(own_c, time.monotonic())

    def _read(self, timeout_s: float) -> ThermometerSample | None:
        until_s = time.monotonic() + timeout_s
        self._begin_read()
        while True:
            while self._waiting:
                presented = self._detector.feed(self._waiting.popleft())
                if presented is not None and self._is_good(presented, until_s):
                    return _sample(presented.object_c)
            if time.monotonic() >= until_s:
                return None
            self._waiting.extend(self._measure(until_s))

    def _is_good(self, presented: Presented, until_s: float) -> bool:
        if not presented.is_settled:
            raise DeviceError(
                "The thermometer's own temperature changes fast, so that it reads wrong: leave it "
                "alone for some minutes, then measure again."
            )
        # A presentation that cannot be confirmed now is tried again with its next reading.
        try:
            if not self._confirm(presented.object_c, until_s):
                return False
        except DeviceTimeout:
            return False
        self._detector.take()
        return True

    def _begin_read(self) -> None:
        """Note that a call of `read` begins."""

    def _confirm(self, object_c: float, until_s: float) -> bool:
        """Ask the instrument once more before a sample is given, where it can be asked."""
        return True

    @abstractmethod
    def _measure(self, until_s: float) -> Sequence[PointReading]:
        """Return the next readings, none if none came until a monotonic time.

        Raises:
            DeviceTimeout: if it says nothing at all.
            DeviceDisconnected: if the port is gone.
            ProtocolError: if what comes is no reading.
        """


class PolledThermometer(PointThermometer):
    """A point thermometer that speaks only when asked.

    Args:
        poll_s: seconds from one question to the next.
        idle_c: as `PointThermometer`.
    """

    def __init__(self, *, poll_s: float, idle_c: float | None = None) -> None:
        super().__init__(idle_c=idle_c)
        if not poll_s > 0:
            raise ValueError(f"poll_s must be above 0: {poll_s:g}")
        self._poll_s = poll_s
        self._needs_s = _LEAST_POLL_S
        self._has_answered = False

    @final
    def _begin_read(self) -> None:
        self._has_answered = False

    @final
    def _measure(self, until_s: float) -> Sequence[PointReading]:
        begun_s = time.monotonic()
        if self._has_answered and until_s - begun_s < self._needs_s:
            # The end of this call would cut the answer off.
            time.sleep(max(0.0, until_s - begun_s))
            return ()
        try:
            readings = self._poll(until_s)
        except DeviceTimeout:
            if self._has_answered:
                # It is there; whether it has fallen silent since, the next call will tell.
                return ()
            raise
        now_s = time.monotonic()
        self._has_answered = True
        self._needs_s = max(_LEAST_POLL_S, 2 * (now_s - begun_s))
        time.sleep(max(0.0, min(begun_s + self._poll_s, until_s) - now_s))
        return readings

    @abstractmethod
    def _poll(self, until_s: float) -> Sequence[PointReading]:
        """Ask one question; see `PointThermometer._measure`."""


def _sample(object_c: float) -> ThermometerSample:
    low_c, high_c = _PLAUSIBLE_C
    return ThermometerSample(
        object_c,
        ReadingMode.SURFACE,
        datetime.now(UTC),
        low_c <= object_c <= high_c,
        TrustClass.SURFACE,
    )
