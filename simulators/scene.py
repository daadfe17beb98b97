"""A synthetic radiometric scene with known truth: people walk towards a fixed camera.

A first scene: apparent temperatures are surface temperatures plus the camera's offset, drift, blur
and noise. Emissivity, air path and size of source are left to the physical twin.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.people import (
    FACE_HEIGHT_MM,
    FACE_WIDTH_MM,
    MM_PER_TEXEL,
    Texture,
    Traveller,
    paint,
)
from station.core.faces import Box, Canthi

__all__ = [
    "LoopedScene",
    "ReferenceSource",
    "Scene",
    "Traveller",
    "TravellerTruth",
    "demo_travellers",
]

# Pinhole focal length in picture widths: a face at 5 m is 35 px wide on 384 columns.
_FOCAL_WIDTHS = 3.04
_FAR_M, _NEAR_M = 5.0, 1.7
# Beyond the near point people step aside and leave the picture within this many seconds.
_LEAVING_S = 0.9
_BOB_M, _BOB_HZ = 0.012, 1.7
_LANE_HALF_WIDTH_M = 0.35


@dataclass(frozen=True, slots=True)
class ReferenceSource:
    """The blackbody in the picture."""

    set_point_c: float = 37.0
    """Its true surface temperature, °C."""
    center: tuple[float, float] = (0.18, 0.90)
    """(row, column) as fractions of the picture."""
    radius: float = 0.028
    """Radius as a fraction of the picture's width."""
    present: bool = True
    """Whether it is in view."""


@dataclass(frozen=True, slots=True)
class TravellerTruth:
    """What is true of one person in one picture."""

    name: str
    """The traveller's name."""
    box: Box
    """Hairline to chin, cheek to cheek; may reach outside the picture."""
    canthi: Canthi | None
    """Where the inner canthi are; None when turned away."""
    canthus_c: float
    """Skin temperature of the inner canthi, °C."""
    core_c: float
    """Core temperature, °C."""
    distance_m: float
    """Distance to the camera."""
    facing: bool
    """Whether the face is turned to the camera."""


@dataclass(frozen=True, slots=True)
class _Pose:
    row: float
    column: float
    px_per_texel: float
    distance_m: float


