"""A Heimann HTPA module: an array of thermopiles and a controller that works out temperatures."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import ThermalCameraDevice
from simulators.faults import Fault, Faults

# The sensor is warmer than the room when it has run for a while (both numbers chosen).
_WARMER_C, _WARM_UP_S = 6.0, 180.0
# What the raw digits look like (chosen; real ones differ from module to module).
_DIGITS, _DIGITS_PER_C = 33_000.0, 12.0
_ELECTRICAL_OFFSET, _SUPPLY, _PTAT = 32_700, 35_300, 31_200


@dataclass(frozen=True, slots=True)
class ArrayType:
    """One size of array."""

    number: int
    """Its type number, which it tells when called."""
    modtype: str
    """The module type that it tells."""
    rows: int
    """Rows of pixels."""
    columns: int
    """Columns of pixels."""
    offset_words: int
    """Electrical offsets that follow the pixels."""
    last_words: int
    """Supply voltage, ambient temperature and PTATs at the end."""
    words_a_datagram: int
    """Words that fit into one datagram."""
    is_numbered: bool
    """Whether each datagram begins with its number."""


ARRAY_TYPES = {
    "8x8": ArrayType(0, "005", 8, 8, 64, 3, 131, False),
    "16x16": ArrayType(1, "006", 16, 16, 128, 6, 390, False),
    "32x32d": ArrayType(10, "010", 32, 32, 256, 10, 646, False),
    "60x40d": ArrayType(14, "014", 40, 60, 480, 14, 579, True),
    "84x60d": ArrayType(13, "013", 60, 84, 720, 16, 642, True),
    "80x64d": ArrayType(11, "011", 64, 80, 1280, 10, 641, True),
    "120x84d": ArrayType(12, "012", 84, 120, 1680, 14, 700, True),
    "120x84dR2": ArrayType(16, "016", 84, 120, 1680, 16, 700, True),
    "160x120d": ArrayType(15, "015", 120, 160, 1600, 28, 700, True),
}
"""The sizes. Source: UDP protocol document Rev. 1 and firmware; of the last one only the total is
sure, and module types other than 005 and 011 are made up."""


class HtpaModuleDevice:
    """The module.

    Args:
        array: its size.
        camera: what its sensor sees.
        clock: scene time.
        faults: its switches.
        room_c: air around it, °C.
        seed: for its own noise.
    """

    def __init__(
        self,
        array: ArrayType,
        camera: ThermalCameraDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        room_c: float = 22.0,
        seed: int = 1,
    ) -> None:
        self.array = array
        self.camera = camera
        self.emissivity_pct = 100
        self._clock = clock
        self._faults = faults
        self._room_c = room_c
        self._rng = np.random.default_rng(seed)
        self._started_s = clock.now_s()
        self._stuck_c: float | None = None

    def ambient_c(self) -> float:
        """Return the sensor's own temperature, °C: it warms up from the room's."""
        on_s = self._clock.now_s() - self._started_s
        now_c = self._room_c + _WARMER_C * (1 - float(np.exp(-on_s / _WARM_UP_S)))
        if not self._faults.has(Fault.STUCK):
            self._stuck_c = None
            return now_c
        if self._stuck_c is None:
            self._stuck_c = now_c
        return self._stuck_c

    def restart(self) -> None:
        """Begin to warm up again, as after a break of the power."""
        self._started_s = self._clock.now_s()

    def words(self, *, is_voltage: bool) -> NDArray[np.uint16]:
        """Return the words of the newest frame: pixels, offsets, supply, ambient, PTATs."""
        array, picture = self.array, self.camera.picture().temperature_c
        if is_voltage:
            pixels = _DIGITS + _DIGITS_PER_C * (picture - self.ambient_c())
        else:
            pixels = np.round((picture + 273.15) * 10)
        pixels = np.clip(pixels, 0, 65_535).astype(np.uint16).ravel()
        if self._faults.has(Fault.DEAD_PIXELS):
            pixels[:: pixels.size // 4] = 0
        ambient = round((self.ambient_c() + 273.15) * 10)
        last = [_SUPPLY, ambient, *[_PTAT] * (array.last_words - 2)]
        offsets = np.full(array.offset_words, _ELECTRICAL_OFFSET) + self._offset_noise()
        return np.concatenate([pixels, offsets, last]).astype(np.uint16)

    def _offset_noise(self) -> NDArray[np.int64]:
        # A camera that repeats its frame repeats all of it.
        size = self.array.offset_words
        is_frozen = self._faults.has(Fault.FROZEN_FRAME)
        return np.zeros(size, np.int64) if is_frozen else self._rng.integers(-3, 4, size)
