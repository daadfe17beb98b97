"""Simulated people: what a person looks like in the thermal infrared, as a texture in °C.

Assumptions without a source (chosen to look like development recordings): head and shoulder sizes,
hair styles, clothing and hair temperatures. The differences between canthus, forehead, cheek and
nose are those seen on real recordings (median forehead -0.9, cheek -1.3, nose -2.0 °C). On a face
nothing is warmer than the inner canthus.
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
# Where the collar begins, below the face's center.
_COLLAR_MM = 135.0


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
    """Whether the face is turned to the side by more than 60 degrees."""
    lane_offset: float = 0.0
    """Sideways place, -1 (left) to 1 (right)."""
    from_behind: bool = False
    """Whether only the back of the head shows."""

    @property
    def canthus_c(self) -> float:
        """Skin temperature of the inner canthi, °C."""
        return self.core_c - self.canthus_below_core_c

    @property
    def is_facing(self) -> bool:
        """Whether the face is turned to the camera."""
        return not (self.turned_away or self.from_behind)


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
    canvas = _Canvas()
    canthi = None
    _paint_body(canvas, rng, traveller.canthus_c, is_front=not traveller.from_behind)
    if traveller.from_behind:
        _paint_back(canvas, rng, traveller.canthus_c)
    elif traveller.turned_away:
        _paint_profile(canvas, rng, traveller.canthus_c, side=float(rng.choice((-1.0, 1.0))))
    else:
        yaw = rng.uniform(-0.25, 0.25)
        _paint_head(canvas, rng, traveller.canthus_c, yaw)
        canthi = _paint_features(canvas, rng, traveller.canthus_c, yaw)
        if traveller.glasses:
            _paint_glasses(canvas, rng, yaw)
    return Texture(canvas.temperature_c, canvas.alpha, canvas.texel(0, 0), canthi)


class _Canvas:
    """A picture in face coordinates: v down and u right from the face's center, mm."""

    def __init__(self) -> None:
        shape = int(_HEIGHT_MM / MM_PER_TEXEL), int(_WIDTH_MM / MM_PER_TEXEL)
        self._v = np.arange(shape[0], dtype=np.float32)[:, None] * MM_PER_TEXEL - _CENTER_MM
        self._u = np.arange(shape[1], dtype=np.float32)[None, :] * MM_PER_TEXEL - _WIDTH_MM / 2
        self.temperature_c = np.full(shape, 24.0, dtype=np.float32)
        self.alpha = np.zeros(shape, dtype=np.float32)

    def texel(self, v: float, u: float) -> tuple[float, float]:
        return (v + _CENTER_MM) / MM_PER_TEXEL, (u + _WIDTH_MM / 2) / MM_PER_TEXEL

    def at(self, v: float, u: float) -> float:
        row, column = self.texel(v, u)
        return float(self.temperature_c[round(row), round(column)])

    def oval(
        self,
        v: float,
        u: float,
        half_height: float,
        half_width: float,
        value_c: float,
        *,
        soft: float = 8.0,
        taper: float = 0.0,
        rim_c: float = 0.0,
    ) -> None:
        """Cover an oval with something opaque, its edge `soft` mm wide.

        Args:
            v: center, mm below the face's.
            u: center, mm right of the face's.
            half_height: mm.
            half_width: mm.
            value_c: temperature, °C.
            soft: width of the edge, mm.
            taper: how much narrower the lower end is (0.2: a jaw).
            rim_c: how much warmer the rim is than the middle (skin seen at a slant is cooler).
        """
        part, dv, du = self._window(v, u, half_height + soft, half_width * (1 + taper) + soft)
        down = dv / half_height
        across = du / (half_width * (1 - taper * down))
        radius = np.sqrt(down * down + across * across)
        mask = np.clip((1 - radius) * (min(half_height, half_width) / soft) + 0.5, 0, 1)
        value = np.float32(value_c) + np.float32(rim_c) * np.minimum(radius, 1) ** 6
        self._lay(part, mask, value)

    def block(self, top: float, bottom: float, half_width: float, value_c: float) -> None:
        """Cover a box in the middle, from `top` to `bottom` mm."""
        middle, half_height = (top + bottom) / 2, (bottom - top) / 2
        part, dv, du = self._window(middle, 0, half_height + 10, half_width + 10)
        inside = np.minimum(half_height - abs(dv), half_width - abs(du))
        self._lay(part, np.clip(inside / 12 + 0.5, 0, 1), np.float32(value_c))

    def wedge(self, top: float, bottom: float, half_width: float, value_c: float) -> None:
        """Cover a triangle that points down: an open collar."""
        part, dv, du = self._window((top + bottom) / 2, 0, (bottom - top) / 2, half_width + 6)
        share = 0.5 - dv / (bottom - top)
        self._lay(part, np.clip((half_width * share - abs(du)) / 6 + 0.5, 0, 1), value_c)

    def blob(self, v: float, u: float, sigma_v: float, sigma_u: float, rise_c: float) -> None:
        """Warm or cool a soft spot of what is there."""
        part, dv, du = self._window(v, u, 3.5 * sigma_v, 3.5 * sigma_u)
        bump = np.exp(-0.5 * (dv / sigma_v) ** 2) * np.exp(-0.5 * (du / sigma_u) ** 2)
        self.temperature_c[part] += np.float32(rise_c) * bump

    def core(self, v: float, u: float, radius: float, value_c: float) -> None:
        """Set a small flat spot with a soft rim to a temperature."""
        part, dv, du = self._window(v, u, radius + 4, radius + 4)
        mask = np.clip((radius - np.hypot(dv, du)) / 5 + 0.6, 0, 1)
        below = self.temperature_c[part]
        self.temperature_c[part] = below + mask * (np.float32(value_c) - below)

    def cut(self, top: float, bottom: float, half_width: float, highest_c: float) -> None:
        """Let nothing in a box in the middle be warmer than `highest_c`."""
        part, _, _ = self._window((top + bottom) / 2, 0, (bottom - top) / 2, half_width)
        np.minimum(self.temperature_c[part], np.float32(highest_c), out=self.temperature_c[part])

    def _window(
        self, v: float, u: float, half_height: float, half_width: float
    ) -> tuple[tuple[slice, slice], NDArray[np.float32], NDArray[np.float32]]:
        """Return the slices around a point and the distances down and right from it, mm."""
        top, left = (max(int(x), 0) for x in self.texel(v - half_height, u - half_width))
        bottom, right = (max(int(x) + 2, 0) for x in self.texel(v + half_height, u + half_width))
        rows, columns = slice(top, bottom), slice(left, right)
        return (rows, columns), self._v[rows] - np.float32(v), self._u[:, columns] - np.float32(u)

    def _lay(
        self,
        part: tuple[slice, slice],
        mask: NDArray[np.float32],
        value_c: NDArray[np.float32] | np.float32 | float,
    ) -> None:
        below = self.temperature_c[part]
        # Where nothing was, the edge shows what covers it and not an empty canvas.
        share = np.where(self.alpha[part] > 0, mask, np.float32(mask > 0))
        self.temperature_c[part] = below + share * (value_c - below)
        np.maximum(self.alpha[part], mask, out=self.alpha[part])


