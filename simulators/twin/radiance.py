"""Band radiance of black bodies, 8 to 14 µm, and back.

Planck's law summed as a series instead of integrated: this shares nothing with the station's own
table, so that one misreading cannot hide in both. Units do not matter to the twin; these are
W m^-2 sr^-1.

Source: the series of the fractional black-body function, any textbook of radiation heat transfer;
constants of the 2019 SI.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_SHORTEST_UM, _LONGEST_UM = 8.0, 14.0
_C2_UM_K = 14387.76877
_STEFAN_BOLTZMANN = 5.670374419e-8
_ZERO_C_K = 273.15
# exp(-n x) with x above 2 in any scene: after 24 terms nothing is left of float64.
_TERMS = 24
_LOWEST_C, _HIGHEST_C, _STEP_C = -70.0, 250.0, 0.02
# OpenCV interpolates tables of up to 32,767 entries.
_ENTRIES = 32_000


def band_radiance(temperature_c: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the exact band radiance of black bodies at these temperatures, °C."""
    kelvin = np.asarray(temperature_c, dtype=np.float64) + _ZERO_C_K
    share = _share_below(_LONGEST_UM, kelvin) - _share_below(_SHORTEST_UM, kelvin)
    result: NDArray[np.float64] = _STEFAN_BOLTZMANN / np.pi * kelvin**4 * share
    return result


def _share_below(wavelength_um: float, kelvin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return which share of a black body's radiance lies below a wavelength."""
    x = _C2_UM_K / (wavelength_um * kelvin)
    total = np.zeros_like(x)
    for n in range(1, _TERMS + 1):
        total += np.exp(-n * x) / n * (x**3 + 3 * x**2 / n + 6 * x / n**2 + 6 / n**3)
    return 15 / np.pi**4 * total


_TABLE_C = np.arange(_LOWEST_C, _HIGHEST_C + _STEP_C / 2, _STEP_C)
_TABLE = band_radiance(_TABLE_C)
_STEP = (_TABLE[-1] - _TABLE[0]) / (_ENTRIES - 1)
_APPARENT = np.interp(_TABLE[0] + _STEP * np.arange(_ENTRIES), _TABLE, _TABLE_C).astype(np.float32)[
    None, :
]


def to_radiance(temperature_c: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return band radiances by table, float32."""
    return np.interp(temperature_c, _TABLE_C, _TABLE).astype(np.float32)


def radiance_of(temperature_c: float) -> float:
    """Return the band radiance of one temperature."""
    return float(np.interp(temperature_c, _TABLE_C, _TABLE))


def slope_at(temperature_c: float) -> float:
    """Return by how much the band radiance grows with one °C more."""
    return radiance_of(temperature_c + 0.5) - radiance_of(temperature_c - 0.5)


def to_apparent(radiance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the black body's temperature of each band radiance, °C, good to 1 mK."""
    place = (radiance - np.float32(_TABLE[0])) * np.float32(1 / _STEP)
    np.clip(place, 0, _ENTRIES - 1, out=place)
    apparent = cv2.remap(_APPARENT, place, np.zeros_like(place), cv2.INTER_LINEAR)
    return np.asarray(apparent, dtype=np.float32)
