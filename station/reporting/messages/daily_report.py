"""The daily report: the figures of one local day."""

from datetime import date
from typing import Literal, Self

from pydantic import AwareDatetime, model_validator

from station.core.report import Channel
from station.reporting.messages.envelope import (
    Count,
    Number,
    NumberedData,
    Part,
    StationEvent,
    Text,
)


class ReasonCount(Part):
    """How many were not measured for one reason."""

    reason: Text
    """The reason that was met first."""
    count: Number
    """How many."""


class CaseCounts(Part):
    """Cases opened on the day, by the state they are in now."""

    opened: Count
    """All of them."""
    open: Count
    """Waiting for the second reading."""
    referred: Count
    """With a second reading, without verdict."""
    confirmed: Count
    """Fever confirmed."""
    cleared: Count
    """Not confirmed."""
    unresolved: Count
    """Left, or readings disagree."""
    closed: Count
    """Nothing is left to do."""

    @model_validator(mode="after")
    def _states_add_up(self) -> Self:
        states = self.open + self.referred + self.confirmed
        if self.opened != states + self.cleared + self.unresolved + self.closed:
            raise ValueError("the cases' states must add up to those opened")
        return self


class DailyReportData(NumberedData):
    """The figures of one local day: zero is a report, too. The latest of a day counts."""

    day: date
    """The local day."""
    time_zone: Text
    """The station's time zone (IANA)."""
    since: AwareDatetime
    """The day's beginning."""
    until: AwareDatetime
    """What came before this moment is counted."""
    is_complete: bool
    """Whether that is the day's end."""
    screened: Count
    """Passages: everybody who walked through."""
    below: Count
    """Below the threshold."""
    above: Count
    """At the threshold or above."""
    repeat: Count
    """Inside the guard band: to be measured again."""
    not_measured: Count
    """Not measured."""
    not_measured_reasons: tuple[ReasonCount, ...]
    """The same by reason."""
    cases: CaseCounts
    """Cases opened on the day."""

    @model_validator(mode="after")
    def _sums_reconcile(self) -> Self:
        if self.screened != self.below + self.above + self.repeat + self.not_measured:
            raise ValueError("the answers must add up to everybody screened")
        if self.not_measured != sum(part.count for part in self.not_measured_reasons):
            raise ValueError("the reasons must add up to those not measured")
        return self


class RealDailyReportData(DailyReportData):
    """The figures of one day."""

    is_drill: Literal[False]


class DrillDailyReportData(DailyReportData):
    """The figures of one day of an exercise."""

    is_drill: Literal[True]


class DailyReport(StationEvent):
    """One day's figures, real or of a drill."""

    type: Literal["org.fever-station.report.v1", "org.fever-station.drill.report.v1"]
    data: DailyReportData


class RealDailyReport(DailyReport):
    """One day's figures."""

    channel = Channel.REPORT
    type: Literal["org.fever-station.report.v1"]
    data: RealDailyReportData


class DrillDailyReport(DailyReport):
    """One day's figures of an exercise."""

    channel = Channel.DRILL_REPORT
    type: Literal["org.fever-station.drill.report.v1"]
    data: DrillDailyReportData