def _paint_body(
    canvas: _Canvas, rng: np.random.Generator, canthus_c: float, *, is_front: bool
) -> None:
    """Paint shoulders, clothes with folds, the neck and perhaps an open collar."""
    clothes_c = rng.uniform(26, 30)
    half = rng.uniform(205, 250)
    canvas.oval(415, 0, 275, half, clothes_c, soft=14, rim_c=-0.6)
    canvas.block(410, 1180, half, clothes_c)
    for _ in range(16):
        v, u = rng.uniform(260, 1100), rng.uniform(-200, 200)
        canvas.blob(v, u, rng.uniform(30, 120), rng.uniform(6, 40), rng.uniform(-1.0, 1.2))
    if rng.random() < 0.5:
        jacket_c = clothes_c + rng.uniform(-2.0, 1.0)
        for side in (-1, 1):
            canvas.oval(590, side * 135, 385, 85, jacket_c, soft=10)
    skin_c = canthus_c - rng.uniform(0.6, 1.2)
    canvas.oval(120, 0, 90, rng.uniform(52, 64), skin_c, soft=10, rim_c=-0.8)
    if is_front and rng.random() < 0.6:
        canvas.wedge(_COLLAR_MM, rng.uniform(200, 310), rng.uniform(52, 72), skin_c - 0.2)
    else:
        canvas.oval(_COLLAR_MM + 55, 0, rng.uniform(30, 62), 85, clothes_c + 0.8, soft=10)


def _paint_head(canvas: _Canvas, rng: np.random.Generator, canthus_c: float, yaw: float) -> None:
    """Paint hair, ears and a face without features."""
    hair_c = rng.uniform(28, 31.5)
    style = rng.choice(("short", "long", "bald", "cap"), p=(0.5, 0.25, 0.13, 0.12))
    skin_c = canthus_c - 1.2
    if style == "long":
        for side in (-1, 1):
            canvas.oval(60, side * 68, 150, 34, hair_c, soft=12)
    top_c = skin_c - 0.5 if style == "bald" else hair_c
    canvas.oval(-26, 0, 116 if style != "long" else 126, 90, top_c, soft=8, rim_c=-0.8)
    for side in (-1, 1):
        if style != "long":
            canvas.oval(8, side * 80, 30, 12, canthus_c - rng.uniform(1.5, 3.5), soft=6)
    canvas.oval(
        2, 12 * yaw, FACE_HEIGHT_MM / 2, FACE_WIDTH_MM / 2 - 3, skin_c, taper=0.13, rim_c=-0.9
    )
    if style == "cap":
        canvas.oval(-95, 0, 55, 92, hair_c - rng.uniform(0, 2.5), soft=6)
        canvas.oval(-88, 12 * yaw, 15, 96, hair_c - rng.uniform(0, 2.5), soft=6)
    elif style != "bald" and rng.random() < 0.6:
        fringe = rng.uniform(-24, 24)
        canvas.oval(-100, fringe, rng.uniform(16, 38), rng.uniform(36, 56), hair_c, soft=10)


