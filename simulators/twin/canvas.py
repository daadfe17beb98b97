"""A picture of one part of a person, in millimetres around the face's middle."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Surfaces with their temperature and emissivity."""

    temperature_c: NDArray[np.float32]
    """°C, shape (rows, columns)."""
    emissivity: NDArray[np.float32]
    """0 to 1, same shape."""
    alpha: NDArray[np.float32]
    """Coverage, 0 to 1, same shape."""
    center: tuple[float, float]
    """(row, column) of the face's middle, texels."""
    mm_per_texel: float
    """Size of a texel, mm."""


class Canvas:
    """Paints in face coordinates: v down and u right from the face's middle, mm.

    Args:
        width_mm: of the whole canvas; the face's middle is in the middle.
        top_mm: how far it reaches above the face's middle.
        bottom_mm: how far below.
        mm_per_texel: the resolution.
    """

    def __init__(
        self, *, width_mm: float, top_mm: float, bottom_mm: float, mm_per_texel: float
    ) -> None:
        shape = round((top_mm + bottom_mm) / mm_per_texel), round(width_mm / mm_per_texel)
        self._step = mm_per_texel
        self._top, self._left = top_mm, width_mm / 2
        self._v = np.arange(shape[0], dtype=np.float32)[:, None] * mm_per_texel - top_mm
        self._u = np.arange(shape[1], dtype=np.float32)[None, :] * mm_per_texel - width_mm / 2
        self._temperature_c = np.full(shape, 24.0, dtype=np.float32)
        self._emissivity = np.ones(shape, dtype=np.float32)
        self._alpha = np.zeros(shape, dtype=np.float32)

    def layer(self) -> Layer:
        """Return what was painted."""
        return Layer(
            self._temperature_c, self._emissivity, self._alpha, self.texel(0, 0), self._step
        )

    def texel(self, v: float, u: float) -> tuple[float, float]:
        """Return (row, column) of a point."""
        return (v + self._top) / self._step, (u + self._left) / self._step

    def at(self, v: float, u: float) -> float:
        """Return the temperature of a point, °C."""
        row, column = self.texel(v, u)
        return float(self._temperature_c[round(row), round(column)])

    def oval(
        self,
        v: float,
        u: float,
        half_height: float,
        half_width: float,
        value_c: float,
        *,
        emissivity: float,
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
            emissivity: of the surface.
            soft: width of the edge, mm.
            taper: how much narrower the lower end is (0.2: a jaw).
            rim_c: how much warmer the rim is than the middle (skin seen at a slant is cooler).
        """
        part, dv, du = self._window(v, u, half_height + soft, half_width * (1 + taper) + soft)
        down = dv / half_height
        across = du / (half_width * (1 - taper * down))
        radius = np.sqrt(down * down + across * across)
        mask = np.clip((1 - radius) * (min(half_height, half_width) / soft) + 0.5, 0, 1)
        value = (value_c + rim_c * np.minimum(radius, 1) ** 6).astype(np.float32)
        self._lay(part, mask, value, emissivity)

    def block(
        self, top: float, bottom: float, half_width: float, value_c: float, *,
        emissivity: float, u: float = 0.0, soft: float = 12.0,
    ) -> None:  # fmt: skip
        """Cover an upright box around `u`, from `top` to `bottom` mm."""
        middle, half_height = (top + bottom) / 2, (bottom - top) / 2
        part, dv, du = self._window(middle, u, half_height + soft, half_width + soft)
        inside = np.minimum(half_height - abs(dv), half_width - abs(du))
        mask = np.clip(inside / soft + 0.5, 0, 1)
        self._lay(part, mask, np.float32(value_c), emissivity)

    def wedge(
        self, top: float, bottom: float, half_width: float, value_c: float, *, emissivity: float
    ) -> None:
        """Cover a triangle that points down: an open collar."""
        part, dv, du = self._window((top + bottom) / 2, 0, (bottom - top) / 2, half_width + 6)
        share = 0.5 - dv / (bottom - top)
        inside = (half_width * share - abs(du)) / 6
        mask = np.clip(inside + 0.5, 0, 1).astype(np.float32)
        self._lay(part, mask, np.float32(value_c), emissivity)

    def blob(self, v: float, u: float, sigma_v: float, sigma_u: float, rise_c: float) -> None:
        """Warm or cool a soft spot of what is there."""
        part, dv, du = self._window(v, u, 3.5 * sigma_v, 3.5 * sigma_u)
        bump = np.exp(-0.5 * (dv / sigma_v) ** 2) * np.exp(-0.5 * (du / sigma_u) ** 2)
        self._temperature_c[part] += np.float32(rise_c) * bump

    def core(self, v: float, u: float, width: float, value_c: float) -> None:
        """Raise a small round spot to a temperature: between a disc and a Gaussian in shape.

        Args:
            v: center, mm below the face's.
            u: center, mm right of the face's.
            width: full width at half height, mm.
            value_c: temperature of the middle, °C.
        """
        part, dv, du = self._window(v, u, 2 * width, 2 * width)
        # exp(-ln 2 (r / half)^3): flatter than a Gaussian, softer than a disc.
        ratio = np.hypot(dv, du) / np.float32(width / 2)
        bump = np.exp2(-(ratio**3)).astype(np.float32)
        below = self._temperature_c[part]
        self._temperature_c[part] = below + bump * np.maximum(np.float32(value_c) - below, 0)

    def cut(self, top: float, bottom: float, half_width: float, highest_c: float) -> None:
        """Let nothing in a box in the middle be warmer than `highest_c`."""
        part, _, _ = self._window((top + bottom) / 2, 0, (bottom - top) / 2, half_width)
        np.minimum(self._temperature_c[part], np.float32(highest_c), out=self._temperature_c[part])

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
        value_c: NDArray[np.float32] | np.float32,
        emissivity: float,
    ) -> None:
        # Where nothing was, the edge shows what covers it and not an empty canvas.
        share = np.where(self._alpha[part] > 0, mask, np.float32(mask > 0))
        for layer, value in ((self._temperature_c, value_c), (self._emissivity, emissivity)):
            below = layer[part]
            layer[part] = below + share * (value - below)
        np.maximum(self._alpha[part], mask, out=self._alpha[part])
