"""The microbolometer: what it adds to the radiance that falls on it, and when it looks away."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from simulators.twin.assumptions import FLICKER_PERIODS_S, SHUTTER_LEFTOVER_C, SHUTTER_S
from simulators.twin.radiance import radiance_of, slope_at

# Errors are told in °C at this temperature; in radiance they are the same all over the picture.
_NOMINAL_C = 30.0
_PATTERN, _NOISE, _FLICKER, _LEFTOVER = range(4)


@dataclass(frozen=True, slots=True)
class Shutter:
    """One shutter correction."""

    at_s: float
    """Scene time at which it begins."""
    is_told: bool = True
    """Whether the camera marks its frames."""
    step_c: float | None = None
    """How the common error changes, °C; None draws it."""
    lasts_s: float = SHUTTER_S
    """How long the picture stands still."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """The errors of one camera."""

    netd_c: float = 0.04
    """Standard deviation of one pixel's noise at 30 °C, °C."""
    offset_c: float = 0.6
    """Common error at the start, °C."""
    drift_c_per_h: float = 1.0
    """How the common error grows, °C an hour."""
    flicker_c: float = 0.0
    """Amplitude of its slow wandering, °C."""
    fixed_pattern_c: float = 0.0
    """Standard deviation of the pattern that stands between two shutter corrections, °C."""
    gain_error: float = 0.0
    """Relative error of the gain around 30 °C."""
    lag_s: float = 0.01
    """Time constant of a pixel, s."""
    shutters: tuple[Shutter, ...] = ()
    """Shutter corrections, the earliest first."""

    def seen_s(self, t_s: float) -> float:
        """Return the scene time that the picture at `t_s` shows: it stands still in a shutter."""
        for shutter in self.shutters:
            if shutter.at_s <= t_s < shutter.at_s + shutter.lasts_s:
                return shutter.at_s
        return t_s

    def told_shutter(self, t_s: float) -> tuple[bool, float | None]:
        """Return whether a told correction runs, and the seconds since the last told one ended."""
        age_s = None
        for shutter in self.shutters:
            end_s = shutter.at_s + shutter.lasts_s
            if shutter.is_told and shutter.at_s <= t_s < end_s:
                return True, 0.0
            if shutter.is_told and end_s <= t_s:
                age_s = t_s - end_s
        return False, age_s

    def common_error_c(self, t_s: float, seed: int) -> float:
        """Return the error that all pixels share at a scene time, °C at 30 °C."""
        phases = np.random.default_rng([seed, _FLICKER]).uniform(0, 2 * np.pi, 4)
        waves = np.sin(2 * np.pi * t_s / np.array(FLICKER_PERIODS_S) + phases)
        past = [shutter for shutter in self.shutters if shutter.at_s + shutter.lasts_s <= t_s]
        leftovers = np.random.default_rng([seed, _LEFTOVER]).normal(
            0, SHUTTER_LEFTOVER_C, max(len(self.shutters), 1)
        )
        steps = sum(
            float(leftovers[i]) if s.step_c is None else s.step_c for i, s in enumerate(past)
        )
        drift_c = self.drift_c_per_h * t_s / 3600
        return self.offset_c + drift_c + self.flicker_c * float(waves.sum()) / 2 + steps

    def read(self, radiance: NDArray[np.float32], t_s: float, seed: int) -> NDArray[np.float32]:
        """Return what the pixels give for this radiance, changed in place."""
        slope = slope_at(_NOMINAL_C)
        if self.gain_error:
            radiance *= np.float32(1 + self.gain_error)
            radiance -= np.float32(self.gain_error * radiance_of(_NOMINAL_C))
        # One noise field a tenth of a millisecond of scene time: deterministic, never repeated.
        rng = np.random.default_rng([seed, _NOISE, int(t_s * 10_000 + 0.5)])
        noise = rng.standard_normal(radiance.shape, dtype=np.float32)
        noise *= np.float32(self.netd_c * slope)
        radiance += noise
        if self.fixed_pattern_c:
            count = sum(shutter.at_s + shutter.lasts_s <= t_s for shutter in self.shutters)
            shape = radiance.shape[0], radiance.shape[1]
            radiance += _pattern(shape, seed, count) * np.float32(slope * self.fixed_pattern_c)
        radiance += np.float32(self.common_error_c(t_s, seed) * slope)
        return radiance


@lru_cache(maxsize=2)
def _pattern(shape: tuple[int, int], seed: int, count: int) -> NDArray[np.float32]:
    """Return the fixed pattern after so many shutter corrections: pixels and columns, SD 1."""
    rng = np.random.default_rng([seed, _PATTERN, count])
    pattern = rng.standard_normal(shape, dtype=np.float32) * np.float32(0.8)
    pattern += rng.standard_normal(shape[1], dtype=np.float32) * np.float32(0.6)
    return pattern
