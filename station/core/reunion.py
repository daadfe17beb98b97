"""Whose number a face bears that has come into sight: that of somebody known, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.core.appearance import unlikeness
from station.core.pairing import cheapest_pairs
from station.core.tracks import (
    FIRST_SPEED_SD,
    PLACE_SD,
    SIZE_SD,
    SIZE_SD_PER_S,
    TAIL,
    Track,
    beginning,
    predicted,
)

# What it costs that somebody is new, and that somebody has turned out of sight, each as -2 log
# likelihood (chosen from crowds of the twin).
_NEW_COSTS, _TURN_COSTS = 10.0, 4.0
# Most go on as fast as they were: the tails of how their speeds differ (Student's t).
_SPEED_TAIL = 3.0
_IMPOSSIBLE = 1000.0
_LARGEST_GROWTH = float(np.log(2.2))
# A width is smoothed over so long.
_SMOOTHED_S = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who a face is, as far as can be told."""

    lost: int | None
    """Which of the lost tracks it continues, or None for somebody new."""
    margin: float
    """By how much this explains the faces better than anything else, -2 log likelihood."""


def verdicts(
    lost: Sequence[Track], fresh: Sequence[Track], shape: tuple[int, ...]
) -> list[Verdict]:
    """Return for each fresh track who it is.

    Args:
        lost: tracks with a number that are not seen.
        fresh: tracks without a number.
        shape: rows and columns of the picture.
    """
    costs = np.full((len(fresh), len(lost) + len(fresh)), _IMPOSSIBLE)
    if lost:
        costs[:, : len(lost)] = _costs(lost, fresh, shape)
    costs[np.arange(len(fresh)), len(lost) + np.arange(len(fresh))] = _NEW_COSTS
    rows, columns = cheapest_pairs(costs)
    best = costs[rows, columns].sum()
    said = []
    for i, j in zip(rows, columns, strict=True):
        without = costs.copy()
        without[i, j] = _IMPOSSIBLE
        margin = without[cheapest_pairs(without)].sum() - best
        said.append(Verdict(int(j) if j < len(lost) else None, float(margin)))
    return said


def _costs(
    lost: Sequence[Track], fresh: Sequence[Track], shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return how badly each fresh track continues each lost one, shape (fresh, lost)."""
    dt = np.array([t.began_at_s for t in fresh])[:, None] - [t.seen_at_s for t in lost]
    late = np.maximum(dt, 0.0)
    log_width = np.array([t.log_width for t in lost])
    growth = np.array([t.log_width for t in fresh])[:, None] - log_width
    sizes = (growth / (SIZE_SD + SIZE_SD_PER_S * (late + _SMOOTHED_S))) ** 2
    place, velocity = (np.array([getattr(t, name) for t in lost]) for name in ("place", "velocity"))
    spread = np.array([t.spread for t in lost]).T
    # Straight on and as fast as before; or, where it turned, back from there to where it was.
    ahead = place + velocity * late[..., None]
    width = np.exp(log_width)[:, None]
    straight = _motion_costs(fresh, (ahead / width, velocity / width), (width, spread, late), sizes)
    began_at = np.array([t.began_at for t in fresh])[:, None]
    back = began_at - np.array([t.velocity for t in fresh])[:, None] * late[..., None] - place
    fresh_spread = np.array([t.spread for t in fresh]).T[:, :, None]
    variance = predicted(fresh_spread, late)[0] + spread[0] + 2 * PLACE_SD**2
    turned = _place_costs(back / width, variance, sizes)
    costs = np.minimum(straight, turned + _TURN_COSTS)
    fresh_look = np.array([t.look.mean for t in fresh]), np.array([t.look.frames for t in fresh])
    costs += unlikeness([t.look for t in lost], *fresh_look).T
    # Who has left the picture is not the one who comes in there.
    has_left = ((ahead < 0) | (ahead > shape[:2])).any(axis=2)
    costs[has_left | (dt <= 0) | (abs(growth) > _LARGEST_GROWTH)] = _IMPOSSIBLE
    return np.asarray(np.minimum(costs, _IMPOSSIBLE))


def _motion_costs(
    fresh: Sequence[Track],
    expected: tuple[NDArray[np.float64], NDArray[np.float64]],
    lost: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    sizes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how badly where and how fast faces came into sight fits those that go straight on.

    Args:
        fresh: their tracks.
        expected: places, shape (fresh, lost, 2), and speeds, (lost, 2), in each lost one's widths.
        lost: widths, px, shape (lost, 1), and variances when lost; how late, (fresh, lost).
        sizes: how badly the sizes fit, shape (fresh, lost).
    """
    width, spread, late = lost
    began = [beginning(track) for track in fresh]
    place, speed = (np.array([one[i] for one in began])[:, None] for i in range(2))
    known = np.array([one[2] for one in began]).T[..., None]
    place_var, both, speed_var = (
        then + now for then, now in zip(predicted(spread, late), known, strict=True)
    )
    place_var = place_var + PLACE_SD**2
    apart = expected[0] - place / width
    # Who came in somewhat farther on than expected is expected to be somewhat faster.
    faster = expected[1] - speed / width - (both / place_var)[..., None] * apart
    fits = _speed_costs(faster, speed_var - both**2 / place_var)
    fresh_width = np.exp([track.log_width for track in fresh])[:, None, None]
    anybody = _speed_costs(speed / fresh_width, FIRST_SPEED_SD**2 + known[2])
    return _place_costs(apart, place_var, sizes) + fits - anybody


def _place_costs(
    apart: NDArray[np.float64], variance: NDArray[np.float64], sizes: NDArray[np.float64]
) -> NDArray[np.float64]:
    misfit = (apart**2).sum(axis=2) / variance + sizes
    costs = (TAIL + 2) * np.log1p(misfit / TAIL)
    return np.asarray(costs + 2 * np.log(2 * np.pi * variance))


def _speed_costs(apart: NDArray[np.float64], variance: NDArray[np.float64]) -> NDArray[np.float64]:
    misfit = (apart**2).sum(axis=2) / variance
    costs = (_SPEED_TAIL + 2) * np.log1p(misfit / _SPEED_TAIL)
    return np.asarray(costs + 2 * np.log(variance))
