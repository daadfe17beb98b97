"""An Omega OS530E handheld: its settings, and what it makes of what its sensor sees.

Assumed without a source: the statistics run from switching on or their reset; the thermocouple's
socket is as warm as the case; distance and alarms stay as in the maker's example.
"""

from dataclasses import dataclass

from simulators.devices.point_sensor import PointSensorDevice
from simulators.faults import Fault, Faults


@dataclass(frozen=True, slots=True)
class Seen:
    """One measurement, in whole degrees of the unit that is set."""

    now: int
    """What is before it."""
    most: int
    """The warmest since the statistics were reset."""
    least: int
    """The coldest since then."""
    mean: int
    """The mean since then."""
    thermocouple: int
    """What its thermocouple's socket tells."""


class OmegaOs530eDevice:
    """The handheld.

    Args:
        sensor: what it is held to.
        faults: its switches.
    """

    def __init__(self, sensor: PointSensorDevice, faults: Faults) -> None:
        self._sensor = sensor
        self._faults = faults
        self._is_set_to_fahrenheit = True
        self._most_c, self._least_c, self._sum_c, self._count = -1e9, 1e9, 0.0, 0
        self.settings = {"E": 95, "HAL": 900, "LAL": 20, "AMB": 125, "PRN": 5}
        """Emissivity in hundredths, alarms and target ambient in degrees, interval in seconds."""

    @property
    def is_fahrenheit(self) -> bool:
        """The unit; somebody at its keys overrules the wire."""
        return self._is_set_to_fahrenheit or self._faults.has(Fault.FAHRENHEIT)

    def set_unit(self, *, is_fahrenheit: bool) -> None:
        """Set the unit over the wire."""
        self._is_set_to_fahrenheit = is_fahrenheit

    def reset(self) -> None:
        """Begin the statistics anew."""
        self._most_c, self._least_c, self._sum_c, self._count = -1e9, 1e9, 0.0, 0

    def measure(self) -> Seen:
        """Measure once."""
        now_c, own_c = self._sensor.measure()
        self._most_c, self._least_c = max(self._most_c, now_c), min(self._least_c, now_c)
        self._sum_c += now_c
        self._count += 1
        mean_c = self._sum_c / self._count
        return Seen(*map(self._shown, (now_c, self._most_c, self._least_c, mean_c, own_c)))

    def _shown(self, value_c: float) -> int:
        return round(value_c * 1.8 + 32 if self.is_fahrenheit else value_c)
