"""Medians, spreads and differences of crowds that a few odd people do not move."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""Temperatures of one group, °C."""

# Two normal values are apart by 0.6745 times the square root of 2 standard deviations (median).
_DISTANCE_TO_SD = float(0.6745 * np.sqrt(2))
# A median's error is 1.2533 x SD / sqrt(n) (any textbook). The median distance tells the spread
# with 0.86 of the best efficiency: its error is SD / sqrt(2 x 0.86 x n) (Bickel and Lehmann).
_MEDIAN_VARIANCE, _SPREAD_VARIANCE = 1.2533**2, 1 / (2 * 0.86)
# The median of all differences (Hodges and Lehmann) is sqrt(3/pi) as efficient as the mean.
_SHIFT_ERROR = float(np.sqrt(np.pi / 3))
# Chosen: no crowd of living people agrees better than the noise of a pixel.
_LEAST_SPREAD_C = 0.05


@dataclass(frozen=True, slots=True)
class Crowd:
    """What a group of people has in common."""

    median_c: float
    """Median skin temperature, °C."""
    spread_c: float
    """Robust standard deviation, °C."""
    people: int
    """How many."""

    def far_c(self, spreads: float) -> float:
        """Return how far above the median so many spreads are, °C, as far as so few people tell.

        Median and spread of a few are uncertain themselves: what belongs to the crowd with the same
        probability lies farther out.
        """
        own = (_MEDIAN_VARIANCE + spreads**2 * _SPREAD_VARIANCE) / self.people
        return spreads * self.spread_c * sqrt(1 + own)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one group is warmer than another."""

    value_c: float
    """Median of all differences between the two, °C."""
    u_c: float
    """Its standard uncertainty, °C."""
    people: tuple[int, int]
    """How many of each group it rests on."""

    def is_significant(self, sigmas: float) -> bool:
        """Whether it is further from nothing than so many standard uncertainties."""
        return abs(self.value_c) >= sigmas * self.u_c


def crowd_of(values: Values) -> Crowd:
    """Return median and robust spread of at least one value."""
    return Crowd(float(np.median(values)), _common_spread([values]), len(values))


def difference(strata: Sequence[tuple[Values, Values]]) -> Difference:
    """Return how much warmer the first groups are than the second ones.

    Only people of the same stratum are compared, so that what both groups of it have in common
    (the train they came with, the hour) does not count.

    Args:
        strata: at least one pair of groups, none of them empty.

    Raises:
        ValueError: if there is nobody to compare.
    """
    if not strata or any(not len(a) or not len(b) for a, b in strata):
        raise ValueError("a difference needs people in both groups of each stratum")
    pairs = np.concatenate([(a[:, None] - b[None, :]).ravel() for a, b in strata])
    weights = [(len(a) * len(b)) ** 2 * (1 / len(a) + 1 / len(b)) for a, b in strata]
    error = float(np.sqrt(sum(weights))) / len(pairs)
    spread_c = _common_spread([group for pair in strata for group in pair])
    people = sum(len(a) for a, _ in strata), sum(len(b) for _, b in strata)
    return Difference(float(np.median(pairs)), _SHIFT_ERROR * spread_c * error, people)


def _common_spread(groups: Sequence[Values]) -> float:
    """Return the robust standard deviation within the groups, however small they are.

    The median distance of two people of the same group needs no middle, which a few people do not
    have (Bickel and Lehmann).
    """
    apart = np.concatenate([_distances(group) for group in groups])
    if not len(apart):
        return _LEAST_SPREAD_C
    return max(float(np.median(apart)) / _DISTANCE_TO_SD, _LEAST_SPREAD_C)


def _distances(group: Values) -> Values:
    first, second = _pairs(len(group))
    return np.abs(group[first] - group[second])


# Groups of one stretch have a few sizes, again and again; making the pairs costs most of it.
@lru_cache(maxsize=64)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices of every two of so many."""
    return np.triu_indices(count, 1)


def standard_deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of a few values; on nine it costs a tenth of numpy's.

    Args:
        values: at least one.
    """
    mean = sum(values) / len(values)
    return sqrt(sum([(value - mean) ** 2 for value in values]) / len(values))