class Scene:
    """People, a reference source and a camera. The same arguments give the same pictures.

    Args:
        shape: rows and columns of the picture.
        travellers: who walks by.
        reference: the blackbody in view.
        room_c: room temperature, °C.
        camera_offset_c: the camera's error at the start, °C.
        drift_c_per_h: how the error grows, °C an hour.
        netd_c: standard deviation of one pixel's noise, °C.
        seed: for everything random.
    """

    def __init__(
        self,
        *,
        travellers: Sequence[Traveller],
        shape: tuple[int, int] = (288, 384),
        reference: ReferenceSource | None = None,
        room_c: float = 22.0,
        camera_offset_c: float = 0.6,
        drift_c_per_h: float = 1.0,
        netd_c: float = 0.04,
        seed: int = 1,
    ) -> None:
        self._shape = shape
        self._travellers = tuple(travellers)
        self._reference = reference or ReferenceSource()
        self._camera_offset_c = camera_offset_c
        self._drift_c_per_h = drift_c_per_h
        self._netd_c = netd_c
        self._seed = seed
        self._background = _background(shape, room_c, seed)
        self._textures: dict[str, tuple[Texture, list[tuple[NDArray[np.float32], ...]]]] = {}

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        picture = self._background.copy()
        present = [(t, pose) for t in self._travellers if (pose := self._pose(t, t_s))]
        for traveller, pose in sorted(present, key=lambda item: -item[1].distance_m):
            self._draw(picture, traveller, pose)
        if self._reference.present and not is_source_covered:
            self._draw_reference(picture)
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.6), dtype=np.float32)
        # One noise field a millisecond of scene time: deterministic, and never repeated.
        rng = np.random.default_rng([self._seed, int(t_s * 1000)])
        noise = rng.standard_normal(self._shape, dtype=np.float32)
        picture += noise * np.float32(self._netd_c)
        picture += np.float32(self._camera_offset_c + self._drift_c_per_h * t_s / 3600)
        return picture

    def truth(self, t_s: float) -> tuple[TravellerTruth, ...]:
        """Return who is in view at a scene time, the nearest first."""
        found = []
        for traveller in self._travellers:
            pose = self._pose(traveller, t_s)
            if pose is not None:
                found.append(self._truth_of(traveller, pose))
        return tuple(sorted(found, key=lambda truth: truth.distance_m))

    def _truth_of(self, traveller: Traveller, pose: _Pose) -> TravellerTruth:
        half_height = FACE_HEIGHT_MM / 2 / MM_PER_TEXEL * pose.px_per_texel
        half_width = FACE_WIDTH_MM / 2 / MM_PER_TEXEL * pose.px_per_texel
        texture = self._texture(traveller)[0]
        canthi = None
        if texture.canthi is not None:
            left, right = (
                (
                    pose.row + (row - texture.face_center[0]) * pose.px_per_texel,
                    pose.column + (column - texture.face_center[1]) * pose.px_per_texel,
                )
                for row, column in texture.canthi
            )
            canthi = Canthi(left, right)
        box = Box(
            pose.row - half_height,
            pose.column - half_width,
            pose.row + half_height,
            pose.column + half_width,
        )
        return TravellerTruth(
            traveller.name,
            box,
            canthi,
            traveller.canthus_c,
            traveller.core_c,
            pose.distance_m,
            traveller.is_facing,
        )

    def _pose(self, traveller: Traveller, t_s: float) -> _Pose | None:
        age_s = t_s - traveller.enters_at_s
        walking_s = (_FAR_M - _NEAR_M) / traveller.speed_m_s
        if not 0 <= age_s < walking_s + _LEAVING_S:
            return None
        distance_m = max(_FAR_M - traveller.speed_m_s * age_s, _NEAR_M)
        side_m = traveller.lane_offset * _LANE_HALF_WIDTH_M
        if age_s > walking_s:
            aside = 1.0 if traveller.lane_offset >= 0 else -1.0
            side_m += aside * 0.9 * ((age_s - walking_s) / _LEAVING_S) ** 2
        phase = 2 * np.pi * _BOB_HZ * age_s
        px_per_m = _FOCAL_WIDTHS * self._shape[1] / distance_m
        return _Pose(
            row=0.46 * self._shape[0] + (0.02 + _BOB_M * np.sin(phase)) * px_per_m,
            column=0.5 * self._shape[1] + (side_m + 0.01 * np.sin(phase / 2)) * px_per_m,
            px_per_texel=px_per_m * MM_PER_TEXEL / 1000,
            distance_m=distance_m,
        )

    def _texture(
        self, traveller: Traveller
    ) -> tuple[Texture, list[tuple[NDArray[np.float32], ...]]]:
        """Return a person's texture and its half- and quarter-size versions, painted once."""
        if traveller.name not in self._textures:
            texture = paint(traveller, self._seed)
            levels: list[tuple[NDArray[np.float32], ...]] = [
                (texture.temperature_c * texture.alpha, texture.alpha)
            ]
            while len(levels) < 3:
                levels.append(tuple(_halved(layer) for layer in levels[-1]))
            self._textures[traveller.name] = texture, levels
            if len(self._textures) > 2 * len(self._travellers) + 1:
                self._textures.pop(next(iter(self._textures)))
        return self._textures[traveller.name]

    def _draw(self, picture: NDArray[np.float32], traveller: Traveller, pose: _Pose) -> None:
        texture, levels = self._texture(traveller)
        level = int(np.clip(np.floor(-np.log2(pose.px_per_texel)), 0, len(levels) - 1))
        shrunk = 2.0**level
        zoom = pose.px_per_texel * shrunk
        center_row = (texture.face_center[0] + 0.5) / shrunk - 0.5
        center_column = (texture.face_center[1] + 0.5) / shrunk - 0.5
        move = np.array(
            [
                [zoom, 0, pose.column - zoom * center_column],
                [0, zoom, pose.row - zoom * center_row],
            ]
        )
        size = (self._shape[1], self._shape[0])
        weighted, alpha = (
            cv2.warpAffine(layer, move, size, flags=cv2.INTER_LINEAR) for layer in levels[level]
        )
        picture *= 1 - alpha
        picture += weighted

    def _draw_reference(self, picture: NDArray[np.float32]) -> None:
        rows, columns = np.ogrid[: self._shape[0], : self._shape[1]]
        row = self._reference.center[0] * self._shape[0]
        column = self._reference.center[1] * self._shape[1]
        radius_px = self._reference.radius * self._shape[1]
        mount = 2.4 * radius_px
        inside = (abs(rows - row) < mount) & (abs(columns - column) < 0.8 * mount)
        picture[inside] = 26.0
        disc = np.clip(radius_px - np.hypot(rows - row, columns - column) + 0.5, 0, 1)
        picture += disc.astype(np.float32) * (np.float32(self._reference.set_point_c) - picture)


