"""What a skin reading may be wrong by, part by part."""

from dataclasses import dataclass
from math import erf, exp, hypot, pi, sqrt

from station.core.faces import FaceRegion

FACE_WIDTH_MM = 140.0
"""Cheek to cheek of an adult (bizygomatic breadth).

Source: Zhuang and Bradtmiller 2005, NIOSH respirator survey: men 143.5, women 135.1 mm; children's
faces are up to a quarter narrower, so that their millimetres a pixel come out too large: on the
safe side.
"""

COVERAGE_FACTOR = 2.0
"""Expanded uncertainty is this many standard uncertainties (about 95 %)."""

# The warm core of the canthus is 5 to 8 mm wide; lens and pixel blur it as a Gaussian of 0.6 to
# 1.0 px does: assumed, not measured. It is 1.1 ± 0.25 °C warmer than the skin around it: so a
# circle of 13 px, if they are 0.9 mm each, averages 0.7 °C below its maximum.
# Source: Wang et al. 2023, PhysioNet: 0.63 to 0.87 °C by eye and camera.
_CORE_MM = (5.0, 8.0)
_CORE_CONTRAST_C, _CORE_CONTRAST_U_C = 1.1, 0.25
# The forehead's hottest 3x3 px lie so far below the hotter canthus, mean and standard deviation.
# Source: the same volunteers: 1.00 ± 0.51 and 1.18 ± 0.63 °C on two cameras.
_FOREHEAD_BELOW_C = (1.1, 0.55)
_POINT_SPREAD_PX = 0.8
# A pixel that follows what moves smears it exponentially along the way. Averaged over both
# directions that blurs like a Gaussian of this share of its variance (cores and pixels as above,
# up to 2 mm, to 0.02 °C; the largest value also moves, which spares some of the loss).
_SMEAR_SHARE = 0.35
_FWHM = 2.3548
# A rectangular distribution between the two sizes.
_RECTANGLE = 2 * sqrt(3)


@dataclass(frozen=True, slots=True)
class Budget:
    """Standard uncertainties (k=1) of one reading, °C."""

    reference_c: float
    """Set point of the reference source, and how well its temperature was seen."""
    noise_c: float
    """Noise of the pixels read."""
    size_of_source_c: float
    """How much the lens and the pixels blur the site."""
    site_c: float
    """Whether the spot read is the site."""
    ambient_c: float
    """What the skin reflects, and its emissivity."""

    @property
    def combined_c(self) -> float:
        """Combined standard uncertainty, °C."""
        return hypot(
            self.reference_c, self.noise_c, self.size_of_source_c, self.site_c, self.ambient_c
        )


def mm_per_px(face: FaceRegion) -> float:
    """Return how many millimetres of an adult's face one pixel covers."""
    return FACE_WIDTH_MM / face.box.width


def size_of_source(
    scale_mm_per_px: float, patch_px: int, smear_mm: float = 0.0
) -> tuple[float, float]:
    """Return by how much a square patch on the canthus reads low, and its standard uncertainty.

    Both in °C. The model is linear in temperature: it adds the same to a high and a low reading.

    Args:
        scale_mm_per_px: millimetres of face a pixel covers.
        patch_px: side of the patch that is averaged.
        smear_mm: how far the face moves while a pixel follows it.
    """
    blur_px = sqrt(_POINT_SPREAD_PX**2 + patch_px**2 / 12)
    blur_mm = hypot(blur_px * scale_mm_per_px, sqrt(_SMEAR_SHARE) * smear_mm)
    small, large = (_lost(core_mm, blur_mm) for core_mm in _CORE_MM)
    lost, lost_u = (small + large) / 2, (small - large) / _RECTANGLE
    return _CORE_CONTRAST_C * lost, hypot(_CORE_CONTRAST_C * lost_u, _CORE_CONTRAST_U_C * lost)


def face_maximum_loss(scale_mm_per_px: float, patch_px: int) -> tuple[float, float]:
    """Return how far the hottest patch of a coarse face reads below the canthus, and its u, °C.

    The patch lies on the blurred canthus or on the forehead, whichever is hotter: the smaller of a
    known and a normally distributed deficit, which has this mean and this standard deviation. How
    well the known one is known counts as often as it is the smaller.

    Args:
        scale_mm_per_px: millimetres of face a pixel covers.
        patch_px: side of the patch that is averaged.
    """
    loss_c, u_c = size_of_source(scale_mm_per_px, patch_px)
    below_c, spread_c = _FOREHEAD_BELOW_C
    z = (loss_c - below_c) / spread_c
    density, share = exp(-z * z / 2) / sqrt(2 * pi), (1 + erf(z / sqrt(2))) / 2
    saved = density + z * share
    variance = (1 + z * z) * share + z * density - saved * saved
    return loss_c - spread_c * saved, hypot(spread_c * sqrt(variance), u_c * (1 - share))


def _lost(core_mm: float, blur_mm: float) -> float:
    """Share of its peak that a round warm core loses, between a disc and a Gaussian that wide."""
    disc = exp(-((core_mm / 2) ** 2) / (2 * blur_mm**2))
    spread_mm = core_mm / _FWHM
    gaussian = blur_mm**2 / (spread_mm**2 + blur_mm**2)
    return (disc + gaussian) / 2