def _paint_features(
    canvas: _Canvas, rng: np.random.Generator, canthus_c: float, yaw: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Paint a face that looks into the camera and return its canthi in texels."""
    shift = 22 * yaw
    canvas.blob(-50, shift, 22, 42, 0.35)
    nose_c, mouth_c = -rng.uniform(0.5, 2.6), rng.uniform(-0.6, 0.3)
    for side in (-1, 1):
        canvas.blob(-35, 10 * yaw + side * 62, 22, 10, 0.25)
        canvas.blob(42, shift + side * 44, 26, 20, -rng.uniform(0.0, 0.6))
        canvas.blob(-16, shift + side * 36, 7, 13, -rng.uniform(0.3, 0.8))
        canvas.blob(-38, shift + side * 34, 5, 20, -rng.uniform(0.2, 0.9))
        canvas.blob(38, 1.3 * shift + side * 9, 4, 5, -0.6)
    canvas.blob(8, 1.2 * shift, 16, 8, 0.4 * nose_c)
    canvas.blob(26, 1.3 * shift, 12, 13, nose_c)
    canvas.blob(62, 1.1 * shift, 5, 22, mouth_c)
    if rng.random() < 0.25:
        beard_c = -rng.uniform(1.0, 2.5)
        canvas.blob(82, shift, 20, 44, beard_c)
        canvas.blob(52, shift, 6, 26, 0.5 * beard_c)
    texels = []
    for side in (-1, 1):
        v, u = -_CANTHUS_ABOVE_CENTER_MM, shift + side * _CANTHUS_HALF_DISTANCE_MM
        canvas.blob(v, u, 10, 8, canthus_c - 0.4 - canvas.at(v, u))
    canvas.cut(-110, 110, 90, canthus_c - 0.2)
    for side in (-1, 1):
        v, u = -_CANTHUS_ABOVE_CENTER_MM, shift + side * _CANTHUS_HALF_DISTANCE_MM
        canvas.core(v, u, 7.0, canthus_c)
        texels.append(canvas.texel(v, u))
    return texels[0], texels[1]


def _paint_glasses(canvas: _Canvas, rng: np.random.Generator, yaw: float) -> None:
    lens_c = rng.uniform(25, 29)
    height, width = rng.uniform(16, 24), rng.uniform(26, 31)
    for side in (-1, 1):
        canvas.oval(-15, 22 * yaw + side * 33, height, width, lens_c, soft=4)
        canvas.oval(-20, 12 * yaw + side * 70, 3.5, 14, lens_c + 1.5, soft=4)
    canvas.oval(-20, 22 * yaw, 5, 14, lens_c, soft=3)


def _paint_profile(
    canvas: _Canvas, rng: np.random.Generator, canthus_c: float, *, side: float
) -> None:
    """Paint a head turned by more than 60 degrees: hair behind, ear in the middle, nose ahead."""
    hair_c, skin_c = rng.uniform(28, 31.5), canthus_c - 1.2
    canvas.oval(-20, -18 * side, 118, 98, hair_c, soft=8, rim_c=-0.8)
    canvas.oval(12, 30 * side, 96, 52, skin_c, taper=0.1, rim_c=-0.6)
    canvas.oval(60, 6 * side, 48, 62, skin_c - 0.2, soft=10)
    canvas.oval(16, 78 * side, 24, 19, skin_c - rng.uniform(0.5, 2.0), soft=8)
    canvas.oval(62, 66 * side, 16, 14, skin_c - 0.4, soft=6)
    canvas.oval(10, -16 * side, 30, 16, canthus_c - 2.2, soft=5)
    canvas.blob(-34, 66 * side, 5, 12, -0.6)
    canvas.blob(-18, 62 * side, 7, 7, 0.6)
    canvas.cut(-140, 130, 130, canthus_c - 0.3)


def _paint_back(canvas: _Canvas, rng: np.random.Generator, canthus_c: float) -> None:
    """Paint the back of a head: hair, or bare skin, down to the neck, and ears."""
    skin_c = canthus_c - rng.uniform(1.0, 2.0)
    is_bald = rng.random() < 0.35
    head_c = skin_c - rng.uniform(0, 0.6) if is_bald else rng.uniform(27.5, 32.5)
    for side in (-1, 1):
        canvas.oval(8, side * 82, 30, 12, canthus_c - rng.uniform(1.5, 3.5), soft=6)
    canvas.oval(-8, 0, rng.uniform(112, 124), 90, head_c, soft=8, taper=0.12, rim_c=-0.8)
    canvas.blob(85, 0, 22, 46, rng.uniform(0.0, 1.2))
    for _ in range(5):
        v, u = rng.uniform(-90, 70), rng.uniform(-60, 60)
        canvas.blob(v, u, rng.uniform(8, 40), rng.uniform(8, 40), rng.uniform(-0.6, 0.6))
    if not is_bald and rng.random() < 0.3:
        canvas.oval(90, 0, 130, 70, head_c - 0.3, soft=12)
    canvas.cut(-140, 130, 130, canthus_c - 0.3)
