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
_ABOVE_MOUTH = (0.05, 0.62, 0.08, 0.92)
# Forehead, cheeks and the whole face.
_ZONES = np.array([(0.08, 0.28, 0.25, 0.75), (0.55, 0.75, 0.10, 0.90), (0.10, 0.90, 0.15, 0.85)])
_ZONES_START, _ZONES_SIZE = _ZONES[:, ::2], _ZONES[:, 1::2] - _ZONES[:, ::2]
# Where the canthi are if the locator does not say.
_CANTHUS_ROW, _CANTHUS_COLUMN = 0.42, 0.13
# Down and across, in face widths: how far around the places of both canthi something that covers
# them is looked for, and how far they are searched for the reading. The locator places both canthi
# of a turned head too near the box's middle: by 0.07 (SD) over simulated people who walk towards
# the camera, by 0.1 at 15 degrees; rows of labelled real faces scatter by 0.1.
_NEAR, _SEARCH = (0.09, 0.09), (0.10, 0.16)
# Where the eyeballs are, in face widths from the canthi.
_EYE_OUTWARD, _EYE_HALF = np.array([(0.0, -0.17), (0.0, 0.17)]), np.array((0.05, 0.06))
_LEAST_SEARCH_PX = 1.5
# The points in which a zone is seen, as fractions of its height and width.
_HIGH, _WIDE = 8, 6
# Of the steps across only the first ones count.
_STEPS = (np.arange(_HIGH)[:, None] + 0.5) / (_HIGH, _WIDE)
_MIDDLE = _HIGH * _WIDE // 2
_EYES = 2
# Points of both eyes' and both cheeks' zones, as fractions of the face box (down, across).
_GRID = 6
_STEP = (np.arange(_GRID) + 0.5) / _GRID
_SIDES = np.array(
    [
        (top + (bottom - top) * down, left + (right - left) * across)
        for top, bottom, sides in (
            (0.32, 0.50, ((0.15, 0.42), (0.58, 0.85))),
            (0.55, 0.75, ((0.12, 0.42), (0.58, 0.88))),
        )
        for left, right in sides
        for down in _STEP
        for across in _STEP
    ]
)
# An eye under hair is 2.5 to 6.6 °C colder than the other, 2.0 to 5.5 °C than the cheek below, and
# cheeks differ by 0.5 °C; profiles' farther cheek is 0.7 °C colder and more (14 and 10 of the
# twin's people; medians over their walk).
_HIDDEN_EYE_C, _HIDDEN_EYE_ABOVE_C, _CHEEKS_ALIKE_C = 1.8, 1.6, 0.7


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
    eyes = [_eyes(face) for face in faces]
    zones = _zone_medians(picture, faces, eyes)
    return [_look(picture, *parts) for parts in zip(faces, eyes, patches_px, zones, strict=True)]


def crowded(faces: Sequence[FaceRegion]) -> list[bool]:
    """Return for each face whether another one reaches over its eyes."""
    if len(faces) < 2:  # noqa: PLR2004
        return [False] * len(faces)
    boxes = np.array([(f.box.top, f.box.left, f.box.bottom, f.box.right) for f in faces])
    sides = boxes[:, 2:] - boxes[:, :2]
    top, bottom, left, right = EYE_BAND
    start, stop = boxes[:, :2] + sides * (top, left), boxes[:, :2] + sides * (bottom, right)
    overlaps = ((start[:, None] < boxes[None, :, 2:]) & (boxes[None, :, :2] < stop[:, None])).all(
        axis=2
    )
    np.fill_diagonal(overlaps, val=False)
    crowded: list[bool] = np.logical_or.reduce(overlaps, axis=1).tolist()
    return crowded


