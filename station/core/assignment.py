"""Which face of a frame continues which track, and where that is not certain."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, log1p

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import change
from station.core.faces import FaceRegion, corners
from station.core.pairing import cheapest_pairs
from station.core.tracks import PLACE_SD, SIZE_SD, SIZE_SD_PER_S, TAIL, Track, predicted

_LARGEST_PLACE_SD = 0.3
# The look counts up to this much: a turned head or a shutter correction changes all of it.
_LOOK_MOST = 11.0
# Beyond these a face is somebody else's.
_LARGEST_MISFIT, _LARGEST_JUMP, _LARGEST_GROWTH, _UNFIT = 28.0, 0.5, float(np.log(1.6)), 8.0
_IMPOSSIBLE = 1000.0
# A nearer face hides one behind it; a track without a number gives way; a faint face is doubtful.
_HIDDEN_COSTS, _NEARER, _FACE_ASPECT = 3.0, 1.03, 1.35
_UNKNOWN_COSTS, _SCORE_COSTS = 1.0, 4.0
# What leaves a doubt: another assignment that is worse by less, a place or size that was not
# expected, a look of somebody else. (All of -2 log likelihood, chosen from crowds of the twin.)
_SMALLEST_MARGIN, _SURPRISE, _OTHER_LOOK, _COMPANY_WIDTHS = 4.0, 12.0, 4.0, 2.5
# Less already makes it unsure in this frame whose face it is.
_SURE_MARGIN, _SURE_SURPRISE, _SURE_LOOK = 10.0, 8.0, 0.0


def assigned(
    tracks: Sequence[Track],
    faces: Sequence[FaceRegion],
    looks: tuple[NDArray[np.float64], NDArray[np.bool_]],
    at_s: float,
) -> tuple[dict[int, int], set[int], set[int]]:
    """Return the track of each face that has one, the faces for which it is in doubt, or unsure.

    Where it is in doubt, only further frames tell who it is; unsure it is in this frame alone.

    Args:
        tracks: known faces.
        faces: the frame's faces.
        looks: how these look, see `station.core.appearance.appearances`.
        at_s: the frame's monotonic time.
    """
    if not tracks or not faces:
        return {}, set(), set()
    if len(tracks) == len(faces) == 1:
        # Mostly one person at a time stands before a camera; with nobody else there is no doubt.
        pairs = {0: 0} if _goes_on(tracks[0], faces[0], looks, at_s) else {}
        return pairs, set(), set()
    fit = _fit(tracks, faces, looks, at_s)
    rows, columns = cheapest_pairs(fit.costs)
    is_one = fit.costs[rows, columns] < _IMPOSSIBLE
    rows, columns = rows[is_one], columns[is_one]
    margins = _margins(fit.costs, rows, columns)
    doubt, unsure = margins < _SMALLEST_MARGIN, margins < _SURE_MARGIN
    misfit, look = fit.misfit[rows, columns], fit.look[rows, columns]
    odd = np.flatnonzero((misfit > _SURE_SURPRISE) | (look > _SURE_LOOK))
    if len(odd):
        # Who has nobody near is nobody else, however the box jumps and the look changes.
        odd = odd[_has_company(fit.expected, faces, rows[odd], columns[odd])]
        unsure[odd] = True
        doubt[odd] |= (misfit[odd] > _SURPRISE) | (look[odd] > _OTHER_LOOK)
    pairs = dict(zip(columns.tolist(), rows.tolist(), strict=True))
    return pairs, set(columns[doubt].tolist()), set(columns[unsure].tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """How badly each face fits each track, -2 log likelihood up to a constant, (tracks, faces)."""

    costs: NDArray[np.float64]
    """All together; pairs that cannot be the same face cost `_IMPOSSIBLE`."""
    misfit: NDArray[np.float64]
    """What of it is place and size."""
    look: NDArray[np.float64]
    """What of it are looks; 0 where place and size alone say who it is not."""
    expected: NDArray[np.float64]
    """Where each track should be, (row, column), shape (tracks, 2)."""


def _fit(
    tracks: Sequence[Track],
    faces: Sequence[FaceRegion],
    looks: tuple[NDArray[np.float64], NDArray[np.bool_]],
    at_s: float,
) -> _Fit:
    known = np.array([_known(track) for track in tracks])
    place, speed, log_width, seen_at_s = known[:, :2], known[:, 2:4], known[:, 4], known[:, 5]
    dt = at_s - seen_at_s
    expected = place + speed * dt[:, None]
    boxes = corners(face.box for face in faces)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    down, across = (expected[:, i, None] - middles[:, i] for i in range(2))
    distance = (down * down + across * across) / np.exp(2 * log_width)[:, None]
    variance = predicted(known[:, 6:9].T, dt)[0]
    variance = np.minimum(variance, _LARGEST_PLACE_SD**2) + PLACE_SD**2
    growth = np.log(boxes[:, 3] - boxes[:, 1]) - log_width[:, None]
    size_sd = SIZE_SD + SIZE_SD_PER_S * dt
    misfit = distance / variance[:, None] + (growth / size_sd[:, None]) ** 2
    # The gate is on place and size alone, so that a shutter correction loses nobody.
    is_near = (misfit <= _LARGEST_MISFIT) | (distance <= _LARGEST_JUMP**2)
    i, j = np.nonzero(is_near & (abs(growth) <= _LARGEST_GROWTH))
    costs, look = np.full(misfit.shape, _IMPOSSIBLE), np.zeros(misfit.shape)
    if len(i):
        # A track that has just been seen explains a face better than one whose place is a guess.
        vagueness = 2 * np.log(variance) + 2 * np.log(size_sd) + known[:, 9]
        near = (TAIL + 2) * np.log1p(misfit[i, j] / TAIL) + vagueness[i]
        own = [tracks[one].look for one in i.tolist()]
        alike = look[i, j] = change(own, looks[0][j], looks[1][j].astype(np.float64))
        near += np.minimum(alike, _LOOK_MOST)
        near += (_HIDDEN_COSTS * _hidden(expected, np.exp(log_width)))[i]
        near -= (2 * _SCORE_COSTS * np.log([face.score for face in faces]))[j]
        costs[i, j] = np.where(near > _UNFIT, _IMPOSSIBLE, near)
    return _Fit(costs, misfit, look, expected)


def _goes_on(
    track: Track,
    face: FaceRegion,
    looks: tuple[NDArray[np.float64], NDArray[np.bool_]],
    at_s: float,
) -> bool:
    """Whether the only face continues the only track, as `_fit` would say, in a sixth of its time.

    Looks are compared only where they could matter.
    """
    dt, (row, column), middle = at_s - track.seen_at_s, track.expected(at_s), face.box.center
    down, across = row - middle[0], column - middle[1]
    distance = (down * down + across * across) / exp(2 * track.log_width)
    variance = min(predicted(track.spread, dt)[0], _LARGEST_PLACE_SD**2) + PLACE_SD**2
    growth, size_sd = log(face.box.width) - track.log_width, SIZE_SD + SIZE_SD_PER_S * dt
    misfit = distance / variance + (growth / size_sd) ** 2
    is_near = misfit <= _LARGEST_MISFIT or distance <= _LARGEST_JUMP**2
    if not is_near or abs(growth) > _LARGEST_GROWTH:
        return False
    costs = (TAIL + 2) * log1p(misfit / TAIL) + 2 * log(variance) + 2 * log(size_sd)
    costs += (_UNKNOWN_COSTS if track.traveller is None else 0.0) - 2 * _SCORE_COSTS * log(
        face.score
    )
    if costs + _LOOK_MOST > _UNFIT:
        alike = change([track.look], looks[0], looks[1].astype(np.float64)).item()
        costs += min(alike, _LOOK_MOST)
    return costs <= _UNFIT


def _known(track: Track) -> tuple[float, ...]:
    place, speed, spread = track.place, track.velocity, track.spread
    unknown = _UNKNOWN_COSTS if track.traveller is None else 0.0
    return (*place, *speed, track.log_width, track.seen_at_s, *spread, unknown)


def _hidden(expected: NDArray[np.float64], width: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each track how far it stands behind a nearer one, 0 to 1.

    The larger face is the nearer: where two are expected and one is seen, it is that one.
    """
    if len(width) < 2:  # noqa: PLR2004 - nobody stands before anybody
        return np.zeros(len(width))
    larger = np.maximum(width[:, None], width)
    down, across = (abs(row[:, None] - row) / larger for row in expected.T)
    overlap = np.minimum(np.maximum(1 - down / _FACE_ASPECT, 0), 1)
    overlap *= np.minimum(np.maximum(1 - across, 0), 1)
    is_nearer = width > _NEARER * width[:, None]
    behind: NDArray[np.float64] = np.minimum(2 * (overlap * is_nearer).max(axis=1), 1)
    return behind


