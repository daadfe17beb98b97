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
_FACE = (0.10, 0.90, 0.15, 0.85)
_ABOVE_MOUTH = (0.05, 0.62, 0.08, 0.92)
# Where the canthi are if the locator does not say.
_CANTHUS_ROW, _CANTHUS_COLUMN = 0.42, 0.13
# In face widths: how far around its place a canthus is searched, and where an eyeball begins.
_SEARCH = 0.09
_EYE_OUTWARD, _EYE_HALF_HEIGHT, _EYE_HALF_WIDTH = 0.17, 0.05, 0.06
_LEAST_SEARCH_PX = 1.5
# The points in which a zone is seen, as fractions of its height and width.
_HIGH, _WIDE = 8, 6
_DOWN = np.repeat((np.arange(_HIGH) + 0.5) / _HIGH, _WIDE)
_ACROSS = np.tile((np.arange(_WIDE) + 0.5) / _WIDE, _HIGH)
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
    """The inner canthus on the picture's left side."""
    right: Spot
    """The one on the right side."""
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
    def canthus(self) -> Spot:
        """The hotter of the two canthi."""
        return max(self.left, self.right, key=lambda spot: spot.apparent_c)


def look_at(
    picture: NDArray[np.float32], face: FaceRegion, patch_px: int
) -> FaceTemperatures | None:
    """Return a face's temperatures, or None if too little of it lies in the picture.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        face: where the face is.
        patch_px: side of the square whose mean is a spot's temperature.
    """
    box = face.box
    canthi = face.canthi or _usual_canthi(box)
    means = _Means.of(picture, part(box, _ABOVE_MOUTH), patch_px)
    if means is None:
        return None
    search_px = max(_SEARCH * box.width, _LEAST_SEARCH_PX)
    left = means.hottest_near(canthi.image_left, search_px)
    right = means.hottest_near(canthi.image_right, search_px)
    if left is None or right is None:
        return None
    eye_c, other_c, forehead_c, cheeks_c, face_c = _zone_medians(picture, box, canthi)
    hottest = means.hottest()
    return FaceTemperatures(
        left, right, hottest, (eye_c + other_c) / 2, forehead_c, cheeks_c, face_c
    )


def part(box: Box, fractions: tuple[float, float, float, float]) -> Box:
    """Return the part of a box between fractions (top, bottom, left, right)."""
    top, bottom, left, right = fractions
    return Box(
        box.top + top * box.height,
        box.left + left * box.width,
        box.top + bottom * box.height,
        box.left + right * box.width,
    )


def _usual_canthi(box: Box) -> Canthi:
    row = box.top + _CANTHUS_ROW * box.height
    middle, offset = (box.left + box.right) / 2, _CANTHUS_COLUMN * box.width
    return Canthi((row, middle - offset), (row, middle + offset))


@dataclass(frozen=True, slots=True, eq=False)
class _Means:
    """Sums of every square of one side inside a part of the picture."""

    sums: NDArray[np.float32]
    side_px: int
    top: int
    left: int

    @classmethod
    def of(cls, picture: NDArray[np.float32], box: Box, side_px: int) -> "_Means | None":
        """Return the sums, or None if no square fits."""
        rows, columns = box.slices((picture.shape[0], picture.shape[1]))
        sums = picture[rows, columns]
        if min(sums.shape) < side_px:
            return None
        high, wide = (n - side_px + 1 for n in sums.shape)
        down = sums[:high] + sums[1 : high + 1]
        for i in range(2, side_px):
            down += sums[i : high + i]
        across = down[:, :wide] + down[:, 1 : wide + 1]
        for i in range(2, side_px):
            across += down[:, i : wide + i]
        return cls(across, side_px, rows.start, columns.start)

    def hottest(self) -> Spot:
        """Return the hottest square."""
        return self._spot(self.sums, 0, 0)

    def hottest_near(self, point: Point, reach_px: float) -> Spot | None:
        """Return the hottest square around a point, or None if none is inside."""
        # Points count from pixels' middles, windows from their edges.
        row, column = point[0] + 0.5 - self.top, point[1] + 0.5 - self.left
        top, left = max(round(row - reach_px), 0), max(round(column - reach_px), 0)
        bottom = max(round(row + reach_px) - self.side_px + 1, 0)
        right = max(round(column + reach_px) - self.side_px + 1, 0)
        near = self.sums[top:bottom, left:right]
        return self._spot(near, top, left) if near.size else None

    def _spot(self, sums: NDArray[np.float32], top: int, left: int) -> Spot:
        row, column = divmod(int(sums.argmax()), sums.shape[1])
        middle = (self.side_px - 1) / 2
        point = (self.top + top + row + middle, self.left + left + column + middle)
        return Spot(float(sums[row, column]) / self.side_px**2, point)


def _zone_medians(picture: NDArray[np.float32], box: Box, canthi: Canthi) -> list[float]:
    """Return the medians of both eyeballs, forehead, cheeks and face, °C.

    Each zone is seen in as many points as any other: a median needs no more, and costs the same
    for a large face as for a small one.
    """
    half_height = max(_EYE_HALF_HEIGHT * box.width, 1.0)
    half_width = max(_EYE_HALF_WIDTH * box.width, 1.0)
    zones = [
        (
            row + 0.5 - half_height,
            column + 0.5 + side * _EYE_OUTWARD * box.width - half_width,
            2 * half_height,
            2 * half_width,
        )
        for (row, column), side in ((canthi.image_left, -1), (canthi.image_right, 1))
    ]
    for top, bottom, left, right in (_FOREHEAD, _CHEEKS, _FACE):
        zones.append(
            (
                box.top + top * box.height,
                box.left + left * box.width,
                (bottom - top) * box.height,
                (right - left) * box.width,
            )
        )
    corner = np.array(zones)
    rows = (corner[:, 0:1] + corner[:, 2:3] * _DOWN).astype(np.intp)
    columns = (corner[:, 1:2] + corner[:, 3:4] * _ACROSS).astype(np.intp)
    high, wide = picture.shape
    # An eye can lie outside although the box does not: a hand or hair misplaces a canthus.
    seen = picture[rows.clip(0, high - 1), columns.clip(0, wide - 1)]
    seen.partition(_MIDDLE, axis=1)
    medians: list[float] = seen[:, _MIDDLE].tolist()
    return medians
