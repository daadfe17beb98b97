"""Band radiance of warm surfaces, 8 to 14 µm: corrections add in radiance, not in °C.

Source: Planck's law with the constants of the 2019 SI; the integral over the band is tabulated
every 0.1 °C, where linear interpolation is good to 1e-4 °C.
"""

from dataclasses import dataclass

import numpy as np

_BAND_UM = (8.0, 14.0)
_STEPS = 241
_TABLE_C = np.arange(-60.0, 160.01, 0.1)
_KELVIN = 273.15
# First and second radiation constants: 2 h c^2 in W um^4 m^-2 sr^-1, and h c / k in um K.
_C1 = 1.191042972e8
_C2 = 14387.76877


def _integrate() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    wavelength = np.linspace(*_BAND_UM, _STEPS)
    kelvin = (_TABLE_C + _KELVIN)[:, None]
    spectral = _C1 / wavelength**5 / np.expm1(_C2 / (wavelength * kelvin))
    return np.asarray(np.trapezoid(spectral, wavelength, axis=1))


_TABLE = _integrate()


def radiance(temperature_c: float) -> float:
    """Return a black body's band radiance, W m^-2 sr^-1, for -60 to 160 °C."""
    return float(np.interp(temperature_c, _TABLE_C, _TABLE))


def temperature_c(band_radiance: float) -> float:
    """Return the temperature of a black body with this band radiance, °C."""
    return float(np.interp(band_radiance, _TABLE, _TABLE_C))


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

    def __post_init__(self) -> None:
        if not 0 < self.emissivity <= 1:
            raise ValueError(f"emissivity must be above 0 and at most 1, not {self.emissivity}")

    def seen(self, true_c: float) -> float:
        """Return the band radiance that leaves the surface at a true temperature, °C."""
        reflected = (1 - self.emissivity) * radiance(self.surroundings_c)
        return self.emissivity * radiance(true_c) + reflected

    def true_c(self, seen: float) -> float:
        """Return the true temperature, °C, of the surface with this band radiance."""
        reflected = (1 - self.emissivity) * radiance(self.surroundings_c)
        return temperature_c((seen - reflected) / self.emissivity)
