"""A fixed infrared sensor: what it sees when somebody holds a forehead before it, or nobody."""

import threading
from math import exp

import numpy as np

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

# 300 ms to 95 % (protocol page 09).
_RISE_TAU_S = 0.1
# Between two people the sensor sees the room for so long, and at least so many readings: staff
# wait for the display. Chosen.
_AWAY_S = 0.3
_AWAY_READINGS = 4
# A sensor that a hand has warmed: how much at first, how it cools, and how much its error is of
# that (chosen; the page says "wrong for minutes").
_WARMED_C, _COOLS_TAU_S, _WARM_ERROR = 4.0, 120.0, -0.2
# An electronic part is a little warmer than its room (chosen).
_SELF_HEATING_C = 0.8
_SKIN_BELOW_BODY_C = 2.5
_EMISSIVITY = 0.95


class PointSensorDevice:
    """The sensor.

    Args:
        clock: scene time.
        faults: its switches.
        room_c: the room's temperature, °C.
        seed: for its noise.
        noise_c: standard deviation of one reading, °C (0.03 chosen, no source).
        hold_s: how long somebody stays before it, seconds of scene time.
    """

    def __init__(
        self,
        clock: SceneClock,
        faults: Faults,
        *,
        room_c: float = 22.0,
        seed: int = 1,
        noise_c: float = 0.03,
        hold_s: float = 3.0,
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._room_c = room_c
        self._noise_c = noise_c
        self._hold_s = hold_s
        self._rng = np.random.default_rng(seed)
        self._lock = threading.Lock()
        self._surface_c = room_c
        self._presented_s: float | None = None
        self._away_until_s = 0.0
        self._away_left = 0
        self._warmed_s: float | None = None
        self._stuck: tuple[float, float] | None = None
        self.emissivity = _EMISSIVITY
        """The emissivity that it reckons with until power is lost."""
        self.starts = 1
        """How often it was switched on."""

    def restart(self) -> None:
        """Lose power for a moment."""
        self.emissivity = _EMISSIVITY
        self.starts += 1

    def present(self, body_c: float) -> float:
        """Hold a forehead before it, and return the skin's temperature, °C.

        The skin is 2.5 °C below the body (chosen).
        """
        with self._lock:
            self._surface_c = body_c - _SKIN_BELOW_BODY_C
            self._presented_s = None
            self._away_until_s = self._clock.now_s() + _AWAY_S
            self._away_left = _AWAY_READINGS
            return self._surface_c

    def measure(self) -> tuple[float, float]:
        """Return what it sees and its own temperature, both °C."""
        with self._lock:
            now_s = self._clock.now_s()
            object_c = self._seen_c(now_s) + float(self._rng.normal(0, self._noise_c))
            warmth_c = self._warmth_c(now_s)
            own_c = self._room_c + _SELF_HEATING_C + warmth_c
            told = object_c + _WARM_ERROR * warmth_c, own_c
            if not self._faults.has(Fault.STUCK):
                self._stuck = None
                return told
            self._stuck = self._stuck or told
            return self._stuck

    def _seen_c(self, now_s: float) -> float:
        if self._away_left > 0 or now_s < self._away_until_s:
            self._away_left -= 1
            return self._room_c
        if self._away_until_s == 0.0:
            return self._room_c
        if self._presented_s is None:
            self._presented_s = now_s
        since_s = now_s - self._presented_s
        if since_s > self._hold_s:
            return self._room_c
        return self._surface_c + (self._room_c - self._surface_c) * exp(-since_s / _RISE_TAU_S)

    def _warmth_c(self, now_s: float) -> float:
        if not self._faults.has(Fault.WARMED):
            self._warmed_s = None
            return 0.0
        if self._warmed_s is None:
            self._warmed_s = now_s
        return _WARMED_C * exp(-(now_s - self._warmed_s) / _COOLS_TAU_S)
