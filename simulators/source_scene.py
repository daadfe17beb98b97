"""A technician's bench with two sources in the camera's view, in radiance.

What is modelled: grey surfaces that mirror the room (Planck, 8 to 14 µm), the lens' blur, fixed
pattern and temporal noise, and a camera whose error is stray radiance of its housing, which drifts,
and a gain. Assumed without a source: blur 0.6 px, gain error 0.5 %, fixed pattern 30 mK (20 to 50
suggested), mounts 2 °C above the room. Left out: the air between, and the halo of far stray light.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

_SHAPE = (288, 384)
# Centers (row, column) as fractions, radii as fractions of the picture's width.
_REFERENCE_AT, _REFERENCE_RADIUS = (0.18, 0.90), 0.028
_SWEPT_AT, _SWEPT_RADIUS = (0.55, 0.45), 0.06
_REFERENCE_EMISSIVITY = 0.98
_REFERENCE_C = 37.0
_MOUNT_ABOVE_ROOM_C = 2.0
_BLUR_PX = 0.6
_NETD_C, _FIXED_PATTERN_C = 0.04, 0.03
_OFFSET_C = 0.6
# The error swings by ±1 °C: at most 1 °C an hour, and for ever bounded.
_SWING_C, _SWING_S = 1.0, 3600.0
_GAIN = 1.005

_TABLE_C = np.arange(-40.0, 121.0, 0.05)


def _band_radiance() -> NDArray[np.float64]:
    """Planck's law between 8 and 14 µm at the table's temperatures, W m^-2 sr^-1."""
    h, c, k = 6.62607015e-34, 299792458.0, 1.380649e-23
    wavelength_m = np.linspace(8e-6, 14e-6, 301)
    kelvin = _TABLE_C[:, None] + 273.15
    spectral = 2 * h * c**2 / wavelength_m**5
    spectral = spectral / np.expm1(h * c / (wavelength_m * k * kelvin))
    return np.asarray(np.trapezoid(spectral, wavelength_m, axis=1))


_TABLE = _band_radiance()


def _radiance(temperature_c: float) -> float:
    return float(np.interp(temperature_c, _TABLE_C, _TABLE))


class SourceScene:
    """A reference source at 37 °C and a swept source, no people.

    Args:
        swept: gives (apparent temperature in °C, the emissivity it holds for) of the swept source.
        room_c: what both sources reflect, °C.
        seed: for everything random.
    """

    def __init__(
        self, swept: Callable[[], tuple[float, float]], *, room_c: float = 22.0, seed: int = 1
    ) -> None:
        self._swept = swept
        self._room = _radiance(room_c)
        self._seed = seed
        rng = np.random.default_rng(seed)
        self._wall = self._paint_wall(room_c)
        self._pattern = rng.normal(0, _FIXED_PATTERN_C, _SHAPE).astype(np.float32)
        self._reference_disc = _disc(_REFERENCE_AT, _REFERENCE_RADIUS)
        self._swept_disc = _disc(_SWEPT_AT, _SWEPT_RADIUS)

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        picture = self._wall.copy()
        discs = [(self._swept_disc, *self._swept())]
        if not is_source_covered:
            discs.append((self._reference_disc, _REFERENCE_C, _REFERENCE_EMISSIVITY))
        for disc, true_c, emissivity in discs:
            leaving = emissivity * _radiance(true_c) + (1 - emissivity) * self._room
            picture += disc * (leaving - picture)
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), _BLUR_PX))
        error_c = _OFFSET_C + _SWING_C * np.sin(t_s / _SWING_S)
        picture = picture * _GAIN + _radiance(_REFERENCE_C + error_c) - _radiance(_REFERENCE_C)
        shown_c = np.asarray(np.interp(picture, _TABLE, _TABLE_C), dtype=np.float32)
        # One noise field a millisecond of scene time: deterministic, and never repeated.
        rng = np.random.default_rng([self._seed, int(t_s * 1000)])
        shown_c += self._pattern
        shown_c += np.float32(_NETD_C) * rng.standard_normal(_SHAPE, dtype=np.float32)
        return shown_c

    @staticmethod
    def _paint_wall(room_c: float) -> NDArray[np.float64]:
        rows, columns = np.mgrid[0 : _SHAPE[0], 0 : _SHAPE[1]]
        wall_c = room_c + 0.8 * (0.5 - rows / _SHAPE[0]) + 0.3 * columns / _SHAPE[1]
        for at, radius in ((_REFERENCE_AT, _REFERENCE_RADIUS), (_SWEPT_AT, _SWEPT_RADIUS)):
            row, column = at[0] * _SHAPE[0], at[1] * _SHAPE[1]
            half_px = 2.0 * radius * _SHAPE[1]
            mount = (abs(rows - row) < half_px) & (abs(columns - column) < half_px)
            wall_c[mount] = room_c + _MOUNT_ABOVE_ROOM_C
        return np.asarray(np.interp(wall_c, _TABLE_C, _TABLE))


def _disc(at: tuple[float, float], radius: float) -> NDArray[np.float64]:
    """Return which share of each pixel a disc covers."""
    rows, columns = np.ogrid[: _SHAPE[0], : _SHAPE[1]]
    away_px = np.hypot(rows - at[0] * _SHAPE[0], columns - at[1] * _SHAPE[1])
    return np.asarray(np.clip(radius * _SHAPE[1] - away_px + 0.5, 0, 1))
