"""Band radiance of warm surfaces, 8 to 14 µm: corrections add in radiance, not in °C.

Source: Planck's law with the constants of the 2019 SI; the integral over the band is tabulated
every 0.1 °C, where linear interpolation is good to 1e-4 °C.
"""

from bisect import bisect
from dataclasses import dataclass, field

import numpy as np

_BAND_UM = (8.0, 14.0)
_STEPS = 241
_FIRST_C, _PER_C, _ENTRIES = -60.0, 10, 2201
_KELVIN = 273.15
# First and second radiation constants: 2 h c^2 in W um^4 m^-2 sr^-1, and h c / k in um K.
_C1 = 1.191042972e8
_C2 = 14387.76877


def _integrate() -> list[float]:
    wavelength = np.linspace(*_BAND_UM, _STEPS)
    kelvin = (_FIRST_C + np.arange(_ENTRIES) / _PER_C + _KELVIN)[:, None]
    spectral = _C1 / wavelength**5 / np.expm1(_C2 / (wavelength * kelvin))
    integrals = np.asarray(np.trapezoid(spectral, wavelength, axis=1))
    return [float(value) for value in integrals]


# A list: single values are read from it ten times faster than numpy interpolates them.
_TABLE = _integrate()


def radiance(temperature_c: float) -> float:
    """Return a black body's band radiance, W m^-2 sr^-1; outside -60 to 160 °C that of the end."""
    place = min(max((temperature_c - _FIRST_C) * _PER_C, 0.0), _ENTRIES - 1.0)
    index = min(int(place), _ENTRIES - 2)
    low = _TABLE[index]
    return low + (place - index) * (_TABLE[index + 1] - low)


def temperature_c(band_radiance: float) -> float:
    """Return the temperature of a black body with this band radiance, °C, -60 to 160."""
    index = min(max(bisect(_TABLE, band_radiance) - 1, 0), _ENTRIES - 2)
    low, high = _TABLE[index], _TABLE[index + 1]
    share = min(max((band_radiance - low) / (high - low), 0.0), 1.0)
    return _FIRST_C + (index + share) / _PER_C


@dataclass(frozen=True, slots=True)
class Surface:
    """An opaque grey surface that mirrors its surroundings.

    Raises:
        ValueError: if the emissivity is not above 0 and at most 1.
    """

    emissivity: float
    """Share of the black body's radiance that it emits; the rest is reflected."""
    surroundings_c: float
    """Temperature of what it reflects, °C."""
    reflected: float = field(init=False, repr=False)
    """Band radiance that it reflects, W m^-2 sr^-1."""

    def __post_init__(self) -> None:
        if not 0 < self.emissivity <= 1:
            raise ValueError(f"emissivity must be above 0 and at most 1, not {self.emissivity}")
        reflected = (1 - self.emissivity) * radiance(self.surroundings_c)
        object.__setattr__(self, "reflected", reflected)

    def seen(self, true_c: float) -> float:
        """Return the band radiance that leaves the surface at a true temperature, °C."""
        return self.emissivity * radiance(true_c) + self.reflected

    def true_c(self, seen: float) -> float:
        """Return the true temperature, °C, of the surface with this band radiance."""
        return temperature_c((seen - self.reflected) / self.emissivity)