class LoopedScene:
    """A scene that starts again when everybody has passed, with new names each time.

    Args:
        scene: the scene.
        period_s: its length, s.
    """

    def __init__(self, scene: Scene, period_s: float) -> None:
        self._scene = scene
        self._period_s = period_s

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        return self._scene.render(t_s % self._period_s, is_source_covered=is_source_covered)

    def truth(self, t_s: float) -> tuple[TravellerTruth, ...]:
        """Return who is in view at a scene time, the nearest first."""
        lap, within_s = divmod(t_s, self._period_s)
        people = self._scene.truth(within_s)
        return tuple(replace(who, name=f"{who.name}-{int(lap) + 1}") for who in people)


def demo_travellers(
    seed: int, count: int, febrile_every: int, spacing_s: float
) -> tuple[Traveller, ...]:
    """Return people for a demonstration: every `febrile_every`th has a fever.

    Args:
        seed: for everything random.
        count: how many people.
        febrile_every: 0 for nobody.
        spacing_s: mean seconds between two people.
    """
    rng = np.random.default_rng(seed)
    people = []
    for i in range(count):
        is_febrile = febrile_every > 0 and i % febrile_every == febrile_every - 1
        core_c = rng.uniform(38.3, 39.3) if is_febrile else rng.normal(36.65, 0.2)
        people.append(
            Traveller(
                name=f"T{i + 1:02d}",
                core_c=round(float(core_c), 2),
                enters_at_s=spacing_s * i + float(rng.uniform(0, 0.3)) * spacing_s,
                speed_m_s=float(rng.uniform(0.75, 1.1)),
                canthus_below_core_c=float(rng.normal(1.25, 0.1)),
                glasses=not is_febrile and rng.random() < 0.15,
                turned_away=not is_febrile and rng.random() < 0.08,
                lane_offset=float(rng.uniform(-0.8, 0.8)),
            )
        )
    return tuple(people)


def _halved(layer: NDArray[np.float32]) -> NDArray[np.float32]:
    size = (layer.shape[1] // 2, layer.shape[0] // 2)
    return cv2.resize(layer, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def _background(shape: tuple[int, int], room_c: float, seed: int) -> NDArray[np.float32]:
    """Return a wall with a gradient, a door frame, a warm lamp and some texture, °C."""
    rng = np.random.default_rng(seed)
    rows = np.linspace(0, 1, shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(0, 1, shape[1], dtype=np.float32)[None, :]
    wall = np.float32(room_c) + 0.8 * (0.5 - rows) + 0.3 * columns
    door = (abs(columns - 0.22) < 0.008) | (abs(columns - 0.70) < 0.008)
    wall = wall + np.where(door & (rows > 0.1), np.float32(1.2), np.float32(0))
    lamp = np.exp(-0.5 * (((rows - 0.06) / 0.03) ** 2 + ((columns - 0.45) / 0.08) ** 2))
    coarse = rng.standard_normal((shape[0] // 16 + 1, shape[1] // 16 + 1)).astype(np.float32)
    patches = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return np.asarray(wall + 14.0 * lamp + 0.15 * patches, dtype=np.float32)
