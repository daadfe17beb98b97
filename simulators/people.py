"""Simulated people: what a face looks like in the thermal infrared, as a texture in °C.

Assumptions without a source (chosen, to be fitted to recordings): head and shoulder sizes, edge
softness, clothing and hair temperatures. The differences between canthus, forehead, cheek and nose
are those seen on real recordings (median forehead -0.9, cheek -1.3, nose -2.0 °C).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MM_PER_TEXEL = 2.0
"""Size of a texel, mm."""
FACE_WIDTH_MM = 150.0
"""Cheek to cheek without ears."""
FACE_HEIGHT_MM = 200.0
"""Hairline to chin."""

_WIDTH_MM, _HEIGHT_MM = 640.0, 1400.0
# The face's center lies this far below the texture's top.
_CENTER_MM = 230.0
_CANTHUS_HALF_DISTANCE_MM = 17.0
_CANTHUS_ABOVE_CENTER_MM = 18.0


@dataclass(frozen=True, slots=True)
class Traveller:
    """One simulated person."""

    name: str
    """What the simulator calls it; never leaves the simulator's truth."""
    core_c: float
    """Core temperature, °C."""
    enters_at_s: float
    """Scene time at which the person appears at the far end."""
    speed_m_s: float = 0.9
    """Walking speed."""
    canthus_below_core_c: float = 1.25
    """Inner canthus skin is the core temperature minus this, °C."""
    glasses: bool = False
    """Whether opaque lenses cover both canthi."""
    turned_away: bool = False
    """Whether the face is turned to the side all the way."""
    lane_offset: float = 0.0
    """Sideways place, -1 (left) to 1 (right)."""

    @property
    def canthus_c(self) -> float:
        """Skin temperature of the inner canthi, °C."""
        return self.core_c - self.canthus_below_core_c


@dataclass(frozen=True, slots=True, eq=False)
class Texture:
    """A person from head to hip, seen from the front."""

    temperature_c: NDArray[np.float32]
    """Skin, hair and clothes, °C, shape (rows, columns)."""
    alpha: NDArray[np.float32]
    """Coverage, 0 to 1, same shape."""
    face_center: tuple[float, float]
    """(row, column) of the face's center, texels."""
    canthi: tuple[tuple[float, float], tuple[float, float]] | None
    """(row, column) of the image-left and image-right inner canthus; None when turned away."""


def paint(traveller: Traveller, seed: int) -> Texture:
    """Paint one person; the same traveller and seed give the same texture."""
    rng = np.random.default_rng([seed, *traveller.name.encode()])
    rows = np.arange(int(_HEIGHT_MM / MM_PER_TEXEL), dtype=np.float32)[:, None]
    columns = np.arange(int(_WIDTH_MM / MM_PER_TEXEL), dtype=np.float32)[None, :]
    v = rows * MM_PER_TEXEL - _CENTER_MM
    u = columns * MM_PER_TEXEL - _WIDTH_MM / 2
    canvas = _Canvas(v, u)
    yaw = float(rng.choice((-1.0, 1.0))) if traveller.turned_away else rng.uniform(-0.2, 0.2)
    _paint_body(canvas, rng, traveller.canthus_c)
    _paint_head(canvas, rng, traveller.canthus_c, yaw)
    if traveller.turned_away:
        _paint_profile(canvas, traveller.canthus_c, yaw)
        return Texture(canvas.temperature_c, canvas.alpha, canvas.texel(0, 0), None)
    canthi = _paint_features(canvas, rng, traveller.canthus_c, yaw)
    if traveller.glasses:
        _paint_glasses(canvas, rng, yaw)
    return Texture(canvas.temperature_c, canvas.alpha, canvas.texel(0, 0), canthi)


class _Canvas:
    """A picture in face coordinates: v down and u right from the face's center, mm."""

    def __init__(self, v: NDArray[np.float32], u: NDArray[np.float32]) -> None:
        self.v, self.u = v, u
        shape = np.broadcast_shapes(v.shape, u.shape)
        self.temperature_c = np.full(shape, 24.0, dtype=np.float32)
        self.alpha = np.zeros(shape, dtype=np.float32)

    def texel(self, v: float, u: float) -> tuple[float, float]:
        return (v + _CENTER_MM) / MM_PER_TEXEL, (u + _WIDTH_MM / 2) / MM_PER_TEXEL

    def ellipse(
        self, v: float, u: float, half_height: float, half_width: float, soft: float
    ) -> NDArray[np.float32]:
        """Return a mask, 1 inside and 0 outside, with an edge `soft` mm wide."""
        radius = np.sqrt(((self.v - v) / half_height) ** 2 + ((self.u - u) / half_width) ** 2)
        return np.clip((1 - radius) * min(half_height, half_width) / soft + 0.5, 0, 1)

    def lay(self, mask: NDArray[np.float32], value_c: float) -> None:
        """Cover what is there with something opaque."""
        self.temperature_c += mask * (np.float32(value_c) - self.temperature_c)
        np.maximum(self.alpha, mask, out=self.alpha)

    def blob(self, v: float, u: float, sigma_v: float, sigma_u: float, rise_c: float) -> None:
        """Warm or cool a soft spot of what is there."""
        squares = ((self.v - v) / sigma_v) ** 2 + ((self.u - u) / sigma_u) ** 2
        self.temperature_c += np.float32(rise_c) * np.exp(-0.5 * squares)


