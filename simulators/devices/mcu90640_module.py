"""A GY-MCU90640 module: an MLX90640 sensor behind a microcontroller with stored settings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.faults import Fault, Faults

ROWS, COLUMNS = 24, 32
"""Its pixels."""
BAUDS = {1: 9600, 2: 115_200, 3: 460_800}
"""Bits a second by their number in the command."""
RATES_HZ = {0: 0.5, 1: 1.0, 2: 2.0, 3: 4.0, 4: 8.0}
"""Frames a second by their number in the command."""
# Its die is about 8 °C warmer than the room when it is warm; how long that takes is chosen.
_WARMER_C, _WARM_UP_S = 8.0, 120.0
_CHESS_BOARD = np.indices((ROWS, COLUMNS)).sum(axis=0) % 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What it keeps without power."""

    baud: int = 115_200
    """Bits a second."""
    rate_hz: float = 4.0
    """Frames a second."""
    emissivity_pct: int = 95
    """Emissivity, hundredths; what it does to the picture is not simulated."""
    is_automatic: bool = True
    """Whether it sends by itself."""


class Mcu90640Device:
    """The module.

    Args:
        camera: what its sensor sees.
        clock: scene time.
        faults: its switches.
        room_c: air around it, °C.
        settings: what it was set to before.
        is_torn: whether its two chess-board halves are measured one after the other, as they are.
    """

    def __init__(
        self,
        camera: ThermalCameraDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        room_c: float = 22.0,
        settings: Settings | None = None,
        is_torn: bool = True,
    ) -> None:
        self.camera = camera
        self.stored = settings or Settings()
        self.running = self.stored
        """What it goes by now; speed and rate change at the next power-up."""
        self._clock = clock
        self._faults = faults
        self._room_c = room_c
        self._is_torn = is_torn
        self._half = 0
        self._before: NDArray[np.float32] | None = None
        self._started_s = clock.now_s()

    def power_cycle(self) -> None:
        """Switch it off and on: stored settings hold, and it begins to warm up."""
        self.running = self.stored
        self._started_s = self._clock.now_s()

    def sensor_c(self) -> float:
        """Return the temperature of its die, °C."""
        on_s = self._clock.now_s() - self._started_s
        return self._room_c + _WARMER_C * (1 - float(np.exp(-on_s / _WARM_UP_S)))

    def measure(self) -> NDArray[np.float32]:
        """Return the newest picture, °C, upright; half of it may be one frame old."""
        now = self.camera.picture().temperature_c
        shown, before = now, self._before
        if self._is_torn and before is not None and not self._faults.has(Fault.FROZEN_FRAME):
            self._half = 1 - self._half
            shown = np.where(_CHESS_BOARD == self._half, now, before)
        self._before = now
        if self._faults.has(Fault.DEAD_PIXELS):
            shown = shown.copy()
            shown.ravel()[:: shown.size // 3] = 0.0
        return shown
