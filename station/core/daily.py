"""The figures of one day at a station; their sums reconcile, and a day without anybody has some."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from station.core.cases import CaseState
from station.core.screening import Outcome


@dataclass(frozen=True, slots=True)
class DailyFigures:
    """What a station did on one local day.

    Raises:
        ValueError: if a sum does not reconcile.
    """

    day: date
    """The local day."""
    time_zone: str
    """The station's time zone, as in the IANA database."""
    since: datetime
    """The day's beginning, aware, UTC."""
    until: datetime
    """What came before this moment is counted, aware, UTC."""
    is_complete: bool
    """Whether that is the day's end; if not, later figures of the same day replace these."""
    outcomes: Mapping[Outcome, int]
    """Passages by answer; their sum is everybody who was screened."""
    reasons: Mapping[str, int]
    """Passages not measured by their first reason; the sum is all that were not measured."""
    cases: Mapping[CaseState, int]
    """Cases opened on the day, by the state they are in now."""

    def __post_init__(self) -> None:
        if sum(self.reasons.values()) != self.count(Outcome.NOT_MEASURED):
            raise ValueError("the reasons must add up to the passages that were not measured")

    @property
    def screened(self) -> int:
        """Everybody who walked through."""
        return sum(self.outcomes.values())

    def count(self, outcome: Outcome) -> int:
        """Return the passages with this answer."""
        return self.outcomes.get(outcome, 0)


def bounds_of_day(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return a local day's beginning and end, aware, UTC; 23 to 25 hours apart."""
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return start.astimezone(UTC), end.astimezone(UTC)
