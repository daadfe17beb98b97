"""The cohort-relative watch of one camera: is somebody unusually warm against the crowd?

It may only add a warning. It never lowers or changes what the threshold says, and until it knows
enough people it says nothing at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import isfinite

import numpy as np

from station.core.robust import Crowd, Difference, Values, crowd_of, difference
from station.core.screening import Outcome

LEAST_PEOPLE = 50
"""Fewer are worse than no watch (clinical comparison: 10 loses, 50 and more tie)."""


@dataclass(frozen=True, slots=True)
class CrowdLimits:
    """What the watch rests on and when it speaks."""

    window_people: int
    """The latest so many people are the crowd; with fewer than `LEAST_PEOPLE` it says nothing."""
    newest_people: int
    """So many newest people are tested against those before them."""
    max_age_s: float
    """Older values expire, seconds."""
    max_gap_s: float
    """After so long without anybody a new shift starts anew, seconds."""
    warn_c: float
    """A warning needs at least so much above the crowd's median, °C."""
    warn_spreads: float
    """And at least so many robust standard deviations, and more while it rests on fewer people."""
    shift_c: float
    """A crowd whose newest people differ by at least so much has shifted, °C."""
    shift_sigmas: float
    """If that is so many standard uncertainties, too."""

    def __post_init__(self) -> None:
        """Refuse a watch over a handful.

        Raises:
            ValueError: if the window is too small.
        """
        if self.window_people < LEAST_PEOPLE:
            raise ValueError(f"the crowd needs a window of at least {LEAST_PEOPLE} people")


class CrowdState(StrEnum):
    """What the watch can say."""

    LEARNING = "learning"
    """Too few people: it says nothing about anybody."""
    WATCHING = "watching"
    """The crowd is known and moves with its latest people."""
    FROZEN = "frozen"
    """The crowd itself has shifted: it stays compared with the people before the shift."""


@dataclass(frozen=True, slots=True)
class CrowdStatus:
    """The watch as staff see it."""

    state: CrowdState
    """What it can say."""
    people: int
    """How many people it rests on."""
    needed: int
    """How many it needs."""
    median_c: float | None = None
    """The crowd's median skin temperature, °C; None while learning."""
    spread_c: float | None = None
    """Its robust standard deviation, °C; None while learning."""
    oldest_at: datetime | None = None
    """When the oldest of these people was seen, aware, UTC."""
    frozen_since: datetime | None = None
    """When the crowd shifted, aware, UTC; None unless frozen."""
    shift_c: float | None = None
    """By how much the newest people are warmer now, °C; None unless frozen."""


@dataclass(frozen=True, slots=True)
class CrowdWarning:
    """Somebody is unusually warm against the crowd, whatever the threshold says."""

    excess_c: float
    """How much above the crowd's median, °C."""
    median_c: float
    """That median, °C."""
    spread_c: float
    """The crowd's robust standard deviation, °C."""
    people: int
    """How many people the crowd was."""


@dataclass(frozen=True, slots=True)
class _Seen:
    at: datetime
    skin_c: float
    is_flagged: bool


