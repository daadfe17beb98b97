"""How a head looks in the infrared: enough to tell two people apart who cross, not to know them.

A head is a grid of cells, and a trait a weighted sum of their temperatures: hair, ears, glasses,
masks and beards differ by degrees from person to person. The weights are learnt, so that traits
differ as much as possible between people and as little as possible from one sight of a person to
the next (`look_table`). Traits live as long as the track of a face does, and are never stored or
sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import FaceRegion, corners
from station.core.look_table import BETWEEN, LEARNT_FRAMES, OFFSETS, ROOM, SIGHT, WEIGHTS

# In so many cases the look says nothing: the box lies on somebody else, or on two people at once.
# More than so much it never says.
_SAYS_NOTHING, _MOST = 0.03, 24.0
# The grid, in fractions of the face box; each cell is the mean of 2 x 2 points.
_TOP, _BOTTOM, _LEFT, _RIGHT = -0.15, 1.05, -0.1, 1.1
_CELL_ROWS, _CELL_COLUMNS, _POINTS = 8, 6, 2
TRAITS = len(BETWEEN)
# A head is seen if so much of it is, at the middles of a coarser grid.
_CHECKED, _LEAST_SEEN = (4, 3), 0.8


def _grid(rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rows and columns of the middles of a grid's cells."""
    row = _TOP + (_BOTTOM - _TOP) * (np.arange(rows) + 0.5) / rows
    column = _LEFT + (_RIGHT - _LEFT) * (np.arange(columns) + 0.5) / columns
    return row, column


_ROWS, _COLUMNS = _grid(_CELL_ROWS * _POINTS, _CELL_COLUMNS * _POINTS)
_CHECKED_ROWS, _CHECKED_COLUMNS = (
    middles.ravel() for middles in np.meshgrid(*_grid(*_CHECKED), indexing="ij")
)
# Of two people the larger and lower stands in front: how much larger (logarithm), and how much
# lower (heights), tell the same. It hides what is below its top, in its heights, with head and
# shoulders: half width in face widths, and from how far down.
_LARGER, _LOWER = 0.08, 0.5
_ABOVE, _HEAD_WIDTHS, _SHOULDER_WIDTHS, _SHOULDERS_FROM = -0.1, 0.6, 1.4, 1.2


