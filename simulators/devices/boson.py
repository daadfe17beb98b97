"""A FLIR Boson: its sensor, its settings, and what it does with them.

Source: FLIR Boson datasheet 102-2013-40 and SDK for Python. How counts depend on temperature is
chosen: an uncooled sensor gives some ten counts a kelvin about a level of its own.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import Picture, Shutter, ThermalCameraDevice
from simulators.faults import Fault, Faults

_COUNTS_AT_25_C, _COUNTS_PER_K = 22_000, 60
_ZERO_CELSIUS_K = 273.15


@dataclass(slots=True)
class BosonSettings:
    """What the host can set; a restart brings these values back."""

    ir16_mode: int = 0
    """What 16-bit video means: 0 counts, 1 counts of 14 bits, 2 TLinear."""
    is_tlinear: bool = False
    """Whether the conversion to kelvin is on."""
    has_telemetry: bool = False
    """Whether telemetry rows come with the picture."""
    is_telemetry_below: bool = False
    """Whether they come below it."""
    ffc_mode: int = 1
    """Shutter correction: 0 manual, 1 automatic, 2 external."""
    gain_mode: int = 0
    """0 high, 1 low, 2 automatic."""
    ffc_threshold_c10: int = 20
    """Change of the sensor that asks for a correction, tenths of a °C."""
    ffc_every_frames: int = 18_000
    """Frames from one correction to the next."""
    is_frozen: bool = False
    """Whether the host has stopped the picture."""
    stored: dict[int, bytes] = field(default_factory=dict)
    """Settings that are kept and do nothing here, by the function that sets them."""


class BosonDevice:
    """The camera.

    Args:
        camera: its sensor and shutter.
        clock: scene time.
        faults: its switches.
        rate_hz: its sensor's pictures a second.
        serial_number: what it tells as its number.
        part_number: what it tells as its part.
        is_radiometric: whether it can tell temperatures.
        boot_s: for how long it is not ready after a restart, s of scene time.
    """

    def __init__(
        self,
        camera: ThermalCameraDevice,
        clock: SceneClock,
        faults: Faults,
        *,
        rate_hz: float,
        serial_number: int = 143_502,
        part_number: str = "SIMULATED-BOSON-R",
        is_radiometric: bool = True,
        boot_s: float = 3.0,
    ) -> None:
        self._camera = camera
        self._clock = clock
        self._faults = faults
        self._rate_hz = rate_hz
        self.serial_number = serial_number
        self.part_number = part_number
        self.is_radiometric = is_radiometric
        self._boot_s = boot_s
        self.settings = BosonSettings()
        self._begun_s = clock.now_s()
        self._ready_s = self._begun_s
        self._frozen: NDArray[np.float32] | None = None

    def restart(self) -> None:
        """Power it off and on: its settings are lost, and it needs a while."""
        self.settings = BosonSettings()
        self._begun_s = self._clock.now_s()
        self._ready_s = self._begun_s + self._boot_s

    def picture(self) -> Picture:
        """Return what the sensor last saw."""
        return self._camera.picture()

    def correct(self) -> None:
        """Run a shutter correction now."""
        self._camera.correct()

    @property
    def is_ready(self) -> bool:
        """Whether it has started."""
        return self._clock.now_s() >= self._ready_s

    @property
    def shutter(self) -> Shutter:
        """Where the shutter correction stands."""
        return self._camera.picture().shutter

    @property
    def last_ffc_frame(self) -> int:
        """The number of the frame at which the last correction ended, 0 before the first."""
        corrected_s = self._camera.picture().corrected_s
        return 0 if corrected_s is None else round((corrected_s - self._begun_s) * self._rate_hz)

    @property
    def fpa_c10(self) -> int:
        """The sensor's own temperature, tenths of a °C: it warms up by 5 °C in ten minutes."""
        on_s = self._clock.now_s() - self._begun_s
        return round(314 - 50 * float(np.exp(-on_s / 600))) if on_s else 314

    @property
    def sends_temperatures(self) -> bool:
        """Whether a pixel is a temperature now."""
        is_set = self.settings.ir16_mode == 2 and self.settings.is_tlinear
        return is_set and self.is_radiometric and not self._faults.has(Fault.NOT_RADIOMETRIC)

    def pixels(self, picture: Picture) -> NDArray[np.uint16]:
        """Return a picture's pixels as the settings want them: counts, or centikelvin."""
        if not self.settings.is_frozen:
            self._frozen = None
        elif self._frozen is None:
            self._frozen = picture.temperature_c
        shown_c = picture.temperature_c if self._frozen is None else self._frozen
        values = _COUNTS_AT_25_C + _COUNTS_PER_K * (shown_c.astype(np.float64) - 25)
        if self.sends_temperatures:
            values = (shown_c.astype(np.float64) + _ZERO_CELSIUS_K) * 100
        elif self.settings.ir16_mode == 1:
            values = values / 4
        return np.clip(np.round(values), 0, 0xFFFF).astype(np.uint16)
