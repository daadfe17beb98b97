"""Camera against camera: do the crowds of one station's cameras have the same temperature?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from math import isfinite, log, sqrt

import numpy as np

from station.core.extraction import Site
from station.core.passages import Passage
from station.core.robust import Difference, Values, difference

# Chosen: a handful tells nothing of its stretch of time.
_LEAST_PEOPLE = 4


@dataclass(frozen=True, slots=True)
class BiasLimits:
    """What the comparison rests on and when it raises an alarm."""

    stretch_s: float
    """The latest stretch of time that is compared, seconds."""
    slice_s: float
    """Only people who came within the same slice of it are compared, seconds."""
    min_people: int
    """Fewer people of a camera tell nothing."""
    alarm_c: float
    """A difference that may be as large as this raises an alarm, °C."""
    alarm_sigmas: float
    """If it is so many standard uncertainties from nothing; more among several cameras."""
    clear_c: float
    """The alarm ends when the difference is below this, °C."""


@dataclass(frozen=True, slots=True)
class CameraBias:
    """Two cameras see the same crowd differently."""

    warmer: str
    """The camera that reads higher."""
    cooler: str
    """The camera that reads lower."""
    difference_c: float
    """By how much, °C."""
    u_c: float
    """Its standard uncertainty, °C."""
    people: tuple[int, int]
    """How many people of each it rests on."""
    stands_out: str | None
    """The one that differs from all others, or None if nobody can tell which is wrong."""
    since: datetime
    """When it was found, aware, UTC."""


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime
    skin_c: float
    stratum: tuple[int, Site]


_Strata = Mapping[tuple[int, Site], Values]


class BiasWatch:
    """Compares all cameras of one station. One thread only.

    An alarm holds until the two cameras agree again: silence proves nothing.

    Args:
        limits: when it raises an alarm.
    """

    def __init__(self, limits: BiasLimits) -> None:
        self._limits = limits
        self._seen: dict[str, list[_Seen]] = {}
        self._since: dict[tuple[str, str], datetime] = {}
        self._found: dict[tuple[str, str], Difference] = {}

    def take(self, passage: Passage) -> None:
        """Take one traveller who was measured; the flagged ones too, or the hot camera hides."""
        measured = passage.screening.measurement
        if measured is None or not isfinite(measured.skin_c):
            return
        number = int(passage.last_at.timestamp() // self._limits.slice_s)
        seen = _Seen(passage.last_at, measured.skin_c, (number, measured.site))
        self._seen.setdefault(passage.camera_id, []).append(seen)

    def compare(self, at: datetime) -> tuple[CameraBias, ...]:
        """Compare the cameras over the stretch before `at` and return what is wrong now."""
        for camera, people in self._seen.items():
            self._seen[camera] = [s for s in people if self._is_recent(s, at)]
        strata = {camera: _by_stratum(people) for camera, people in self._seen.items()}
        differences = {}
        for pair in combinations(sorted(strata), 2):
            apart = self._difference(*(strata[camera] for camera in pair))
            if apart is not None:
                differences[pair] = apart
        for pair, apart in differences.items():
            self._judge(pair, apart, at, among=len(differences))
        return tuple(
            self._bias(pair, since, differences) for pair, since in sorted(self._since.items())
        )

    def _is_recent(self, seen: _Seen, at: datetime) -> bool:
        # A clock that jumped back leaves people in the future: they go, too.
        return abs((at - seen.at).total_seconds()) <= self._limits.stretch_s

    def _difference(self, ours: _Strata, theirs: _Strata) -> Difference | None:
        strata = [
            (ours[key], theirs[key])
            for key in ours.keys() & theirs.keys()
            if min(len(ours[key]), len(theirs[key])) >= _LEAST_PEOPLE
        ]
        if not strata:
            return None
        apart = difference(strata)
        return apart if min(apart.people) >= self._limits.min_people else None

    def _judge(self, pair: tuple[str, str], apart: Difference, at: datetime, *, among: int) -> None:
        limits = self._limits
        # The more pairs, the more chances: a normal tail so many times as thin.
        sigmas = sqrt(limits.alarm_sigmas**2 + 2 * log(among))
        # The interval (k=2) reaches the alarm level and leaves out zero by far.
        may_be_c = abs(apart.value_c) + 2 * apart.u_c
        if may_be_c >= limits.alarm_c and apart.is_significant(sigmas):
            self._since.setdefault(pair, at)
        elif abs(apart.value_c) < limits.clear_c:
            self._since.pop(pair, None)
        if pair in self._since:
            self._found[pair] = apart

    def _bias(
        self,
        pair: tuple[str, str],
        since: datetime,
        differences: dict[tuple[str, str], Difference],
    ) -> CameraBias:
        found = self._found[pair]
        warmer, cooler = pair if found.value_c > 0 else pair[::-1]
        return CameraBias(
            warmer=warmer,
            cooler=cooler,
            difference_c=abs(found.value_c),
            u_c=found.u_c,
            people=found.people if found.value_c > 0 else found.people[::-1],
            stands_out=_standing_out(pair, differences),
            since=since,
        )


def _by_stratum(people: Iterable[_Seen]) -> _Strata:
    found: dict[tuple[int, Site], list[float]] = {}
    for seen in people:
        found.setdefault(seen.stratum, []).append(seen.skin_c)
    return {stratum: np.array(values) for stratum, values in found.items()}


def _standing_out(
    pair: tuple[str, str], differences: dict[tuple[str, str], Difference]
) -> str | None:
    """Return which of two cameras differs more from all the others; None if they cannot tell."""
    apart_c = []
    for camera, partner in (pair, pair[::-1]):
        others = [
            (abs(found.value_c), found.u_c)
            for both, found in differences.items()
            if camera in both and partner not in both
        ]
        if not others:
            return None
        apart_c.append((float(np.median([c for c, _ in others])), max(u for _, u in others)))
    (first_c, first_u_c), (second_c, second_u_c) = apart_c
    if abs(first_c - second_c) <= max(first_u_c, second_u_c):
        return None
    return pair[0] if first_c > second_c else pair[1]
