"""What the pixels of one face show: canthi, eyes, forehead, cheeks and the hottest spot."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import Box, Canthi, FaceRegion, Point

# Fractions of the face box: (top, bottom, left, right). The eye band is where the hottest 3x3 mean
# of 26 hand-labelled frontal faces lies within 0.06 °C of the whole face's maximum.
EYE_BAND = (0.30, 0.60, 0.15, 0.85)
_FOREHEAD = (0.08, 0.28, 0.25, 0.75)
_CHEEKS = (0.55, 0.75, 0.10, 0.90)
_ABOVE_MOUTH = (0.05, 0.62, 0.08, 0.92)
HOTTEST_PX = 3
"""Side of the square whose mean is the hottest spot of the face."""
# Where the canthi are if the locator does not say.
_CANTHUS_ROW, _CANTHUS_COLUMN = 0.42, 0.13
# In face widths: how far around its place a canthus is searched, and where an eyeball begins.
_SEARCH = 0.09
_EYE_OUTWARD, _EYE_HALF_HEIGHT, _EYE_HALF_WIDTH = 0.17, 0.05, 0.06
_LEAST_SEARCH_PX = 1.5


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
    """The inner canthus on the picture's left side."""
    right: Spot
    """The one on the right side."""
    hottest: Spot
    """The hottest 3x3 mean of the face outside the mouth and the chin."""
    eyes_c: float
    """Mean of both eyeballs' medians: cold behind glasses."""
    forehead_c: float
    """Median of the forehead."""
    cheeks_c: float
    """Median of the strip below the eyes: cheeks and nose."""


def look_at(
    picture: NDArray[np.float32], face: FaceRegion, patch_px: int
) -> FaceTemperatures | None:
    """Return a face's temperatures, or None if too little of it lies in the picture.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        face: where the face is.
        patch_px: side of the square whose mean is a canthus' temperature.
    """
    box = face.box
    canthi = face.canthi or _usual_canthi(box)
    search_px = max(_SEARCH * box.width, _LEAST_SEARCH_PX)
    left = hottest_spot(picture, _around(canthi.image_left, search_px), patch_px)
    right = hottest_spot(picture, _around(canthi.image_right, search_px), patch_px)
    hottest = hottest_spot(picture, part(box, _ABOVE_MOUTH), HOTTEST_PX)
    forehead_c = _median(picture, part(box, _FOREHEAD))
    cheeks_c = _median(picture, part(box, _CHEEKS))
    eyes_c = [
        _median(picture, _eye(canthus, side * box.width, box.width))
        for canthus, side in ((canthi.image_left, -1), (canthi.image_right, 1))
    ]
    if left is None or right is None or hottest is None or forehead_c is None or cheeks_c is None:
        return None
    seen = [eye for eye in eyes_c if eye is not None]
    if not seen:
        return None
    return FaceTemperatures(left, right, hottest, sum(seen) / len(seen), forehead_c, cheeks_c)


def part(box: Box, fractions: tuple[float, float, float, float]) -> Box:
    """Return the part of a box between fractions (top, bottom, left, right)."""
    top, bottom, left, right = fractions
    return Box(
        box.top + top * box.height,
        box.left + left * box.width,
        box.top + bottom * box.height,
        box.left + right * box.width,
    )


def hottest_spot(picture: NDArray[np.float32], box: Box, side_px: int) -> Spot | None:
    """Return the hottest square of this side inside the box, or None if it does not fit."""
    rows, columns = box.slices((picture.shape[0], picture.shape[1]))
    means = picture[rows, columns]
    if min(means.shape) < side_px:
        return None
    for axis in (0, 1):
        count = means.shape[axis] - side_px + 1
        shifted = [
            means[i : i + count] if axis == 0 else means[:, i : i + count] for i in range(side_px)
        ]
        means = sum(shifted[1:], start=shifted[0])
    index = int(means.argmax())
    row, column = divmod(index, means.shape[1])
    middle = (side_px - 1) / 2
    point = (float(rows.start + row + middle), float(columns.start + column + middle))
    return Spot(float(means[row, column]) / side_px**2, point)


def _usual_canthi(box: Box) -> Canthi:
    row = box.top + _CANTHUS_ROW * box.height
    middle, offset = (box.left + box.right) / 2, _CANTHUS_COLUMN * box.width
    return Canthi((row, middle - offset), (row, middle + offset))


def _around(point: Point, reach_px: float) -> Box:
    # Points count from pixels' middles, boxes from their edges.
    row, column = point[0] + 0.5, point[1] + 0.5
    return Box(row - reach_px, column - reach_px, row + reach_px, column + reach_px)


def _eye(canthus: Point, outward_px: float, width_px: float) -> Box:
    row, column = canthus[0] + 0.5, canthus[1] + 0.5 + _EYE_OUTWARD * outward_px
    height = max(_EYE_HALF_HEIGHT * width_px, 1.0)
    half = max(_EYE_HALF_WIDTH * width_px, 1.0)
    return Box(row - height, column - half, row + height, column + half)


def _median(picture: NDArray[np.float32], box: Box) -> float | None:
    patch = picture[box.slices((picture.shape[0], picture.shape[1]))]
    if not patch.size:
        return None
    # The middle of a partition: np.median costs four times as much on so few values.
    values = patch.ravel()
    middle = values.size // 2
    return float(np.partition(values, middle)[middle])