def _has_company(
    expected: NDArray[np.float64],
    faces: Sequence[FaceRegion],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Return for each pair of track and face whether another face, seen or expected, is near."""
    boxes = corners(face.box for face in faces)
    place = (boxes[:, :2] + boxes[:, 2:]) / 2
    reach = _COMPANY_WIDTHS * (boxes[columns, 3] - boxes[columns, 1])[:, None]
    company: NDArray[np.bool_] = np.zeros(len(rows), dtype=np.bool_)
    for others, own in ((place, columns), (expected, rows)):
        apart = np.hypot(*(place[columns][:, None] - others).transpose(2, 0, 1))
        apart[np.arange(len(own)), own] = np.inf
        company |= (apart < reach).any(axis=1)
    return company


def _margins(
    costs: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return for each pair by how much the nearest other assignment with another pair is worse."""
    crossed = costs[rows[:, None], columns]
    chosen = np.diag(crossed)
    exchange = crossed + crossed.T - chosen[:, None] - chosen
    np.fill_diagonal(exchange, np.inf)
    margins: NDArray[np.float64] = exchange.min(axis=1, initial=np.inf)
    if len(rows) < costs.shape[0]:
        lost = costs[:, columns] - chosen
        lost[rows] = np.inf
        margins = np.minimum(margins, lost.min(axis=0))
    if len(rows) < costs.shape[1]:
        new = costs[rows] - chosen[:, None]
        new[:, columns] = np.inf
        margins = np.minimum(margins, new.min(axis=1))
    return margins