def one_eye_covered(picture: NDArray[np.float32], faces: Sequence[FaceRegion]) -> list[bool]:
    """Return for each face whether hair or a hand hides one eye, and the face is not just turned.

    One eye is far colder than the other and than the cheek below it, and both cheeks are alike. Of
    a turned head the farther side is colder altogether.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        faces: where the faces are.
    """
    boxes = np.array([(f.box.top, f.box.left, f.box.height, f.box.width) for f in faces])
    places = (boxes[:, None, :2] + boxes[:, None, 2:] * _SIDES).astype(np.intp)
    np.clip(places, 0, (picture.shape[0] - 1, picture.shape[1] - 1), out=places)
    seen_c = np.sort(
        picture[places[:, :, 0], places[:, :, 1]].reshape(len(faces), 2, 2, -1), axis=3
    )[:, :, :, _GRID**2 // 2]
    eyes_c, cheeks_c = seen_c[:, 0], seen_c[:, 1]
    is_colder = eyes_c < eyes_c[:, ::-1] - _HIDDEN_EYE_C
    is_colder &= eyes_c < cheeks_c - _HIDDEN_EYE_ABOVE_C
    has_cheeks = abs(cheeks_c[:, 0] - cheeks_c[:, 1]) < _CHEEKS_ALIKE_C
    covered: list[bool] = (is_colder.any(axis=1) & has_cheeks).tolist()
    return covered


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


def _look(
    picture: NDArray[np.float32],
    face: FaceRegion,
    eyes: tuple[float, float, float, float],
    side_px: int,
    zones: list[float],
) -> FaceTemperatures | None:
    rows, columns = part(face.box, _ABOVE_MOUTH).slices((picture.shape[0], picture.shape[1]))
    if min(rows.stop - rows.start, columns.stop - columns.start) < side_px:
        return None
    squares = _Squares(_square_sums(picture[rows, columns], side_px), side_px, rows, columns)
    width = face.box.width
    hottest = squares.hottest(0, 0, *squares.sums.shape)
    left, right = (squares.hottest_around(eye, eye, _NEAR, width) for eye in (eyes[:2], eyes[2:]))
    first = min(eyes[0], eyes[2]), min(eyes[1], eyes[3])
    last = max(eyes[0], eyes[2]), max(eyes[1], eyes[3])
    canthus = squares.hottest_around(first, last, _SEARCH, width)
    if left is None or right is None or canthus is None or hottest is None:
        return None
    eye_c, other_c, forehead_c, cheeks_c, face_c = zones
    eyes_c = (eye_c + other_c) / 2
    return FaceTemperatures(left, right, canthus, hottest, eyes_c, forehead_c, cheeks_c, face_c)


@dataclass(frozen=True, slots=True, eq=False)
class _Squares:
    """Sums of every square of one side inside a part of the picture, by upper left corner."""

    sums: NDArray[np.float32]
    side_px: int
    rows: slice
    columns: slice

    def hottest(self, top: int, left: int, bottom: int, right: int) -> Spot | None:
        """Return the hottest square whose corner lies in a window, or None if it is empty."""
        near = self.sums[top:bottom, left:right]
        if not near.size:
            return None
        index = int(near.argmax())
        row, column = divmod(index, near.shape[1])
        middle = (self.side_px - 1) / 2
        point = (self.rows.start + top + row + middle, self.columns.start + left + column + middle)
        return Spot(near.item(index) / self.side_px**2, point)

    def hottest_around(
        self, first: Point, last: Point, reach: tuple[float, float], face_width_px: float
    ) -> Spot | None:
        """Return the hottest square around two points and between, or None if none is inside.

        Args:
            first: the upper left one, (row, column).
            last: the lower right one.
            reach: how far around them, down and across, in face widths.
            face_width_px: width of the face.
        """
        down = max(reach[0] * face_width_px, _LEAST_SEARCH_PX)
        across = max(reach[1] * face_width_px, _LEAST_SEARCH_PX)
        # Points count from pixels' middles, windows from their edges.
        top, left = first[0] + 0.5 - self.rows.start, first[1] + 0.5 - self.columns.start
        bottom, right = last[0] + 0.5 - self.rows.start, last[1] + 0.5 - self.columns.start
        return self.hottest(
            max(round(top - down), 0),
            max(round(left - across), 0),
            max(round(bottom + down) - self.side_px + 1, 0),
            max(round(right + across) - self.side_px + 1, 0),
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


def _zone_medians(
    picture: NDArray[np.float32],
    faces: Sequence[FaceRegion],
    eyes: Sequence[tuple[float, float, float, float]],
) -> list[list[float]]:
    """Return for each face the medians of both eyeballs, forehead, cheeks and face, °C.

    Each zone is seen in as many points as any other: a median needs no more, and costs the same
    for a large face as for a small one.
    """
    boxes = np.array([(f.box.top, f.box.left, f.box.bottom, f.box.right) for f in faces])
    start, size = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None]
    width = size[:, :, 1:]
    half = np.maximum(width * _EYE_HALF, 1.0)
    corners, sizes = np.empty((2, len(faces), _EYES + len(_ZONES), 2))
    corners[:, :_EYES] = np.array(eyes).reshape(-1, _EYES, 2) + 0.5 + width * _EYE_OUTWARD - half
    corners[:, _EYES:] = start + size * _ZONES_START
    sizes[:, :_EYES] = 2 * half
    sizes[:, _EYES:] = size * _ZONES_SIZE
    points = (corners[:, :, None] + sizes[:, :, None] * _STEPS).astype(np.intp)
    # An eye can lie outside although the box does not: a hand or hair misplaces a canthus.
    last = picture.shape[0] - 1, picture.shape[1] - 1
    np.minimum(np.maximum(points, 0, out=points), last, out=points)
    rows, columns = points[:, :, :, 0], points[:, :, :_WIDE, 1]
    places = rows[:, :, :, None] * picture.shape[1] + columns[:, :, None]
    # So few values are sorted in half the time in which numpy partitions them.
    seen = np.sort(picture.reshape(-1).take(places.reshape(*rows.shape[:2], -1)), axis=2)
    medians: list[list[float]] = seen[:, :, _MIDDLE].tolist()
    return medians