class Cohort:
    """The latest people of one camera. One thread only.

    The crowd is the latest unflagged people; flagged ones never become the norm, but they count
    when the newest people are tested for a shift. While frozen the crowd stays who it was before
    the shift, so that a warm group does not become the norm either. It moves again when the newest
    people agree with it; if they never do, its people expire and it learns anew.
    """

    def __init__(self, limits: CrowdLimits) -> None:
        self._limits = limits
        self.restart()

    def restart(self) -> None:
        """Forget everybody, as at the start of a shift."""
        self._before: list[_Seen] = []
        self._latest: list[_Seen] = []
        self._frozen_since: datetime | None = None
        self._shift_c: float | None = None
        self._crowd: Crowd | None = None

    def warning(self, skin_c: float, at: datetime) -> CrowdWarning | None:
        """Return whether somebody is unusually warm; None also says that nobody can tell.

        Args:
            skin_c: the traveller's skin temperature, °C.
            at: when it was measured, aware.
        """
        self._expire(at)
        crowd, limits = self._crowd, self._limits
        if crowd is None or not isfinite(skin_c):
            return None
        excess_c = skin_c - crowd.median_c
        if excess_c < max(limits.warn_c, crowd.far_c(limits.warn_spreads)):
            return None
        return CrowdWarning(excess_c, crowd.median_c, crowd.spread_c, crowd.people)

    def take(self, skin_c: float, outcome: Outcome, at: datetime) -> None:
        """Take one traveller who has left; those not measured tell nothing.

        Args:
            skin_c: the traveller's skin temperature, °C.
            outcome: what the threshold said.
            at: when it was measured, aware.
        """
        if outcome is Outcome.NOT_MEASURED or not isfinite(skin_c):
            return
        if self._latest and _seconds(at, self._latest[-1].at) > self._limits.max_gap_s:
            self.restart()
        self._expire(at)
        self._latest.append(_Seen(at, skin_c, outcome is Outcome.ABOVE))
        if self._frozen_since is None:
            self._watch_for_shift(at)
        else:
            self._watch_for_return()
        self._know()

    def status(self, at: datetime) -> CrowdStatus:
        """Return what the watch rests on at this time."""
        self._expire(at)
        base = self._base()
        oldest_at = min((seen.at for seen in base), default=None)
        if self._crowd is None:
            return CrowdStatus(CrowdState.LEARNING, len(base), LEAST_PEOPLE, oldest_at=oldest_at)
        return CrowdStatus(
            CrowdState.WATCHING if self._frozen_since is None else CrowdState.FROZEN,
            len(base),
            LEAST_PEOPLE,
            self._crowd.median_c,
            self._crowd.spread_c,
            oldest_at,
            self._frozen_since,
            self._shift_c,
        )

    def _base(self) -> list[_Seen]:
        """Return the crowd: those before the shift, else the latest unflagged people."""
        if self._frozen_since is not None:
            return self._before
        unflagged = [seen for seen in self._latest if not seen.is_flagged]
        return unflagged[-self._limits.window_people :]

    def _know(self) -> None:
        base = self._base()
        is_enough = len(base) >= LEAST_PEOPLE
        self._crowd = crowd_of(_values(base)) if is_enough else None

    def _expire(self, at: datetime) -> None:
        """Drop who is too old; a clock that jumped either way makes everybody too old."""
        oldest = (self._before[:1] or self._latest[:1]) + self._latest[-1:]
        if all(abs(_seconds(at, seen.at)) <= self._limits.max_age_s for seen in oldest):
            return
        self._before, self._latest = (
            [s for s in group if abs(_seconds(at, s.at)) <= self._limits.max_age_s]
            for group in (self._before, self._latest)
        )
        if self._frozen_since is not None and len(self._before) < LEAST_PEOPLE:
            self._move_on([])
        self._know()

    def _watch_for_shift(self, at: datetime) -> None:
        limits = self._limits
        newest = self._latest[-limits.newest_people :]
        before = [s for s in self._latest[: -limits.newest_people] if not s.is_flagged]
        before = before[-limits.window_people :]
        if before:
            # Nobody before these is needed again.
            self._latest = self._latest[self._latest.index(before[0]) :]
        if len(before) < limits.newest_people:
            return
        apart = difference([(_values(newest), _values(before))])
        if abs(apart.value_c) < limits.shift_c or not apart.is_significant(limits.shift_sigmas):
            return
        if len(before) >= LEAST_PEOPLE:
            self._before, self._frozen_since, self._shift_c = before, at, apart.value_c
        # With fewer before the shift there is no crowd to hold on to: it learns anew.
        self._latest = newest

    def _watch_for_return(self) -> None:
        limits = self._limits
        self._latest = self._latest[-limits.newest_people :]
        apart: Difference = difference([(_values(self._latest), _values(self._before))])
        self._shift_c = apart.value_c
        is_back = abs(apart.value_c) < limits.shift_c / 2
        if is_back and len(self._latest) == limits.newest_people:
            self._move_on(self._before)

    def _move_on(self, before: list[_Seen]) -> None:
        self._latest = before + self._latest
        self._before, self._frozen_since, self._shift_c = [], None, None


def _values(people: Sequence[_Seen]) -> Values:
    return np.array([seen.skin_c for seen in people])


def _seconds(later: datetime, earlier: datetime) -> float:
    return (later - earlier).total_seconds()
