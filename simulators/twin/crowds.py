"""Who comes when: arrival curves, and ways that cross."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from simulators.twin.assumptions import BODY_ROOM_M
from simulators.twin.people import Waypoint


class Arrivals(StrEnum):
    """How people come."""

    POISSON = "poisson"
    """At random, independent of each other."""
    TRAIN = "train"
    """A train empties: nobody, then a burst that ebbs away."""
    QUEUE = "queue"
    """One after the other at an even pace."""


# A train's crowd ebbs away with this share of the whole time as its time constant (assumed).
_EBB = 0.25
_PACE_JITTER = 0.15
_TRIES = 60


def arrival_times_s(
    rng: np.random.Generator, kind: Arrivals, count: int, seconds: float
) -> list[float]:
    """Return when each of `count` people comes, the first at 0 or later, within `seconds`."""
    curves: dict[Arrivals, Callable[[], np.ndarray[tuple[int], np.dtype[np.float64]]]] = {
        Arrivals.POISSON: lambda: rng.uniform(0, seconds, count),
        Arrivals.TRAIN: lambda: np.minimum(rng.exponential(_EBB * seconds, count), seconds),
        Arrivals.QUEUE: lambda: (
            (np.arange(count) + rng.uniform(-_PACE_JITTER, _PACE_JITTER, count))
            * (seconds / max(count, 1))
        ),
    }
    return sorted(max(float(t), 0.0) for t in curves[kind]())


@dataclass(frozen=True, slots=True)
class Walk:
    """One way, and when it begins."""

    enters_at_s: float
    """When."""
    path: tuple[Waypoint, ...]
    """Where."""

    def places(self, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (sideways, distance) at each time, NaN when not there; shape (times, 2)."""
        ages = [point.age_s for point in self.path]
        at_s = times_s - self.enters_at_s
        coordinates = (
            [point.side_m for point in self.path], [point.distance_m for point in self.path]
        )  # fmt: skip
        lines = [np.interp(at_s, ages, c, left=np.nan, right=np.nan) for c in coordinates]
        return np.stack(lines, axis=1)


def without_collisions(count: int, draw: Callable[[int], Walk], seconds: float) -> list[Walk]:
    """Return ways on which nobody walks through anybody: of several, each the roomiest.

    Args:
        count: how many people.
        draw: draws a way for the person of this number.
        seconds: how long to look ahead.
    """
    times_s = np.arange(0.0, seconds, 0.1)
    walks: list[Walk] = []
    taken: list[NDArray[np.float64]] = []
    for number in range(count):
        best: tuple[float, Walk, NDArray[np.float64]] | None = None
        for _ in range(_TRIES):
            walk = draw(number)
            places = walk.places(times_s)
            room_m = min((_nearest_m(places, other) for other in taken), default=np.inf)
            if best is None or room_m > best[0]:
                best = room_m, walk, places
            if room_m >= BODY_ROOM_M:
                break
        if best is not None:
            walks.append(best[1])
            taken.append(best[2])
    return walks


def _nearest_m(places: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    apart = np.hypot(*(places - other).T)
    return float(np.nanmin(apart)) if np.isfinite(apart).any() else np.inf


def across(
    rng: np.random.Generator, *, half_width_m: Callable[[float], float], from_left: bool,
    near_m: float, far_m: float, speed_m_s: float,
) -> tuple[Waypoint, ...]:  # fmt: skip
    """Return a way from one side of the picture to the other, at a changing distance.

    Args:
        rng: for everything random.
        half_width_m: half the picture's width at a distance.
        from_left: the direction.
        near_m: the least distance.
        far_m: the largest distance.
        speed_m_s: walking speed.
    """
    way = [float(d) for d in rng.uniform(near_m, far_m, 3)]
    sides = [-half_width_m(way[0]) - 0.2, float(rng.uniform(-0.4, 0.4)), half_width_m(way[2]) + 0.2]
    if not from_left:
        sides = [-side for side in sides]
    points, age_s = [Waypoint(0.0, sides[0], way[0])], 0.0
    for i in (1, 2):
        age_s += float(np.hypot(sides[i] - sides[i - 1], way[i] - way[i - 1])) / speed_m_s
        points.append(Waypoint(age_s, sides[i], way[i]))
    return tuple(points)


def towards(
    rng: np.random.Generator, *, half_width_m: Callable[[float], float],
    near_m: float, far_m: float, speed_m_s: float,
) -> tuple[Waypoint, ...]:  # fmt: skip
    """Return a way from far to near whose sides are drawn apart, so that ways cross."""
    share = rng.uniform(-0.8, 0.8, 2)
    start = float(share[0]) * half_width_m(far_m), float(far_m)
    end = float(share[1]) * half_width_m(near_m), float(near_m)
    seconds = float(np.hypot(end[0] - start[0], end[1] - start[1])) / speed_m_s
    leaving_m = 2 * half_width_m(near_m)
    aside = end[0] + (1 if end[0] >= 0 else -1) * leaving_m
    return (
        Waypoint(0.0, *start),
        Waypoint(seconds, *end),
        Waypoint(seconds + leaving_m / speed_m_s, aside, near_m),
    )
