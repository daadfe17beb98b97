"""The scene of one camera: renders pictures and tells what is true in them.

A scene knows no past: the picture at a time depends on the arguments and that time alone, so that
any moment can be asked for, in any order, and always looks the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.twin.assumptions import (
    BOB_HZ,
    BOB_M,
    BREATH_C,
    BREATH_HZ,
    GAZE_DEG,
    GAZE_HZ,
    WALL_DISTANCE_M,
    WALL_EMISSIVITY,
)
from simulators.twin.drawing import lay
from simulators.twin.figure import Figure, on_turned_head, stepped_yaw
from simulators.twin.optics import Optics, Room
from simulators.twin.painting import CANTHUS_ABOVE_CENTER_MM, CANTHUS_HALF_DISTANCE_MM
from simulators.twin.people import FACE_HEIGHT_MM, FACE_WIDTH_MM, Traveller
from simulators.twin.radiance import radiance_of, to_apparent, to_radiance
from simulators.twin.sensor import Sensor
from simulators.twin.source import ReferenceSource
from station.core.faces import Box, Canthi

_KEPT_FIGURES = 64
_NATURAL_YAW_DEG = 14.0
# Half width and top of what a person's shoulders hide, in face widths and heights.
_BODY_HALF_WIDTHS, _BODY_TOP_HEIGHTS = 1.45, 0.78
_SIGHT_GRID = np.linspace(-0.4, 0.4, 5)


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
    """Skin temperature of the hotter inner canthus, °C."""
    core_c: float
    """Core temperature, °C."""
    distance_m: float
    """Distance to the camera."""
    facing: bool
    """Whether the face is turned to the camera."""
    yaw_deg: float = 0.0
    """How far the head is turned to the picture's right."""
    visible: float = 1.0
    """Which share of the face lies in the picture and is hidden by nobody."""


@dataclass(frozen=True, slots=True)
class _Pose:
    row: float
    column: float
    px_per_mm: float
    distance_m: float
    yaw_deg: float
    breath: float


