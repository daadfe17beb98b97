"""A FLIR camera on GigE Vision: its nodes, and what they make of a picture.

Source: FLIR's interface document of the Ax5 (T559775) and open programs for the A-series. The
constants of the A-series' radiometric counts are of its usual size; those of the Ax5 are chosen.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulators.devices.thermal_camera import Picture, ThermalCameraDevice
from simulators.faults import Fault, Faults

_ZERO_CELSIUS_K = 273.15
# T = B / ln(R / (S - O) + F), the A-series' own formula, with constants of its usual size.
_R, _B, _F, _O = 1_100_000.0, 1428.0, 1.0, -1500.0


@dataclass(frozen=True, slots=True)
class Family:
    """One family of cameras."""

    model: str
    """What it tells as its model."""
    choices: dict[str, tuple[str, ...]]
    """Nodes with a choice of values; the first is the value after power-up."""


FAMILIES = {
    "a-series": Family(
        "FLIR A700",
        {
            "PixelFormat": ("Mono8", "Mono16"),
            "IRFormat": ("Radiometric", "TemperatureLinear100mK", "TemperatureLinear10mK"),
            "NUCMode": ("Automatic", "Off"),
        },
    ),
    "ax5": Family(
        "FLIR A65",
        {
            "PixelFormat": ("Mono8", "Mono14"),
            "CMOSBitDepth": ("bit8bit", "bit14bit"),
            "TemperatureLinearMode": ("Off", "On"),
            "TemperatureLinearResolution": ("Low", "High"),
            "NUCMode": ("Automatic", "Manual"),
        },
    ),
}
"""The families, by the name that hub files use."""

_LOCKED = ("PixelFormat", "CMOSBitDepth")
# What a reset takes away.
_RADIOMETRIC = ("IRFormat", "TemperatureLinearMode")


class FlirGigeDevice:
    """The camera.

    Args:
        family: a name in `FAMILIES`.
        camera: its sensor and shutter.
        shape: rows and columns.
        faults: its switches.
        serial_number: what it tells as its number.

    Raises:
        ValueError: if there is no such family.
    """

    def __init__(
        self,
        family: str,
        camera: ThermalCameraDevice,
        shape: tuple[int, int],
        faults: Faults,
        *,
        serial_number: str = "SIMULATED-GIGE",
    ) -> None:
        if family not in FAMILIES:
            raise ValueError(
                f"there is no family {family!r}: use one of {', '.join(sorted(FAMILIES))}"
            )
        self._family = FAMILIES[family]
        self._camera = camera
        self._faults = faults
        rows, columns = shape
        self._fixed = {
            "DeviceVendorName": "FLIR Systems AB",
            "DeviceModelName": self._family.model,
            "DeviceSerialNumber": serial_number,
            "Width": str(columns),
            "Height": str(rows),
        }
        self._chosen: dict[str, str] = {}
        self.is_acquiring = False
        self.restart()

    def restart(self) -> None:
        """Power it off and on: every node is as it was at the factory."""
        self._chosen = {node: values[0] for node, values in self._family.choices.items()}
        self.is_acquiring = False

    def picture(self) -> Picture:
        """Return what the sensor last saw."""
        return self._camera.picture()

    def correct(self) -> None:
        """Run a shutter correction now."""
        self._camera.correct()

    def tell(self, node: str) -> str:
        """Return a node's value.

        Raises:
            KeyError: if it has no such node.
        """
        if node in _RADIOMETRIC and node in self._chosen and self._is_reset:
            return self._family.choices[node][0]
        return self._fixed[node] if node in self._fixed else self._chosen[node]

    def take(self, node: str, value: str) -> None:
        """Set a node.

        Raises:
            KeyError: if it has no such node.
            ValueError: if it does not take the value, or not now.
        """
        if node in {"AcquisitionStart", "AcquisitionStop"}:
            self.is_acquiring = node == "AcquisitionStart"
            return
        if node in self._fixed or value not in self._family.choices[node]:
            raise ValueError(f"{node} does not take {value}")
        if node in _LOCKED and self.is_acquiring:
            raise ValueError(f"{node} is locked while pictures are taken")
        self._chosen[node] = value

    @property
    def _is_reset(self) -> bool:
        return self._faults.has(Fault.NOT_RADIOMETRIC)

    def pixels(self, temperature_c: NDArray[np.float32]) -> NDArray[np.uint16]:
        """Return a picture's pixels as the nodes want them."""
        kelvin = temperature_c.astype(np.float64) + _ZERO_CELSIUS_K
        largest = 0xFFFF
        if "IRFormat" in self._chosen:
            match self.tell("IRFormat"):
                case "TemperatureLinear10mK":
                    values = kelvin * 100
                case "TemperatureLinear100mK":
                    values = kelvin * 10
                case _:
                    values = _O + _R / (np.exp(_B / kelvin) - _F)
        else:
            largest = 0x3FFF
            is_high = self.tell("TemperatureLinearResolution") == "High"
            is_linear = self.tell("TemperatureLinearMode") == "On"
            values = kelvin / (0.04 if is_high else 0.4) if is_linear else 20 * kelvin - 2500
        return np.clip(np.round(values), 0, largest).astype(np.uint16)