def _paint_body(canvas: _Canvas, rng: np.random.Generator, canthus_c: float) -> None:
    clothes_c = rng.uniform(26, 30)
    canvas.lay(canvas.ellipse(455, 0, 280, 235, 14), clothes_c)
    below = np.clip((canvas.v - 455) / 14, 0, 1) * np.clip((235 - abs(canvas.u)) / 14, 0, 1)
    canvas.lay(np.asarray(below, dtype=np.float32), clothes_c)
    for _ in range(10):
        v, u = rng.uniform(280, 1000), rng.uniform(-200, 200)
        canvas.blob(v, u, rng.uniform(20, 80), rng.uniform(10, 60), rng.uniform(-1.0, 1.2))
    canvas.lay(canvas.ellipse(130, 0, 100, 54, 10), canthus_c - 0.9)
    canvas.lay(canvas.ellipse(290, 0, 95, 130, 16), clothes_c + 0.8)


def _paint_head(canvas: _Canvas, rng: np.random.Generator, canthus_c: float, yaw: float) -> None:
    hair_c = rng.uniform(28, 31.5)
    long_hair = rng.random() < 0.35
    canvas.lay(canvas.ellipse(-22, 0, 122 + 45 * long_hair, 88 + 8 * long_hair, 8), hair_c)
    for side in (-1, 1):
        canvas.lay(canvas.ellipse(8, side * 80, 30, 12, 6), canthus_c - rng.uniform(1.5, 3.5))
    shift = 14 * yaw
    canvas.lay(canvas.ellipse(2, shift, FACE_HEIGHT_MM / 2, FACE_WIDTH_MM / 2, 8), canthus_c - 1.2)


def _paint_features(
    canvas: _Canvas, rng: np.random.Generator, canthus_c: float, yaw: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Paint a face that looks into the camera and return its canthi in texels."""
    shift = 22 * yaw
    canvas.blob(-55, shift, 26, 45, 0.3)
    for side in (-1, 1):
        canvas.blob(45, shift + side * 42, 28, 20, -rng.uniform(0.0, 0.5))
        canvas.blob(-_CANTHUS_ABOVE_CENTER_MM, shift + side * 36, 8, 14, -0.35)
        canvas.blob(-38, shift + side * 34, 5, 18, -0.5)
    canvas.blob(22, shift, 20, 12, -rng.uniform(0.6, 3.0))
    canvas.blob(62, shift, 6, 22, rng.uniform(-0.6, 0.3))
    beard = rng.random() < 0.25
    canvas.blob(78, shift, 24, 42, -rng.uniform(1.0, 2.5) * beard)
    texels = []
    for side in (-1, 1):
        v, u = -_CANTHUS_ABOVE_CENTER_MM, shift + side * _CANTHUS_HALF_DISTANCE_MM
        # A warm core of about 8 mm that reaches the canthus temperature on whatever lies below.
        row, column = (round(x) for x in canvas.texel(v, u))
        canvas.blob(v, u, 9, 8, 0.5)
        rise_c = canthus_c - float(canvas.temperature_c[row, column])
        squares = np.hypot(canvas.v - v, canvas.u - u)
        core = np.clip((8.0 - squares) / 6.0, 0, 1)
        canvas.temperature_c += np.float32(rise_c) * core
        texels.append(canvas.texel(v, u))
    return texels[0], texels[1]


def _paint_glasses(canvas: _Canvas, rng: np.random.Generator, yaw: float) -> None:
    lens_c = rng.uniform(25, 29)
    for side in (-1, 1):
        canvas.lay(canvas.ellipse(-16, 22 * yaw + side * 33, 22, 29, 4), lens_c)
    canvas.lay(canvas.ellipse(-20, 22 * yaw, 4, 14, 3), lens_c)


def _paint_profile(canvas: _Canvas, canthus_c: float, yaw: float) -> None:
    """Turn the head by more than 60 degrees: ear in the middle, hair behind, nose at the rim."""
    canvas.lay(canvas.ellipse(-15, -62 * yaw, 105, 62, 10), 29.5)
    canvas.lay(canvas.ellipse(10, -12 * yaw, 30, 16, 5), canthus_c - 2.2)
    canvas.lay(canvas.ellipse(18, 88 * yaw, 14, 12, 6), canthus_c - 3.0)
    canvas.blob(-18, 62 * yaw, 9, 8, 0.6)