class Scene:
    """People, a reference source and a camera. The same arguments give the same pictures.

    Args:
        shape: rows and columns of the picture.
        travellers: who walks by.
        reference: the blackbody in view.
        room: the room; None takes one of `room_c`.
        room_c: temperature of the room, °C.
        optics: lens and mounting.
        sensor: the camera's errors; None makes them of the next three.
        camera_offset_c: the camera's error at the start, °C.
        drift_c_per_h: how the error grows, °C an hour.
        netd_c: standard deviation of one pixel's noise, °C.
        patch_c: temperature of a wide skin-like plate in the middle, °C; None for none.
        seed: for everything random.
    """

    def __init__(
        self,
        *,
        travellers: Sequence[Traveller],
        shape: tuple[int, int] = (288, 384),
        reference: ReferenceSource | None = None,
        room: Room | None = None,
        room_c: float = 22.0,
        optics: Optics | None = None,
        sensor: Sensor | None = None,
        camera_offset_c: float = 0.6,
        drift_c_per_h: float = 1.0,
        netd_c: float = 0.04,
        patch_c: float | None = None,
        seed: int = 1,
    ) -> None:
        self._shape = shape
        self._travellers = tuple(travellers)
        self._reference = reference or ReferenceSource()
        self._room = room or Room(air_c=room_c)
        self._optics = optics or Optics()
        self._sensor = sensor or Sensor(
            offset_c=camera_offset_c, drift_c_per_h=drift_c_per_h, netd_c=netd_c
        )
        self._patch_c = patch_c
        self._seed = seed
        self._air = radiance_of(self._room.air_c)
        self._background = self._paint_background()
        self._figures: dict[str, Figure] = {}

    @property
    def travellers(self) -> tuple[Traveller, ...]:
        """Who walks by."""
        return self._travellers

    @property
    def sensor(self) -> Sensor:
        """The camera's errors."""
        return self._sensor

    @property
    def reference(self) -> ReferenceSource:
        """The blackbody in view."""
        return self._reference

    def render(self, t_s: float, *, is_source_covered: bool = False) -> NDArray[np.float32]:
        """Return the apparent temperatures at a scene time, °C, float32, upright."""
        seen_s = self._sensor.seen_s(t_s)
        picture = self._background.copy()
        present = [(t, pose) for t in self._travellers if (pose := self._pose(t, seen_s))]
        for traveller, pose in sorted(present, key=lambda item: -item[1].distance_m):
            self._draw(picture, traveller, pose, seen_s)
        if self._reference.is_seen(seen_s) and not is_source_covered:
            self._reference.draw(picture, seen_s, self._room)
        picture = self._optics.blurred(picture)
        return to_apparent(self._sensor.read(picture, seen_s, self._seed))

    def truth(self, t_s: float) -> tuple[TravellerTruth, ...]:
        """Return who is in view at a scene time, the nearest first."""
        seen_s = self._sensor.seen_s(t_s)
        found: list[TravellerTruth] = []
        mount = self._reference.mount(self._shape, seen_s)
        poses = [(t, pose) for t in self._travellers if (pose := self._pose(t, seen_s))]
        for traveller, pose in sorted(poses, key=lambda item: item[1].distance_m):
            told = _truth_of(traveller, pose)
            visible = _visible_share(told.box, [w.box for w in found], mount, self._shape)
            found.append(replace(told, visible=visible))
        return tuple(found)

    def _pose(self, traveller: Traveller, t_s: float) -> _Pose | None:
        place = traveller.place(t_s)
        if place is None:
            return None
        side_m, distance_m = place
        age_s = t_s - traveller.enters_at_s
        stride, gaze = (float(x) for x in _phases(traveller.name, self._seed))
        phase = 2 * np.pi * BOB_HZ * age_s + stride
        bob_m, sway_m = BOB_M * np.sin(phase), 0.01 * np.sin(phase / 2)
        below_m = self._optics.above_faces_m - traveller.height_m + bob_m
        px_per_m = self._optics.focal_widths * self._shape[1] / distance_m
        yaw_deg = traveller.mean_yaw_deg
        if traveller.yaw_deg is None and traveller.is_facing:
            yaw_deg = _NATURAL_YAW_DEG * np.sin(gaze)
        yaw_deg += GAZE_DEG * np.sin(2 * np.pi * GAZE_HZ * age_s + gaze)
        return _Pose(
            row=self._optics.horizon * self._shape[0] + float(below_m) * px_per_m,
            column=0.5 * self._shape[1] + (side_m + float(sway_m)) * px_per_m,
            px_per_mm=px_per_m / 1000,
            distance_m=distance_m,
            yaw_deg=stepped_yaw(float(yaw_deg)),
            breath=float(np.sin(2 * np.pi * BREATH_HZ * age_s + stride)),
        )

    def _figure(self, traveller: Traveller) -> Figure:
        """Return a person's pictures, painted once."""
        if traveller.name not in self._figures:
            if len(self._figures) >= _KEPT_FIGURES:
                self._figures.pop(next(iter(self._figures)))
            self._figures[traveller.name] = Figure(
                traveller, self._room.air_c, self._room.mirrored_c, self._seed
            )
        return self._figures[traveller.name]

    def _draw(
        self, picture: NDArray[np.float32], traveller: Traveller, pose: _Pose, t_s: float
    ) -> None:
        figure = self._figure(traveller)
        before = self._pose(traveller, t_s - self._sensor.lag_s) or pose
        smear_px = pose.row - before.row, pose.column - before.column
        transmittance = self._room.transmittance(pose.distance_m)
        for sprite in (figure.body(), figure.head(pose.yaw_deg, pose.breath, BREATH_C)):
            lay(
                picture,
                sprite,
                row=pose.row,
                column=pose.column,
                px_per_mm=pose.px_per_mm,
                smear_px=smear_px,
                transmittance=transmittance,
                air=self._air,
            )

    def _paint_background(self) -> NDArray[np.float32]:
        """Return the room without people in radiance, seen through its air."""
        surfaces_c = _wall(self._shape, self._room.mirrored_c, self._seed)
        mirrored = radiance_of(self._room.mirrored_c)
        leaves = WALL_EMISSIVITY * to_radiance(surfaces_c) + (1 - WALL_EMISSIVITY) * mirrored
        share = self._room.transmittance(WALL_DISTANCE_M)
        picture = (share * leaves + (1 - share) * self._air).astype(np.float32)
        if self._patch_c is not None:
            rows, columns = self._shape
            emitted = 0.98 * radiance_of(self._patch_c) + 0.02 * mirrored
            share = self._room.transmittance(2.0)
            middle = picture[rows // 3 : 2 * rows // 3, columns // 3 : 2 * columns // 3]
            middle[:] = share * emitted + (1 - share) * self._air
        return picture


def _truth_of(traveller: Traveller, pose: _Pose) -> TravellerTruth:
    half_height = FACE_HEIGHT_MM / 2 * pose.px_per_mm
    half_width = FACE_WIDTH_MM / 2 * pose.px_per_mm
    canthi = None
    if traveller.is_facing:
        row = pose.row - CANTHUS_ABOVE_CENTER_MM * pose.px_per_mm
        sides = [on_turned_head(side * CANTHUS_HALF_DISTANCE_MM, pose.yaw_deg) for side in (-1, 1)]
        if all(is_seen for _, is_seen in sides):
            left, right = (pose.column + u * pose.px_per_mm for u, _ in sides)
            canthi = Canthi((row, left), (row, right))
    # Points count from pixels' middles, boxes from their edges.
    box = Box(
        pose.row + 0.5 - half_height,
        pose.column + 0.5 - half_width,
        pose.row + 0.5 + half_height,
        pose.column + 0.5 + half_width,
    )
    return TravellerTruth(
        name=traveller.name,
        box=box,
        canthi=canthi,
        canthus_c=traveller.canthus_c,
        core_c=traveller.core_c,
        distance_m=pose.distance_m,
        facing=traveller.is_facing,
        yaw_deg=pose.yaw_deg,
    )


def _visible_share(
    box: Box, nearer: Sequence[Box], mount: Box | None, shape: tuple[int, int]
) -> float:
    """Return which share of a face the picture holds and neither people nor the source hide."""
    rows = box.center[0] + _SIGHT_GRID[:, None] * box.height
    columns = box.center[1] + _SIGHT_GRID[None, :] * box.width
    seen = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    if mount is not None:
        between = (rows >= mount.top) & (rows < mount.bottom)
        seen &= ~(between & (columns >= mount.left) & (columns < mount.right))
    for other in nearer:
        row, column = other.center
        is_head = ((rows - row) / (0.6 * other.height)) ** 2 + (
            (columns - column) / (0.6 * other.width)
        ) ** 2 < 1
        below = rows > row + _BODY_TOP_HEIGHTS * other.height
        is_body = below & (abs(columns - column) < _BODY_HALF_WIDTHS * other.width)
        seen &= ~(is_head | is_body)
    return float(seen.mean())


@lru_cache(maxsize=1024)
def _phases(name: str, seed: int) -> tuple[float, float]:
    """Return where in stride and gaze a person enters."""
    rng = np.random.default_rng([seed, 9, *name.encode()])
    stride, gaze = rng.uniform(0, 2 * np.pi, 2)
    return float(stride), float(gaze)


def _wall(shape: tuple[int, int], room_c: float, seed: int) -> NDArray[np.float32]:
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
