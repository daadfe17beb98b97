"""Which face of a frame continues which track, and where that is not certain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import unlikeness
from station.core.faces import FaceRegion
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
_SMALLEST_MARGIN, _SURPRISE, _OTHER_LOOK, _COMPANY_WIDTHS = 6.0, 12.0, 4.0, 2.5
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
    costs, misfit, look = _costs(tracks, faces, looks, at_s)
    rows, columns = cheapest_pairs(costs)
    fits = costs[rows, columns] < _IMPOSSIBLE
    rows, columns = rows[fits], columns[fits]
    doubt = _is_ambiguous(costs, rows, columns, _SMALLEST_MARGIN)
    unsure = _is_ambiguous(costs, rows, columns, _SURE_MARGIN)
    # Who has nobody near is nobody else, however the box jumps and the look changes.
    fit, alike = misfit[rows, columns], look[rows, columns]
    company = _has_company(tracks, faces, rows, columns, at_s)
    doubt |= ((fit > _SURPRISE) | (alike > _OTHER_LOOK)) & company
    unsure |= ((fit > _SURE_SURPRISE) | (alike > _SURE_LOOK)) & company
    pairs = dict(zip(columns.tolist(), rows.tolist(), strict=True))
    return pairs, set(columns[doubt].tolist()), set(columns[unsure].tolist())


def _costs(
    tracks: Sequence[Track],
    faces: Sequence[FaceRegion],
    looks: tuple[NDArray[np.float64], NDArray[np.bool_]],
    at_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return how badly each face fits each track, and what of it is place and size, and looks.

    As -2 log likelihood up to a constant, shape (tracks, faces); pairs that cannot be the same
    face cost `_IMPOSSIBLE`.
    """
    known = np.array([_known(track) for track in tracks])
    place, speed, log_width, seen_at_s = known[:, :2], known[:, 2:4], known[:, 4], known[:, 5]
    dt = at_s - seen_at_s
    expected = place + speed * dt[:, None]
    apart = expected[:, None] - [face.box.center for face in faces]
    distance = (apart**2).sum(axis=2) / np.exp(2 * log_width)[:, None]
    variance = predicted(known[:, 6:9].T, dt)[0]
    variance = np.minimum(variance, _LARGEST_PLACE_SD**2) + PLACE_SD**2
    growth = np.log([face.box.width for face in faces]) - log_width[:, None]
    size_sd = SIZE_SD + SIZE_SD_PER_S * dt
    misfit = distance / variance[:, None] + (growth / size_sd[:, None]) ** 2
    # A track that has just been seen explains a face better than one whose place is a guess.
    vagueness = 2 * np.log(variance) + 2 * np.log(size_sd) + known[:, 9]
    look = unlikeness([t.look for t in tracks], looks[0], looks[1].astype(np.float64))
    costs = (TAIL + 2) * np.log1p(misfit / TAIL) + vagueness[:, None]
    costs += np.minimum(look, _LOOK_MOST)
    costs += _HIDDEN_COSTS * _hidden(expected, np.exp(log_width))[:, None]
    costs -= 2 * _SCORE_COSTS * np.log([face.score for face in faces])
    # The gate is on place and size alone, so that a shutter correction loses nobody.
    is_far = (misfit > _LARGEST_MISFIT) & (distance > _LARGEST_JUMP**2)
    costs[is_far | (abs(growth) > _LARGEST_GROWTH) | (costs > _UNFIT)] = _IMPOSSIBLE
    return costs, misfit, look


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
    apart = abs(expected[:, None] - expected) / np.maximum(width[:, None], width)[:, :, None]
    overlap = np.clip(1 - apart[:, :, 0] / _FACE_ASPECT, 0, 1) * np.clip(1 - apart[:, :, 1], 0, 1)
    is_nearer = width > _NEARER * width[:, None]
    behind: NDArray[np.float64] = np.minimum(2 * (overlap * is_nearer).max(axis=1), 1)
    return behind


def _has_company(
    tracks: Sequence[Track],
    faces: Sequence[FaceRegion],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    at_s: float,
) -> NDArray[np.bool_]:
    """Return for each pair whether another face, seen or expected, is near."""
    place = np.array([face.box.center for face in faces])
    reach = _COMPANY_WIDTHS * np.array([face.box.width for face in faces])[columns, None]
    expected = np.array([track.expected(at_s) for track in tracks])
    near: NDArray[np.intp] = np.zeros(len(rows), dtype=np.intp)
    for others, own in ((place, columns), (expected, rows)):
        apart = np.hypot(*(place[columns][:, None] - others).transpose(2, 0, 1))
        apart[np.arange(len(own)), own] = np.inf
        near += (apart < reach).sum(axis=1)
    company: NDArray[np.bool_] = near > 0
    return company


def _is_ambiguous(
    costs: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp], margin: float
) -> NDArray[np.bool_]:
    """Return for each pair whether another assignment explains the frame nearly as well."""
    crossed = costs[np.ix_(rows, columns)]
    chosen = np.diag(crossed)
    exchange = crossed + crossed.T - chosen[:, None] - chosen
    np.fill_diagonal(exchange, np.inf)
    doubt: NDArray[np.bool_] = np.any(exchange < margin, axis=1)
    is_lost = np.ones(len(costs), dtype=np.bool_)
    is_lost[rows] = False
    doubt |= (costs[is_lost][:, columns] - chosen < margin).any(axis=0)
    is_new = np.ones(costs.shape[1], dtype=np.bool_)
    is_new[columns] = False
    doubt |= (costs[rows][:, is_new] - chosen[:, None] < margin).any(axis=1)
    return doubt
