"""What the pixels of one face show: canthi, eyes, forehead, cheeks and the hottest spot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box, FaceRegion, Point

Floats = NDArray[np.float64]

# Fractions of the face box: (top, bottom, left, right). The eye band is where the hottest 3x3 mean
# of 26 hand-labelled frontal faces lies within 0.06 °C of the whole face's maximum.
EYE_BAND = (0.30, 0.60, 0.15, 0.85)
# Forehead, cheeks and the whole face.
_ZONES = np.array([(0.08, 0.28, 0.25, 0.75), (0.55, 0.75, 0.10, 0.90), (0.10, 0.90, 0.15, 0.85)])
_ZONES_START, _ZONES_SIZE = _ZONES[:, ::2], _ZONES[:, 1::2] - _ZONES[:, ::2]
# (top, left, bottom, right)
_ABOVE_MOUTH = np.array((0.05, 0.08, 0.62, 0.92))
# Where the canthi are if the locator does not say.
_CANTHUS_ROW, _CANTHUS_COLUMN = 0.42, 0.13
# Down and across, in face widths: how far around the places of both canthi something that covers
# them is looked for, and how far they are searched for the reading. The locator places both canthi
# of a turned head too near the box's middle: by 0.07 (SD) over simulated people who walk towards
# the camera, by 0.1 at 15 degrees; rows of labelled real faces scatter by 0.1.
_NEAR, _SEARCH = (0.09, 0.09), (0.10, 0.16)
_REACHES = np.array((_NEAR, _NEAR, _SEARCH, _SEARCH))
# Where the eyeballs are, in face widths from the canthi.
_EYE_OUTWARD, _EYE_HALF = np.array([(0.0, -0.17), (0.0, 0.17)]), np.array((0.05, 0.06))
_LEAST_SEARCH_PX = 1.5
# The points in which a zone is seen, as fractions of its height and width.
_HIGH, _WIDE = 8, 6
_DOWN, _ACROSS = ((np.arange(count) + 0.5) / count for count in (_HIGH, _WIDE))
_MIDDLE = _HIGH * _WIDE // 2


@dataclass(frozen=True, slots=True)
class Spot:
    """The hottest small square of a part of the face."""

    apparent_c: float
    """Its mean, °C, as the camera gives it."""
    point: Point
    """(row, column) of its center."""


@dataclass(frozen=True, slots=True)
class FaceTemperatures:
    """Apparent temperatures of one face's parts, °C."""

    left: Spot
    """What is where the inner canthus on the picture's left side should be."""
    right: Spot
    """The same on the right side."""
    canthus: Spot
    """The hottest square along the eyes: the hotter canthus, to wherever the head turns it."""
    hottest: Spot
    """The hottest square of the face outside the mouth and the chin."""
    eyes_c: float
    """Mean of both eyeballs' medians: cold behind glasses."""
    forehead_c: float
    """Median of the forehead."""
    cheeks_c: float
    """Median of the strip below the eyes: cheeks and nose."""
    face_c: float
    """Median of the whole face."""

    @property
    def corner_c(self) -> float:
        """The hotter of the two places where canthi should be: cold if something covers them."""
        return max(self.left.apparent_c, self.right.apparent_c)


def look_at(
    picture: NDArray[np.float32], faces: Sequence[FaceRegion], patches_px: Sequence[int]
) -> list[FaceTemperatures | None]:
    """Return each face's temperatures, None where too little of it lies in the picture.

    All faces of a picture are looked at together: what one more costs is mostly its own pixels.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        faces: where the faces are.
        patches_px: for each face the side of the square whose mean is a spot's temperature.
    """
    if not faces:
        return []
    boxes = np.array([(f.box.top, f.box.left, f.box.bottom, f.box.right) for f in faces])
    eyes = np.array([_eyes(face) for face in faces]).reshape(-1, 2, 2)
    sides_px = np.array(patches_px)[:, None]
    windows = _windows(picture.shape, boxes)
    searches = _searches(boxes, eyes, windows[:, None, :2], sides_px[:, None])
    zones = _zone_medians(picture, boxes, eyes)
    return [
        _look(picture, *parts)
        for parts in zip(patches_px, windows.tolist(), searches.tolist(), zones, strict=True)
    ]


def part(box: Box, fractions: tuple[float, float, float, float]) -> Box:
    """Return the part of a box between fractions (top, bottom, left, right)."""
    top, bottom, left, right = fractions
    return Box(
        box.top + top * box.height,
        box.left + left * box.width,
        box.top + bottom * box.height,
        box.left + right * box.width,
    )


def _eyes(face: FaceRegion) -> tuple[float, float, float, float]:
    """Return (row, column) of both canthi, the picture's left one first."""
    if face.canthi is not None:
        return *face.canthi.image_left, *face.canthi.image_right
    box = face.box
    row = box.top + _CANTHUS_ROW * box.height
    middle, offset = (box.left + box.right) / 2, _CANTHUS_COLUMN * box.width
    return row, middle - offset, row, middle + offset


