"""What the pixels of one face show: canthi, eyes, forehead, cheeks and the hottest spot."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import FaceRegion, Point, corners

Floats = NDArray[np.float64]

# Fractions of the face box: (top, bottom, left, right). The eye band is where the hottest 3x3 mean
# of 26 hand-labelled frontal faces lies within 0.06 °C of the whole face's maximum.
EYE_BAND = (0.30, 0.60, 0.15, 0.85)
# The part above the mouth: top, left, bottom, right.
_ABOVE_MOUTH = (0.05, 0.08, 0.62, 0.92)
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
_REACHES = np.array([_NEAR, _NEAR, _SEARCH])
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
    boxes = corners(face.box for face in faces)
    eyes = np.array([_eyes(face) for face in faces])
    zones = _zone_medians(picture, boxes, eyes)
    windows = _windows(picture.shape, boxes, eyes, np.array(patches_px))
    return [
        None if places is None else _look(picture, places, side_px, medians)
        for places, side_px, medians in zip(windows, patches_px, zones, strict=True)
    ]


def crowded(faces: Sequence[FaceRegion]) -> list[bool]:
    """Return for each face whether another one reaches over its eyes."""
    if len(faces) < 2:  # noqa: PLR2004
        return [False] * len(faces)
    boxes = corners(face.box for face in faces)
    sides = boxes[:, 2:] - boxes[:, :2]
    top, bottom, left, right = EYE_BAND
    start, stop = boxes[:, :2] + sides * (top, left), boxes[:, :2] + sides * (bottom, right)
    # By rows and by columns: numpy takes its time over an axis of two.
    overlaps = np.ones((len(boxes), len(boxes)), dtype=np.bool_)
    for axis in range(2):
        overlaps &= start[:, axis, None] < boxes[:, 2 + axis]
        overlaps &= boxes[:, axis] < stop[:, axis, None]
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


def _eyes(face: FaceRegion) -> tuple[float, float, float, float]:
    """Return (row, column) of both canthi, the picture's left one first."""
    if face.canthi is not None:
        return *face.canthi.image_left, *face.canthi.image_right
    box = face.box
    row = box.top + _CANTHUS_ROW * box.height
    middle, offset = (box.left + box.right) / 2, _CANTHUS_COLUMN * box.width
    return row, middle - offset, row, middle + offset


_Window = tuple[int, int, int, int]
"""Half-open, top, left, bottom and right, px."""


def _windows(
    shape: tuple[int, ...],
    boxes: NDArray[np.float64],
    eyes: NDArray[np.float64],
    sides_px: NDArray[np.intp],
) -> list[list[_Window] | None]:
    """Return for each face which part of the picture is looked at, and where squares may begin.

    Squares have their upper left corners around the left canthus, the right one, or both and
    between; these windows count from the part's own corner. None where one of them is empty.

    Args:
        shape: rows and columns of the picture.
        boxes: each face's box, shape (faces, 4).
        eyes: each face's canthi, shape (faces, 4).
        sides_px: side of each face's squares.
    """
    start, size = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    whole = np.concatenate((start, start), axis=1)
    whole += np.concatenate((size, size), axis=1) * _ABOVE_MOUTH
    whole = np.minimum(np.maximum(np.rint(whole), 0), (*shape, *shape))
    side, width = sides_px[:, None, None], size[:, 1, None, None]
    # Points count from pixels' middles, windows from their edges.
    first, last = np.empty((2, len(boxes), len(_REACHES), 2))
    first[:, :2] = last[:, :2] = eyes.reshape(-1, _EYES, 2)
    np.minimum(first[:, 0], first[:, 1], out=first[:, 2])
    np.maximum(last[:, 0], last[:, 1], out=last[:, 2])
    reach = np.maximum(_REACHES * width, _LEAST_SEARCH_PX)
    origin = whole[:, None, :2]
    inside = whole[:, None, 2:] - origin - side + 1
    first = np.maximum(np.rint(first + 0.5 - origin - reach), 0)
    last = np.minimum(np.rint(last + 0.5 - origin + reach) - side + 1, inside)
    windows = np.concatenate((whole[:, None], np.concatenate((first, last), axis=2)), axis=1)
    is_seen: list[bool] = np.logical_and.reduce(first < last, axis=(1, 2)).tolist()
    places: list[list[_Window]] = windows.astype(np.intp).tolist()
    return [place if is_it else None for place, is_it in zip(places, is_seen, strict=True)]


def _look(
    picture: NDArray[np.float32], places: list[_Window], side_px: int, zones: list[float]
) -> FaceTemperatures:
    top, left, bottom, right = places[0]
    sums = _square_sums(picture[top:bottom, left:right], side_px)
    origin, squares_px = (top + (side_px - 1) / 2, left + (side_px - 1) / 2), side_px**2
    at_left, at_right, between = (
        _hottest(sums[up:down, begin:end], squares_px, (origin[0] + up, origin[1] + begin))
        for up, begin, down, end in places[1:]
    )
    eye_c, other_c, forehead_c, cheeks_c, face_c = zones
    return FaceTemperatures(
        at_left,
        at_right,
        between,
        _hottest(sums, squares_px, origin),
        (eye_c + other_c) / 2,
        forehead_c,
        cheeks_c,
        face_c,
    )


def _hottest(sums: NDArray[np.float32], square_px: int, origin: Point) -> Spot:
    """Return the square with the largest sum; the first one is at a point."""
    index = int(sums.argmax())
    row, column = divmod(index, sums.shape[1])
    return Spot(sums.item(index) / square_px, (origin[0] + row, origin[1] + column))


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
    picture: NDArray[np.float32], boxes: NDArray[np.float64], eyes: NDArray[np.float64]
) -> list[list[float]]:
    """Return for each face the medians of both eyeballs, forehead, cheeks and face, °C.

    Each zone is seen in as many points as any other: a median needs no more, and costs the same
    for a large face as for a small one.
    """
    start, size = boxes[:, None, :2], (boxes[:, 2:] - boxes[:, :2])[:, None]
    width = size[:, :, 1:]
    half = np.maximum(width * _EYE_HALF, 1.0)
    origins, sizes = np.empty((2, len(boxes), _EYES + len(_ZONES), 2))
    origins[:, :_EYES] = eyes.reshape(-1, _EYES, 2) + 0.5 + width * _EYE_OUTWARD - half
    origins[:, _EYES:] = start + size * _ZONES_START
    sizes[:, :_EYES] = 2 * half
    sizes[:, _EYES:] = size * _ZONES_SIZE
    points = (origins[:, :, None] + sizes[:, :, None] * _STEPS).astype(np.intp)
    # An eye can lie outside although the box does not: a hand or hair misplaces a canthus.
    last = picture.shape[0] - 1, picture.shape[1] - 1
    np.minimum(np.maximum(points, 0, out=points), last, out=points)
    rows, columns = points[:, :, :, 0], points[:, :, :_WIDE, 1]
    places = rows[:, :, :, None] * picture.shape[1] + columns[:, :, None]
    # So few values are sorted in half the time in which numpy partitions them.
    seen = np.sort(picture.reshape(-1).take(places.reshape(*rows.shape[:2], -1)), axis=2)
    medians: list[list[float]] = seen[:, :, _MIDDLE].tolist()
    return medians
