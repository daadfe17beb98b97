"""What a FLIR Lepton 3.5 on a PureThermal board sends: Y16 pictures with a telemetry footer.

Source: FLIR Lepton Engineering Datasheet 500-0659-00-09 rev 203, telemetry tables; the PureThermal
firmware puts telemetry rows A and B on line 120 and row C on line 121, in little-endian words.
"""

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import Picture, Shutter, ThermalCameraDevice
from simulators.faults import Fault, Faults
from simulators.payloads import PayloadDialect

SHAPE = (120, 160)
"""Rows and columns of the sensor."""
SENSOR_HZ, USB_HZ = 8.7, 9.0
"""Pictures a second of the sensor, and payloads a second on USB: now and then one repeats."""

_TELEMETRY_WORDS = 2 * 160
_ZERO_C_IN_K = 273.15
# The camera was switched on so long before the scene, and corrected itself soon after.
_ON_FOR_MS, _FIRST_CORRECTION_MS = 60_000, 2_000
# The sensor counts at 26 Hz inside; export versions pass on every third picture.
_COUNTS_A_PICTURE = 3
# Counts with TLinear off: about 8000 at a room's temperature; both numbers chosen.
_COUNTS_AT_0_C, _COUNTS_A_DEGREE = 7400.0, 30.0
_STATES = {
    Shutter.NEVER: 3,
    Shutter.IMMINENT: 1,
    Shutter.CLOSED: 2,
    Shutter.DONE: 3,
}
_OVERHEATED_BIT = 20
_SERIAL_NUMBER = (0x8003, 0x000B, 0x5113, 0x3238, 0x3233, 0x3938, 0, 0)
_SOFTWARE = (0x0203, 0x0006, 0x0000, 0x0000)


class LeptonPayloads(PayloadDialect):
    """The camera's side of its USB cable.

    Args:
        device: its sensor.
        clock: scene time.
        faults: its switches.
        has_telemetry: whether the firmware has the footer switched on.
        is_fine: whether a count is 0.01 K; else 0.1 K.
    """

    def __init__(
        self,
        device: ThermalCameraDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        has_telemetry: bool = True,
        is_fine: bool = True,
    ) -> None:
        self._device = device
        self._clock = clock
        self._faults = faults
        self._has_telemetry = has_telemetry
        self._is_fine = is_fine
        self._rng = np.random.default_rng(1)

    def due(self, after_s: float | None) -> tuple[float, bytes] | None:
        """See `PayloadDialect.due`; USB keeps its own pace."""
        # The sensor goes on by itself, whether its picture is fetched or not.
        picture = self._device.picture()
        now_s = self._clock.now_s()
        tick_s = int(now_s * USB_HZ) / USB_HZ
        return None if tick_s == after_s else (tick_s, self.encode(picture, now_s))

    def encode(self, picture: Picture, now_s: float) -> bytes:
        """Return a picture as the board sends it at a scene time."""
        payload = self._pixels(picture).tobytes()
        if self._has_telemetry:
            payload += self._telemetry(picture, now_s).tobytes()
        return payload

    def _pixels(self, picture: Picture) -> NDArray[np.uint16]:
        temperature_c = picture.temperature_c.astype(np.float64)
        if self._faults.has(Fault.NOT_RADIOMETRIC):
            counts = temperature_c * _COUNTS_A_DEGREE + _COUNTS_AT_0_C
        else:
            counts = (temperature_c + _ZERO_C_IN_K) * (100 if self._is_fine else 10)
        return np.rint(counts).clip(0, 65535).astype("<u2")

    def _telemetry(self, picture: Picture, now_s: float) -> NDArray[np.uint16]:
        words = np.zeros(_TELEMETRY_WORDS, dtype="<u2")
        skew_ms = int(self._rng.integers(1 << 31)) if self._faults.has(Fault.CLOCK) else 0
        corrected_ms = _FIRST_CORRECTION_MS
        if picture.corrected_s is not None:
            corrected_ms = _ON_FOR_MS + round(picture.corrected_s * 1000)
        status = _STATES[picture.shutter] << 4
        if self._faults.has(Fault.OVERHEATED):
            status |= 1 << _OVERHEATED_BIT
        is_linear = not self._faults.has(Fault.NOT_RADIOMETRIC)
        words[0] = 14
        _put_long(words, 1, _ON_FOR_MS + round(now_s * 1000) + skew_ms)
        _put_long(words, 3, status)
        words[5:13] = _SERIAL_NUMBER
        words[13:17] = _SOFTWARE
        _put_long(words, 20, picture.number * _COUNTS_A_PICTURE)
        words[22] = round(float(self._pixels(picture).mean()))
        words[24] = words[26] = words[29] = 30_500
        _put_long(words, 30, corrected_ms)
        words[74] = 3
        words[99] = 8192
        words[208], words[209] = is_linear, self._is_fine
        return words


def _put_long(words: NDArray[np.uint16], at: int, value: int) -> None:
    """Put 32 bits in, low word first."""
    words[at], words[at + 1] = value & 0xFFFF, value >> 16 & 0xFFFF