def appearances(
    picture: NDArray[np.float32], faces: Sequence[FaceRegion]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each head's traits, shape (faces, traits), and which heads are seen, shape (faces,).

    A head that reaches out of the picture or stands behind another is not seen.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        faces: where the faces are.
    """
    if not faces:
        return np.zeros((0, TRAITS)), np.zeros(0, dtype=np.bool_)
    boxes = corners(face.box for face in faces)
    boxes[:, 2:] -= boxes[:, :2]
    return cells(picture, boxes) @ WEIGHTS - OFFSETS, are_seen(boxes, picture.shape)


def cells(picture: NDArray[np.float32], boxes: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the mean temperatures of each head's cells, °C, shape (boxes, cells).

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        boxes: top, left, height and width of each face, px, shape (boxes, 4).
    """
    top, left, height, width = boxes.T[:, :, None]
    rows = np.minimum(np.maximum(top + _ROWS * height, 0), picture.shape[0] - 1).astype(np.intp)
    columns = np.minimum(np.maximum(left + _COLUMNS * width, 0), picture.shape[1] - 1)
    places = rows[:, :, None] * picture.shape[1] + columns.astype(np.intp)[:, None, :]
    points = picture.reshape(-1).take(places)
    # Two by two; numpy's mean over two axes takes six times as long.
    across = points[:, :, ::_POINTS] + points[:, :, 1::_POINTS]
    means = (across[:, ::_POINTS] + across[:, 1::_POINTS]) / _POINTS**2
    flat: NDArray[np.float32] = means.reshape(len(boxes), -1)
    return flat


def are_seen(boxes: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which heads are in the picture and not behind another, shape (boxes,).

    Args:
        boxes: top, left, height and width of each face, px, shape (boxes, 4).
        shape: rows and columns of the picture.
    """
    if len(boxes) == 1 and _is_within(boxes[0].tolist(), shape):
        return np.ones(1, dtype=np.bool_)
    top, left, height, width = boxes.T[:, :, None]
    rows, columns = top + _CHECKED_ROWS * height, left + _CHECKED_COLUMNS * width
    seen = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    if len(boxes) > 1:
        behind, nearer = _neighbours(boxes)
        if len(behind):
            is_over = _covers(boxes[nearer], rows[behind], columns[behind])
            first = np.flatnonzero(np.diff(behind, prepend=-1))
            seen[behind[first]] &= ~np.logical_or.reduceat(is_over, first, axis=0)
    enough: NDArray[np.bool_] = seen.mean(axis=1) >= _LEAST_SEEN
    return enough


def _is_within(box: list[float], shape: tuple[int, ...]) -> bool:
    """Whether a head is in the picture altogether: by far the most heads that are alone."""
    top, left, height, width = box
    bottom, right = top + _BOTTOM * height, left + _RIGHT * width
    is_begun = top + _TOP * height >= 0 and left + _LEFT * width >= 0
    return is_begun and bottom < shape[0] and right < shape[1]


def _neighbours(boxes: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return heads, ascending, each with one that is nearer to the camera and may hide it."""
    top, left, height, width = boxes.T
    bottom, middle = top + height, left + width / 2
    is_near = abs(middle[:, None] - middle) < _SHOULDER_WIDTHS * width + width[:, None] / 2
    is_near &= bottom[:, None] > top + _ABOVE * height
    np.fill_diagonal(is_near, val=False)
    behind, nearer = np.nonzero(is_near)
    lower = bottom[nearer] - bottom[behind]
    larger = np.log(width[nearer] / width[behind])
    is_nearer = larger / _LARGER + lower / height[behind] / _LOWER > 0
    return behind[is_nearer], nearer[is_nearer]


def _covers(
    boxes: NDArray[np.float64], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return for each head which of some points are behind it or the shoulders below it."""
    top, left, height, width = boxes.T[:, :, None]
    below = (rows - top) / height
    aside = abs(columns - left - width / 2) / width
    reach = np.where(below < _SHOULDERS_FROM, _HEAD_WIDTHS, _SHOULDER_WIDTHS)
    covers: NDArray[np.bool_] = (below > _ABOVE) & (aside < reach)
    return covers


@dataclass(slots=True, eq=False)
class Look:
    """What is remembered of one head."""

    mean: NDArray[np.float64]
    """Mean of each trait."""
    frames: float
    """How many frames the mean is worth."""
    most_frames: float
    """How many it is worth at most: what is older is forgotten."""


def learn(looks: Sequence[Look], seen: NDArray[np.float64], is_seen: NDArray[np.bool_]) -> None:
    """Let each memory take another sight: traits, and whether the head was seen."""
    known = [look for look, is_it in zip(looks, is_seen.tolist(), strict=True) if is_it]
    if not known:
        return
    for look in known:
        look.frames = min(look.frames + 1, look.most_frames)
    means = np.array([look.mean for look in known])
    means += (seen[is_seen] - means) / np.array([look.frames for look in known])[:, None]
    for look, mean in zip(known, means, strict=True):
        look.mean = mean


def look_of(seen: NDArray[np.float64], is_seen: np.bool_, most_frames: float) -> Look:
    """Return the memory of a first sight."""
    return Look(seen, float(is_seen), most_frames)


def copy(look: Look, most_frames: float | None = None) -> Look:
    """Return another memory of the same, which may hold less."""
    most = look.most_frames if most_frames is None else most_frames
    return Look(look.mean, min(look.frames, most), most)


def together(one: Look, other: Look) -> Look:
    """Return the memory of two that are of the same head."""
    frames = one.frames + other.frames
    mean = (one.mean * one.frames + other.mean * other.frames) / max(frames, 1.0)
    most = max(one.most_frames, other.most_frames)
    return Look(mean, min(frames, most), most)


def unlikeness(
    known: Sequence[Look], mean: NDArray[np.float64], frames: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return by how much each pair looks rather like two people than like one.

    -2 log of the likelihood ratio, shape (known, others); 0 says nothing, below is alike.

    Args:
        known: heads that are remembered.
        mean: other heads' traits, shape (others, traits).
        frames: how many frames each is worth, 0 for a head that was not seen, shape (others,).
    """
    own = np.array([look.mean for look in known])[:, None]
    own_frames = np.array([look.frames for look in known])[:, None]
    return _unlikeness(own, own_frames, mean, frames)


def change(
    known: Sequence[Look], mean: NDArray[np.float64], frames: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return `unlikeness` of each known head and the other in its place, shape (known,)."""
    own = np.array([look.mean for look in known])
    return _unlikeness(own, np.array([look.frames for look in known]), mean, frames)


def _unlikeness(
    own: NDArray[np.float64],
    own_frames: NDArray[np.float64],
    other: NDArray[np.float64],
    other_frames: NDArray[np.float64],
) -> NDArray[np.float64]:
    # Variance of each memory around what people of this room share, and what the two share if they
    # are two people, or one.
    own_wide, other_wide = _variance(own_frames), _variance(other_frames)
    apart = own_wide * other_wide - ROOM**2
    alike = own_wide * other_wide - (ROOM + BETWEEN) ** 2
    squares = own * own * other_wide + other * other * own_wide
    said = squares * (1 / alike - 1 / apart) + np.log(alike / apart)
    said -= 2 * own * other * ((ROOM + BETWEEN) / alike - ROOM / apart)
    ratio = np.exp(-0.5 * np.minimum(np.maximum(said.sum(axis=-1), -_MOST), _MOST))
    total: NDArray[np.float64] = -2 * np.log((1 - _SAYS_NOTHING) * ratio + _SAYS_NOTHING)
    return total * (own_frames * other_frames > 0)


def _variance(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    few = 1 / np.maximum(frames, 1) - 1 / LEARNT_FRAMES
    variance: NDArray[np.float64] = ROOM + BETWEEN + 1 + SIGHT * few[..., None]
    return variance
