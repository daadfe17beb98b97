"""One person's picture in radiance, at any size, turned to any side."""

from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.twin.canvas import Layer
from simulators.twin.painting import View, paint_body, paint_head
from simulators.twin.people import Traveller
from simulators.twin.radiance import radiance_of, to_radiance

# A head turns as a cylinder of this radius carries its face around.
HEAD_RADIUS_MM = 80.0
_FRONT_DEG, _BACK_DEG = 55.0, 130.0
_YAW_STEP_DEG = 2.0
_BREATH_LEVELS = 3
_LEVELS = 4
_KEPT_HEADS = 24


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A layer in radiance, ready to be drawn: each level is half as large as the one before."""

    levels: tuple[tuple[NDArray[np.float32], NDArray[np.float32]], ...]
    """Radiance times coverage, and coverage."""
    center: tuple[float, float]
    """(row, column) of the face's middle at the first level, texels."""
    mm_per_texel: float
    """Size of a texel at the first level, mm."""

    @staticmethod
    def of(layer: Layer, mirrored: float) -> "Sprite":
        """Make a sprite.

        Args:
            layer: what was painted.
            mirrored: band radiance of what the surfaces mirror.
        """
        radiance = _light(layer, mirrored)
        return Sprite.build(radiance, layer.alpha, layer.center, layer.mm_per_texel)

    @staticmethod
    def build(
        radiance: NDArray[np.float32],
        alpha: NDArray[np.float32],
        center: tuple[float, float],
        mm_per_texel: float,
    ) -> "Sprite":
        """Make a sprite of a picture in radiance and its coverage."""
        levels = [((radiance * alpha).astype(np.float32), alpha)]
        while len(levels) < _LEVELS:
            weighted, covered = levels[-1]
            levels.append((_halved(weighted), _halved(covered)))
        return Sprite(tuple(levels), center, mm_per_texel)


class Figure:
    """A person's sprites; painted when first needed and kept.

    Args:
        traveller: who.
        room_c: temperature of the room, °C.
        mirrored_c: temperature of what surfaces mirror, °C.
        seed: for everything random.
    """

    def __init__(self, traveller: Traveller, room_c: float, mirrored_c: float, seed: int) -> None:
        self._traveller = traveller
        self._room_c = room_c
        self._mirrored = radiance_of(mirrored_c)
        self._seed = seed
        self._body: Sprite | None = None
        self._layers: dict[tuple[View, int], tuple[NDArray[np.float32], Layer]] = {}
        self._heads: OrderedDict[tuple[int, int], Sprite] = OrderedDict()

    def body(self) -> Sprite:
        """Return shoulders and clothes."""
        if self._body is None:
            layer = paint_body(self._traveller, self._room_c, self._seed)
            self._body = Sprite.of(layer, self._mirrored)
        return self._body

    def head(self, yaw_deg: float, breath: float, breath_c: float) -> Sprite:
        """Return the head.

        Args:
            yaw_deg: how far it is turned to the picture's right.
            breath: where in breathing, -1 (in) to 1 (out).
            breath_c: how much a mask warms by it, °C.
        """
        step = round(yaw_deg / _YAW_STEP_DEG)
        level = round(breath * _BREATH_LEVELS / 2) if self._traveller.mask else 0
        key = (step, level)
        if key in self._heads:
            self._heads.move_to_end(key)
            return self._heads[key]
        sprite = self._paint(step * _YAW_STEP_DEG, level, breath_c * 2 * level / _BREATH_LEVELS)
        self._heads[key] = sprite
        if len(self._heads) > _KEPT_HEADS:
            self._heads.popitem(last=False)
        return sprite

    def _paint(self, yaw_deg: float, level: int, breath_c: float) -> Sprite:
        turned = abs(yaw_deg)
        view = (
            View.FRONT if turned <= _FRONT_DEG
            else View.PROFILE if turned <= _BACK_DEG
            else View.BACK
        )  # fmt: skip
        if (view, level) not in self._layers:
            layer = paint_head(self._traveller, view, self._room_c, breath_c, self._seed)
            self._layers[view, level] = _light(layer, self._mirrored), layer
        radiance, layer = self._layers[view, level]
        alpha = layer.alpha
        if view is View.FRONT and yaw_deg:
            radiance = _turned(_extended(radiance, layer), layer, yaw_deg)
        if view is View.PROFILE and yaw_deg < 0:
            radiance, alpha = radiance[:, ::-1].copy(), alpha[:, ::-1].copy()
        return Sprite.build(radiance, alpha, layer.center, layer.mm_per_texel)


def on_turned_head(u_mm: float, yaw_deg: float) -> tuple[float, bool]:
    """Return where a point `u_mm` beside the nose lies on a turned head, and if it is seen."""
    angle = np.arcsin(u_mm / HEAD_RADIUS_MM) + np.radians(yaw_deg)
    return HEAD_RADIUS_MM * float(np.sin(angle)), bool(abs(angle) < np.radians(75.0))


def stepped_yaw(yaw_deg: float) -> float:
    """Return the yaw that is drawn for this one."""
    return round(yaw_deg / _YAW_STEP_DEG) * _YAW_STEP_DEG


def _light(layer: Layer, mirrored: float) -> NDArray[np.float32]:
    """Return what leaves the surfaces: their own light, and what they mirror."""
    own = to_radiance(layer.temperature_c) - np.float32(mirrored)
    light: NDArray[np.float32] = (layer.emissivity * own + np.float32(mirrored)).astype(np.float32)
    return light


def _turned(radiance: NDArray[np.float32], layer: Layer, yaw_deg: float) -> NDArray[np.float32]:
    """Carry a frontal face around the head's axis."""
    columns = radiance.shape[1]
    u = (np.arange(columns) - layer.center[1]) * layer.mm_per_texel
    inside = np.abs(u) < HEAD_RADIUS_MM
    angle = np.arcsin(np.clip(u / HEAD_RADIUS_MM, -1, 1)) - np.radians(yaw_deg)
    from_u = HEAD_RADIUS_MM * np.sin(np.clip(angle, -np.pi / 2, np.pi / 2))
    source = np.where(inside, from_u, u) / layer.mm_per_texel + layer.center[1]
    source = np.clip(source, 0, columns - 1.001)
    left = source.astype(int)
    share = (source - left).astype(np.float32)
    result: NDArray[np.float32] = (
        radiance[:, left] * (1 - share) + radiance[:, left + 1] * share
    ).astype(np.float32)
    return result


def _extended(radiance: NDArray[np.float32], layer: Layer) -> NDArray[np.float32]:
    """Carry each row's outermost painted texels outwards: they turn into view."""
    columns = np.arange(radiance.shape[1])
    middle = round(layer.center[1])
    painted = layer.alpha > 0
    right = np.maximum.accumulate(np.where(painted & (columns >= middle), columns, middle), axis=1)
    mirrored = np.where(painted & (columns <= middle), columns, middle)[:, ::-1]
    left = np.minimum.accumulate(mirrored, axis=1)[:, ::-1]
    nearest = np.where(columns >= middle, right, left)
    return np.take_along_axis(radiance, nearest, axis=1)


def _halved(layer: NDArray[np.float32]) -> NDArray[np.float32]:
    size = (layer.shape[1] // 2, layer.shape[0] // 2)
    return np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), dtype=np.float32)
