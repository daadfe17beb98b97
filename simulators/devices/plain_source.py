"""A blackbody that heats whenever it has power: how its surface follows its set point."""

import threading
from math import exp

import numpy as np

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

# First-order lag and noise as the protocol page asks of the simulator.
_TAU_S = 90.0
_NOISE_C = 0.02
# As `Fault.DRIFT` says; the rate itself is chosen.
_DRIFT_C_PER_S = 0.3 / 600


class PlainSourceDevice:
    """The source; it regulates by its own sensor, so that an error of that moves its surface.

    Args:
        clock: scene time.
        faults: its switches.
        seed: for the noise of its sensor.
        set_point_c: what its last user left; it has been on for long.
        lowest_c: its lowest set point, °C.
        highest_c: its highest.
    """

    def __init__(
        self,
        clock: SceneClock,
        faults: Faults,
        *,
        seed: int = 1,
        set_point_c: float = 35.0,
        lowest_c: float = -30.0,
        highest_c: float = 150.0,
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._lock = threading.RLock()
        self._at_s = clock.now_s()
        self._plate_c = self._set_point_c = set_point_c
        self._range_c = lowest_c, highest_c
        self._error_c = 0.0
        self._stuck_c: float | None = None

    @property
    def set_point_c(self) -> float:
        """What it is set to, °C; a value that it cannot reach is not taken."""
        return self._set_point_c

    @set_point_c.setter
    def set_point_c(self, value: float) -> None:
        with self._lock:
            self._advance()
            if self._range_c[0] <= value <= self._range_c[1]:
                self._set_point_c = value

    def surface_c(self) -> float:
        """Return the surface's temperature, °C."""
        with self._lock:
            self._advance()
            return self._plate_c + self._error_c

    def sensor_c(self) -> float:
        """Return what its own sensor tells, °C."""
        with self._lock:
            self._advance()
            told_c = self._plate_c + float(self._rng.normal(0, _NOISE_C))
            if not self._faults.has(Fault.STUCK):
                self._stuck_c = None
                return told_c
            self._stuck_c = told_c if self._stuck_c is None else self._stuck_c
            return self._stuck_c

    def _advance(self) -> None:
        passed_s = self._clock.now_s() - self._at_s
        self._at_s += passed_s
        away_c = self._plate_c - self._set_point_c
        self._plate_c = self._set_point_c + away_c * exp(-passed_s / _TAU_S)
        is_drifting = self._faults.has(Fault.DRIFT)
        self._error_c = self._error_c + _DRIFT_C_PER_S * passed_s if is_drifting else 0.0
