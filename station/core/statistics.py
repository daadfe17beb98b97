"""What a station did over a stretch of time, counted; every share says of how many."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import sqrt

from station.core.cases import CaseState, ClearCause
from station.core.screening import Outcome

# Two-sided 95 % of the normal distribution.
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    Raises:
        ValueError: if it is more than all of them.
    """

    part: int
    """Those counted."""
    whole: int
    """Out of so many."""

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no share")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nobody."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the share may lie with 95 % confidence; None of nobody.

        Source: Wilson 1927, J. Am. Stat. Assoc. 22:209, the score interval.
        """
        if not self.whole:
            return None
        share, square = self.part / self.whole, _Z * _Z / self.whole
        middle = share + square / 2
        half = _Z * sqrt(share * (1 - share) / self.whole + square / (4 * self.whole))
        low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
        # The exact ends are 0 and 1 where nobody, or everybody, was counted.
        return (low if self.part else 0.0, high if self.part < self.whole else 1.0)


@dataclass(frozen=True, slots=True)
class TimeCount:
    """What came by in one local hour or day."""

    since: datetime
    """Its beginning, aware, UTC."""
    outcomes: Mapping[Outcome, int]
    """Passages by answer."""

    @property
    def flagged(self) -> int:
        """Those sent to a second check by the thermograph."""
        return self.outcomes.get(Outcome.ABOVE, 0) + self.outcomes.get(Outcome.REPEAT, 0)

    @property
    def screened(self) -> int:
        """Everybody."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class SkinCount:
    """One bar of the histogram of skin temperatures."""

    lowest_c: float
    """Where the bar begins, °C; it is 0.1 °C wide."""
    number: int
    """Measured passages in it."""


@dataclass(frozen=True, slots=True)
class SecondChecks:
    """How the second checks of one camera's flags ended."""

    camera_id: str
    """The camera."""
    hour: int
    """Local hour of the day in which they were flagged, 0 to 23."""
    outcome: Outcome
    """What the thermograph had said."""
    verdicts: Mapping[CaseState, int]
    """Cases by verdict; OPEN stands for those without one."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of one page."""

    since: datetime
    """What they begin with: a whole hour, aware, UTC."""
    until: datetime
    """What they end before: a whole hour, aware, UTC."""
    camera_id: str | None
    """Whose they are; None for all cameras together."""
    cameras: tuple[str, ...]
    """Every camera that has passages in this stretch."""
    is_hourly: bool
    """Whether `times` counts by hours, not by days."""
    times: tuple[TimeCount, ...]
    """Passages by local hour or day, oldest first, those without anybody included."""
    skin: tuple[SkinCount, ...]
    """The histogram of skin temperatures, coldest first, without empty bars."""
    reasons: Mapping[str, int]
    """Passages not measured by their first reason, the most frequent first."""
    checks: tuple[SecondChecks, ...]
    """Second checks by camera, hour of the day and the thermograph's answer."""
    causes: Mapping[ClearCause, int] = field(default_factory=dict)
    """Why those were flagged who were cleared, the most frequent first; of all whose cause was
    asked for, which earlier versions did not do."""

    def outcomes(self) -> dict[Outcome, int]:
        """Return passages by answer over the whole stretch."""
        return {
            outcome: sum(time.outcomes.get(outcome, 0) for time in self.times)
            for outcome in Outcome
        }

    def verdicts(self) -> dict[CaseState, int]:
        """Return cases by verdict over all flags; OPEN stands for those without one."""
        found: dict[CaseState, int] = {}
        for one in self.checks:
            for verdict, number in one.verdicts.items():
                found[verdict] = found.get(verdict, 0) + number
        return found

    def false_alarms(self, *, camera_id: str | None = None, hour: int | None = None) -> Share:
        """Return which share of flags above the threshold was cleared by a second check.

        Only checks that ended with an answer count: who left, or whose readings disagree, is
        neither a false alarm nor a true one.
        """
        cleared = confirmed = 0
        for one in self.checks:
            is_asked = camera_id in {None, one.camera_id} and hour in {None, one.hour}
            if is_asked and one.outcome is Outcome.ABOVE:
                cleared += one.verdicts.get(CaseState.CLEARED, 0)
                confirmed += one.verdicts.get(CaseState.CONFIRMED, 0)
        return Share(cleared, cleared + confirmed)
