"""The air between a face and the camera, and the lens."""

from dataclasses import dataclass
from math import exp, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.twin.assumptions import HALO_WIDTHS

# Attenuation of humid air for long-wave cameras, as FLIR's own formula has it.
# Source: Thermimage (Tattersall), raw2temp and its ImageJ macros: ATA1, ATA2, ATB1, ATB2, ATX.
_ALPHA, _BETA, _SHARE = (0.006569, 0.012620), (-0.002276, -0.006670), 1.9
_VAPOUR = (1.5587, 0.06939, -0.00027816, 0.00000068455)
# The halo is so wide that an eighth of the resolution carries it.
_HALO_REDUCTION = 8
_LEAST_HALO_PX = 0.3


@dataclass(frozen=True, slots=True)
class Room:
    """The air and the walls of the checkpoint, as they truly are."""

    air_c: float = 22.0
    """Temperature of the air, °C."""
    walls_c: float | None = None
    """Temperature of what faces mirror, °C; None if the same as the air's."""
    humidity_pct: float = 45.0
    """Relative humidity, %."""
    outdoor_c: float = 20.0
    """Where people come from, °C."""

    @property
    def mirrored_c(self) -> float:
        """Temperature of what surfaces mirror, °C."""
        return self.air_c if self.walls_c is None else self.walls_c

    def transmittance(self, distance_m: float) -> float:
        """Return which share of the radiance the air lets through, 0 to 1."""
        powers = enumerate(_VAPOUR)
        water = self.humidity_pct / 100 * exp(sum(c * self.air_c**i for i, c in powers))
        # The source's formula counts two halves of the way, before and behind a window.
        half = sqrt(max(distance_m, 0.0) / 2)
        near, far = (exp(-half * (a + b * sqrt(water))) for a, b in zip(_ALPHA, _BETA, strict=True))
        return min((_SHARE * near + (1 - _SHARE) * far) ** 2, 1.0)


@dataclass(frozen=True, slots=True)
class Optics:
    """Lens and mounting."""

    focal_widths: float = 3.04
    """Focal length in picture widths: 3.04 shows a face at 5 m 35 px wide on 384 columns."""
    horizon: float = 0.46
    """Row of the horizon as a fraction of the picture's height."""
    above_faces_m: float = 0.02
    """How much higher than the usual face the camera hangs."""
    point_spread_px: float = 0.7
    """Standard deviation of the lens' core blur."""
    halo_share: float = 0.02
    """Share of the light that the lens scatters far around."""

    def blurred(self, radiance: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what the lens makes of a picture: its core blur and its wide halo."""
        core = cv2.GaussianBlur(radiance, (0, 0), self.point_spread_px)
        halo_px = HALO_WIDTHS * radiance.shape[1] / _HALO_REDUCTION
        if self.halo_share <= 0 or halo_px < _LEAST_HALO_PX:
            return np.asarray(core, dtype=np.float32)
        columns, rows = (max(n // _HALO_REDUCTION, 2) for n in radiance.shape[::-1])
        small = cv2.resize(core, (columns, rows), interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), halo_px)
        wide = cv2.resize(small, radiance.shape[::-1], interpolation=cv2.INTER_LINEAR)
        share = self.halo_share
        return np.asarray(cv2.addWeighted(core, 1 - share, wide, share, 0.0), dtype=np.float32)
