"""How a head looks in the infrared: enough to tell two people apart who cross, not to know them.

The numbers are temperatures of a few zones. They live as long as the track of a face does, and are
never stored or sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.faces import FaceRegion

# Zones in fractions of the face box (top, bottom, left, right): hairline, forehead, eyes, below the
# eyes, nose, mouth, chin, throat and chest. Hair, glasses, masks, beards and clothes differ by
# degrees from person to person.
_ZONES = (
    (0.00, 0.13, 0.25, 0.75),
    (0.17, 0.27, 0.25, 0.75),
    (0.40, 0.48, 0.12, 0.88),
    (0.52, 0.58, 0.20, 0.80),
    (0.60, 0.66, 0.32, 0.68),
    (0.70, 0.82, 0.32, 0.68),
    (0.88, 0.98, 0.32, 0.68),
    (1.08, 1.20, 0.38, 0.62),
    (1.50, 1.75, 0.35, 0.65),
)
_POINTS = (2, 6)


def _grid() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rows and columns of each zone's points, shape (zones * points,)."""
    rows, columns = [], []
    for top, bottom, left, right in _ZONES:
        row, column = np.meshgrid(
            np.linspace(top, bottom, _POINTS[0]), np.linspace(left, right, _POINTS[1]),
            indexing="ij",
        )  # fmt: skip
        rows.append(row.ravel())
        columns.append(column.ravel())
    return np.concatenate(rows), np.concatenate(columns)


_ROWS, _COLUMNS = _grid()
_MIDDLES = np.array([((t + b) / 2, (left + r) / 2) for t, b, left, r in _ZONES])
ZONES = len(_ZONES)
# Whoever is not clearly smaller may stand in front, and hides with head and shoulders: half width
# in face widths, from so many face heights below the top.
_IN_FRONT, _ABOVE, _HEAD_WIDTHS, _SHOULDER_WIDTHS, _SHOULDERS_FROM = 0.9, -0.1, 0.6, 1.4, 1.2


