"""The figures of one day at a station; their sums reconcile, and a day without anybody has some."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from station.core.cases import CaseState
from station.core.screening import Outcome

DAILY_KIND = "daily_report"
"""The outbox's word for figures sent by the clock."""
ASKED_KIND = "daily_report_asked"
"""The outbox's word for figures that somebody asked for: the clock's own still follow."""

_MOST_DAYS = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How many.

    Raises:
        ValueError: if the reasons do not add up to those not measured.
    """

    outcomes: Mapping[Outcome, int]
    """Passages by answer; their sum is everybody who was screened."""
    reasons: Mapping[str, int]
    """Passages not measured by their first reason."""
    cases: Mapping[CaseState, int]
    """Cases opened, by the state they are in now."""

    def __post_init__(self) -> None:
        if sum(self.reasons.values()) != self.outcomes.get(Outcome.NOT_MEASURED, 0):
            raise ValueError("the reasons must add up to the passages that were not measured")

    @property
    def screened(self) -> int:
        """Everybody who walked through."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Day:
    """A local day, or what there is of it."""

    day: date
    """The day."""
    since: datetime
    """Its beginning, aware, UTC."""
    until: datetime
    """What came before this moment counts, aware, UTC."""
    is_complete: bool
    """Whether that is its end; if not, later figures of the day replace those until here."""


@dataclass(frozen=True, slots=True)
class DailyFigures:
    """What a station did on one local day."""

    day: Day
    """Which."""
    counts: DayCounts
    """How many."""


def local_day(day: date, zone: tzinfo, now: datetime) -> Day:
    """Return a local day, cut at `now`; 23 to 25 hours where clocks change.

    Raises:
        ValueError: if it has not begun yet.
    """
    since = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    if now < since:
        raise ValueError(f"{day} has not begun")
    return Day(day, since, min(now, end), now >= end)


def latest_slot(now: datetime, zone: tzinfo, daily_at: time) -> datetime:
    """Return the last moment at which a daily report was due, aware, UTC."""
    today = now.astimezone(zone).date()
    slot = datetime.combine(today, daily_at, zone)
    if now < slot:
        slot = datetime.combine(today - timedelta(days=1), daily_at, zone)
    return slot.astimezone(UTC)


def days_due(
    last_sent: datetime | None, now: datetime, zone: tzinfo, daily_at: time
) -> tuple[date, ...]:
    """Return the days to report now: those begun since the last report, and its own day once more.

    A report at 14:30 holds the day so far, so that the next one gives that day as a whole, too.
    Days without a running station are reported as well, up to a month back: zero is a report.
    """
    slot = latest_slot(now, zone, daily_at)
    last_day = slot.astimezone(zone).date()
    if last_sent is None:
        # The first day of a station is today, not the day before.
        return (last_day,) if last_day == now.astimezone(zone).date() else ()
    if last_sent >= slot:
        return ()
    first = max(last_sent.astimezone(zone).date(), last_day - _MOST_DAYS)
    return tuple(first + timedelta(days=n) for n in range((last_day - first).days + 1))
