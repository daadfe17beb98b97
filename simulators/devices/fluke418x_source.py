"""A flat-plate blackbody of the Fluke 4180 kind: how its surface follows its set point."""

import threading
from collections import deque
from math import exp, pi, sin

import numpy as np

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

# First-order lag, noise and stability window as the protocol page asks of the simulator.
_TAU_S = 90.0
_NOISE_C = 0.02
_STABLE_OVER_S = 60.0
_SUBSTEP_S = 1.0
# A jump of scene time needs no more: after an hour nothing of the past is left.
_LONGEST_S = 3600.0
# Swings of a controller that hunts (chosen, no source).
_SWING_C, _SWING_PERIOD_S = 0.8, 40.0


class Fluke418xDevice:
    """The source; its output is off after power-up and its plate then drifts to the room.

    Args:
        clock: scene time.
        faults: its switches.
        room_c: the room's temperature, °C.
        seed: for the noise of its own sensor.
        set_point_c: what its last user left.
        settled_at_c: since long at this set point, its output on; None for just powered up, °C.
    """

    model = "4180"
    serial_number = "SIMULATED418X"

    def __init__(
        self,
        clock: SceneClock,
        faults: Faults,
        *,
        room_c: float = 22.0,
        seed: int = 1,
        set_point_c: float = 35.0,
        settled_at_c: float | None = None,
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._room_c = room_c
        self._rng = np.random.default_rng(seed)
        self._lock = threading.RLock()
        self._at_s = clock.now_s()
        self._plate_c = room_c
        self._track: deque[tuple[float, float]] = deque()
        self._set_point_c = set_point_c
        self._is_heating = False
        if settled_at_c is not None:
            self._set_point_c = self._plate_c = settled_at_c
            self._is_heating = True
            self._track.append((self._at_s - _STABLE_OVER_S, settled_at_c))
        self.emissivity = 0.95
        """The emissivity that its apparent temperature is told for."""
        self.stable_within_c = 0.1
        """Stability limit, °C."""

    @property
    def set_point_c(self) -> float:
        """What it is set to, °C."""
        return self._set_point_c

    @set_point_c.setter
    def set_point_c(self, value: float) -> None:
        with self._lock:
            self._advance()
            self._set_point_c = value

    @property
    def is_heating(self) -> bool:
        """Whether its output is on."""
        return self._is_heating and not self.is_tripped

    @is_heating.setter
    def is_heating(self, value: bool) -> None:
        with self._lock:
            self._advance()
            self._is_heating = value

    @property
    def is_tripped(self) -> bool:
        """Whether its cut-out has tripped."""
        return self._faults.has(Fault.CUT_OUT)

    def surface_c(self) -> float:
        """Return what a radiation thermometer set to its emissivity would read now, °C."""
        with self._lock:
            self._advance()
            swing = _SWING_C * sin(2 * pi * self._at_s / _SWING_PERIOD_S)
            return self._plate_c + (swing if self._faults.has(Fault.UNSETTLED) else 0.0)

    def sensor_c(self) -> float:
        """Return what its own sensor tells, °C."""
        with self._lock:
            return self.surface_c() + float(self._rng.normal(0, _NOISE_C))

    def stability_c(self) -> float:
        """Return by how much the surface has changed over the last minute, °C."""
        with self._lock:
            self._advance()
            if self._faults.has(Fault.UNSETTLED):
                return 2 * _SWING_C
            if not self._track or self._at_s - self._track[0][0] < _STABLE_OVER_S:
                return 99.0
            temperatures = [c for _, c in self._track]
            return max(temperatures) - min(temperatures)

    def is_stable(self) -> bool:
        """Return whether it has kept to its set point for a minute."""
        with self._lock:
            near = abs(self.surface_c() - self._set_point_c) <= self.stable_within_c
            return self.is_heating and near and self.stability_c() <= self.stable_within_c

    def _advance(self) -> None:
        now_s = self._clock.now_s()
        self._at_s = max(self._at_s, now_s - _LONGEST_S)
        while self._at_s < now_s:
            step_s = min(_SUBSTEP_S, now_s - self._at_s)
            target_c = self._set_point_c if self.is_heating else self._room_c
            self._plate_c = target_c + (self._plate_c - target_c) * exp(-step_s / _TAU_S)
            self._at_s += step_s
            self._track.append((self._at_s, self._plate_c))
        while len(self._track) > 1 and self._at_s - self._track[1][0] >= _STABLE_OVER_S:
            self._track.popleft()
