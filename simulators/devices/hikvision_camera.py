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
        return picture