def appearances(
    picture: NDArray[np.float32], faces: Sequence[FaceRegion]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return each head's mean temperatures by zone, °C, and which zones are seen.

    Both of shape (faces, zones). A zone outside the picture or behind another face is not seen.

    Args:
        picture: apparent °C, float32, (rows, columns), upright.
        faces: where the faces are.
    """
    if not faces:
        return np.zeros((0, ZONES)), np.zeros((0, ZONES), dtype=np.bool_)
    boxes = np.array([(f.box.top, f.box.left, f.box.height, f.box.width) for f in faces])
    top, left, height, width = boxes.T[:, :, None]
    rows = np.clip(top + _ROWS * height, 0, picture.shape[0] - 1).astype(np.intp)
    columns = np.clip(left + _COLUMNS * width, 0, picture.shape[1] - 1).astype(np.intp)
    means = picture[rows, columns].reshape(len(faces), ZONES, -1).mean(axis=2, dtype=np.float64)
    return means, _seen(boxes, picture.shape)


def _seen(boxes: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which zones of each face nobody hides, shape (faces, zones)."""
    top, left, height, width = boxes.T[:, :, None]
    rows, columns = top + _MIDDLES[:, 0] * height, left + _MIDDLES[:, 1] * width
    seen: NDArray[np.bool_] = (
        (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    )
    if len(boxes) > 1:
        below = (rows[:, None] - top) / height
        aside = abs(columns[:, None] - left - width / 2) / width
        reach = np.where(below < _SHOULDERS_FROM, _HEAD_WIDTHS, _SHOULDER_WIDTHS)
        is_over = (below > _ABOVE) & (aside < reach)
        is_over &= (width[:, 0] > _IN_FRONT * width)[:, :, None]
        is_over[np.arange(len(boxes)), np.arange(len(boxes))] = False
        seen &= ~is_over.any(axis=1)
    return seen


# What tells people apart: single zones, and the mean of those that a mask covers, which all warm
# and cool together as one breathes.
_FIRST_ZONES, _ZONE_COUNTS = np.array([0, 1, 2, 3, 4, 7, 8]), np.array([1, 1, 1, 1, 3, 1, 1])
# Standard deviations by trait, °C: of a head that turns or comes nearer, and between people; then
# of one frame. In so many cases a trait says nothing: a stranger's shoulder covers it. (Chosen from
# faces of the twin's crowds.)
_SLOW_SD_C = np.array([0.4, 0.3, 0.4, 0.5, 0.8, 0.9, 0.8])
_BETWEEN_SD_C = np.array([1.5, 1.5, 1.5, 0.85, 0.9, 0.85, 1.9])
_FRAME_SD_C, _SAYS_NOTHING = 0.45, 0.1
# Traits say partly the same.
_SHARE = 0.8


@dataclass(slots=True, eq=False)
class Look:
    """What is remembered of one head."""

    mean_c: NDArray[np.float64]
    """Mean temperature by zone, °C."""
    frames: NDArray[np.float64]
    """How many frames each zone's mean is worth."""
    most_frames: float
    """How many it is worth at most: what is older is forgotten."""


def learn(looks: Sequence[Look], seen_c: NDArray[np.float64], is_seen: NDArray[np.bool_]) -> None:
    """Let each memory take another sight, both of shape (looks, zones)."""
    frames = np.array([look.frames for look in looks])
    mean_c = np.array([look.mean_c for look in looks])
    most = np.array([look.most_frames for look in looks])[:, None]
    frames = np.where(is_seen, np.minimum(frames + 1, most), frames)
    mean_c += np.where(is_seen, 1 / np.maximum(frames, 1), 0.0) * (seen_c - mean_c)
    for look, mean, count in zip(looks, mean_c, frames, strict=True):
        look.mean_c, look.frames = mean, count


def look_of(seen_c: NDArray[np.float64], is_seen: NDArray[np.bool_], most_frames: float) -> Look:
    """Return the memory of a first sight."""
    return Look(np.where(is_seen, seen_c, 0.0), is_seen.astype(np.float64), most_frames)


def copy(look: Look, most_frames: float | None = None) -> Look:
    """Return another memory of the same, which may hold less."""
    most = look.most_frames if most_frames is None else most_frames
    return Look(look.mean_c, np.minimum(look.frames, most), most)


def unlikeness(
    known: Sequence[Look], mean_c: NDArray[np.float64], frames: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return by how much each pair looks rather like two people than like one.

    -2 log of the likelihood ratio, shape (known, others); 0 says nothing, below is alike.

    Args:
        known: heads that are remembered.
        mean_c: other heads' temperatures by zone, °C, shape (others, zones).
        frames: how many frames each is worth, 0 for a zone that was not seen, same shape.
    """
    own_c = np.array([look.mean_c for look in known])[:, None]
    own_frames = np.array([look.frames for look in known])[:, None]
    return _unlikeness(own_c, own_frames, mean_c, frames)


def change(
    known: Sequence[Look], mean_c: NDArray[np.float64], frames: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return `unlikeness` of each known head and the other in its place, shape (known,)."""
    own_c = np.array([look.mean_c for look in known])
    return _unlikeness(own_c, np.array([look.frames for look in known]), mean_c, frames)


def _unlikeness(
    own_c: NDArray[np.float64],
    own_frames: NDArray[np.float64],
    mean_c: NDArray[np.float64],
    frames: NDArray[np.float64],
) -> NDArray[np.float64]:
    own_frames = np.minimum.reduceat(own_frames, _FIRST_ZONES, axis=-1)
    frames = np.minimum.reduceat(frames, _FIRST_ZONES, axis=-1)
    few = 1 / np.maximum(own_frames, 1) + 1 / np.maximum(frames, 1)
    variance = _SLOW_SD_C**2 + _FRAME_SD_C**2 * few
    wide = variance + 2 * _BETWEEN_SD_C**2
    apart = np.add.reduceat(own_c - mean_c, _FIRST_ZONES, axis=-1) / _ZONE_COUNTS
    ratio = np.sqrt(wide / variance) * np.exp(apart * apart * (0.5 / wide - 0.5 / variance))
    said = np.log((1 - _SAYS_NOTHING) * ratio + _SAYS_NOTHING)
    total: NDArray[np.float64] = (-2 * _SHARE) * (said * (own_frames * frames > 0)).sum(axis=-1)
    return total