def _windows(shape: tuple[int, ...], boxes: Floats) -> NDArray[np.intp]:
    """Return the half-open window (top, left, bottom, right) of each face above its mouth."""
    start, size = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    edges = np.rint(np.hstack([start, start]) + np.hstack([size, size]) * _ABOVE_MOUTH)
    windows: NDArray[np.intp] = np.minimum(np.maximum(edges, 0), (*shape, *shape)).astype(np.intp)
    return windows


def _searches(
    boxes: Floats, eyes: Floats, origins: NDArray[np.intp], sides_px: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return near both canthi of each face, then widely, which squares are searched.

    Half-open windows of upper left corners, counted from the corner of the face's window.
    """
    width = (boxes[:, 3] - boxes[:, 1])[:, None, None]
    reach = np.maximum(width * _REACHES, _LEAST_SEARCH_PX)
    # Points count from pixels' middles, windows from their edges.
    points = np.tile(eyes, (1, 2, 1)) + 0.5 - origins
    first, last = np.rint(points - reach), np.rint(points + reach) - sides_px + 1
    searches: NDArray[np.intp] = np.maximum(np.concatenate([first, last], axis=2), 0).astype(
        np.intp
    )
    return searches


def _look(
    picture: NDArray[np.float32],
    side_px: int,
    window: list[int],
    searches: list[list[int]],
    zones: list[float],
) -> FaceTemperatures | None:
    top, left, bottom, right = window
    if min(bottom - top, right - left) < side_px:
        return None
    sums = _square_sums(picture[top:bottom, left:right], side_px)
    image_left, image_right, *widely = (
        _hottest(sums, search, window, side_px) for search in searches
    )
    hottest = _hottest(sums, [0, 0, *sums.shape], window, side_px)
    if image_left is None or image_right is None or hottest is None:
        return None
    canthus = max((s for s in widely if s is not None), key=lambda spot: spot.apparent_c)
    eye_c, other_c, forehead_c, cheeks_c, face_c = zones
    eyes_c = (eye_c + other_c) / 2
    return FaceTemperatures(
        image_left, image_right, canthus, hottest, eyes_c, forehead_c, cheeks_c, face_c
    )


def _square_sums(pixels: NDArray[np.float32], side_px: int) -> NDArray[np.float32]:
    """Return the sum of every square of this side, at its upper left corner."""
    high, wide = pixels.shape[0] - side_px + 1, pixels.shape[1] - side_px + 1
    down = pixels[:high] + pixels[1 : high + 1]
    for i in range(2, side_px):
        down += pixels[i : high + i]
    across: NDArray[np.float32] = down[:, :wide] + down[:, 1 : wide + 1]
    for i in range(2, side_px):
        across += down[:, i : wide + i]
    return across


def _hottest(
    sums: NDArray[np.float32], search: list[int], window: list[int], side_px: int
) -> Spot | None:
    """Return the hottest of the squares in a search window, or None if there is none."""
    top, left, bottom, right = search
    near = sums[top:bottom, left:right]
    if not near.size:
        return None
    index = int(near.argmax())
    row, column = divmod(index, near.shape[1])
    middle = (side_px - 1) / 2
    point = (window[0] + top + row + middle, window[1] + left + column + middle)
    return Spot(near.item(index) / side_px**2, point)


def _zone_medians(picture: NDArray[np.float32], boxes: Floats, eyes: Floats) -> list[list[float]]:
    """Return for each face the medians of both eyeballs, forehead, cheeks and face, °C.

    Each zone is seen in as many points as any other: a median needs no more, and costs the same
    for a large face as for a small one.
    """
    start, size = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None]
    width = size[:, :, 1:]
    half = np.maximum(width * _EYE_HALF, 1.0)
    corners = np.concatenate(
        [eyes + 0.5 + width * _EYE_OUTWARD - half, start + size * _ZONES_START], axis=1
    )
    sizes = np.concatenate([np.repeat(2 * half, 2, axis=1), size * _ZONES_SIZE], axis=1)
    rows = (corners[:, :, :1] + sizes[:, :, :1] * _DOWN).astype(np.intp)
    columns = (corners[:, :, 1:] + sizes[:, :, 1:] * _ACROSS).astype(np.intp)
    # An eye can lie outside although the box does not: a hand or hair misplaces a canthus.
    for lines, count in ((rows, picture.shape[0]), (columns, picture.shape[1])):
        np.minimum(np.maximum(lines, 0, out=lines), count - 1, out=lines)
    places = rows[:, :, :, None] * picture.shape[1] + columns[:, :, None]
    # So few values are sorted in half the time in which numpy partitions them.
    seen = np.sort(picture.reshape(-1).take(places.reshape(*rows.shape[:2], -1)), axis=2)
    medians: list[list[float]] = seen[:, :, _MIDDLE].tolist()
    return medians
