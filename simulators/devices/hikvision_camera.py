"""A thermal camera of the Hikvision kind: what it sees right now."""

import threading
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.faults import Fault, Faults

# Real sensors renew their picture at a fixed rate; requests in between see the same one.
_SENSOR_PERIOD_S = 1 / 25
# How firmware that normalises bends °C: 35 to 40 is squeezed to 36.7 to 37.45 around 37, and the
# readings rejoin the truth outside. Source of the kind of bend: Healy et al. 2021, J Biomed Opt
# 26(4) 043009 (readings of 35 to 40 °C pulled to about 37); these numbers are chosen.
_BENT_FROM_C = (-100.0, 32.0, 35.0, 40.0, 43.0, 600.0)
_BENT_TO_C = (-100.0, 32.0, 36.7, 37.45, 43.0, 600.0)


class View(Protocol):
    """What a camera looks at."""

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return apparent temperatures at a scene time, °C, float32."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class MatrixPicture:
    """One picture inside the camera."""

    temperature_c: NDArray[np.float32]
    """°C, float32, shape (rows, columns)."""
    is_frozen: bool
    """Whether the camera would mark it as frozen."""


class HikvisionCameraDevice:
    """The camera; any number of connections may ask it for pictures."""

    def __init__(self, view: View, clock: SceneClock, faults: Faults, *, seed: int = 1) -> None:
        self._view = view
        self._clock = clock
        self._faults = faults
        self._rng = np.random.default_rng(seed)
        self._lock = threading.Lock()
        self._taken_s = float("-inf")
        self._picture: NDArray[np.float32] | None = None

    def picture(self) -> MatrixPicture:
        """Return what the sensor last saw."""
        with self._lock:
            now_s = self._clock.now_s()
            is_due = not 0 <= now_s - self._taken_s < _SENSOR_PERIOD_S
            if self._picture is None or (is_due and not self._faults.has(Fault.FROZEN_FRAME)):
                self._picture = self._expose(now_s)
                self._taken_s = now_s
            return MatrixPicture(self._picture, self._faults.has(Fault.FREEZE_FLAG))

    def _expose(self, now_s: float) -> NDArray[np.float32]:
        picture = self._view.render(now_s, is_source_covered=self._faults.has(Fault.SOURCE_COVERED))
        if self._faults.has(Fault.NOISY):
            picture += self._rng.normal(0, 0.4, picture.shape).astype(np.float32)
        if self._faults.has(Fault.OFFSET_STEP):
            picture += np.float32(0.3)
        if self._faults.has(Fault.NOT_A_NUMBER):
            picture[0] = np.nan
        if self._faults.has(Fault.NORMALISE):
            picture = np.interp(picture, _BENT_FROM_C, _BENT_TO_C).astype(np.float32)
        return picture
