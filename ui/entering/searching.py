"""What staff look for among the passages, as plain values: every touch gives a new wish."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from station.core.extraction import RejectReason
from station.core.screening import Outcome
from station.core.search import PassageFilter
from ui.entering.periods import PERIODS, Period, since
from ui.texts import OUTCOMES, REASONS, say, translate

CASE_DIGITS = 7
"""A case's number has up to so many."""
MOMENT_DIGITS = 8
"""Month, day, hour and minute, two digits each."""


class Facet(StrEnum):
    """What may be asked about a passage."""

    TIME = "time"
    """When it ended."""
    CAMERA = "camera"
    """Which camera saw it."""
    OUTCOME = "outcome"
    """What the thermograph said."""
    REASON = "reason"
    """Why it was not measured."""
    CASE = "case"
    """Which case came of it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    value: object
    """What it stands for; None asks about nothing."""
    words: str
    """How it is called."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for; what is None is not asked about."""

    period: Period = Period.TODAY
    """How far back, unless a moment was typed."""
    before: datetime | None = None
    """Only what ended before this moment, aware, UTC; None until now."""
    camera: str | None = None
    """Only this camera's."""
    outcome: Outcome | None = None
    """Only with this answer."""
    reason: RejectReason | None = None
    """Only those not measured for this reason."""
    case_number: int | None = None
    """Only the passage of this case."""

    def chosen(self, facet: Facet, value: object) -> "Wish":
        """Return the wish after a choice; what would contradict it is given up."""
        # A case has one passage, whenever and wherever: nothing else is left to ask.
        wish = Wish() if self.case_number is not None else self
        match facet, value:
            case Facet.CASE, int():
                wish = Wish(Period.ALL, case_number=value)
            case Facet.TIME, datetime():
                wish = replace(wish, period=Period.ALL, before=value)
            case Facet.TIME, Period():
                wish = replace(wish, period=value, before=None)
            case Facet.CAMERA, str() | None:
                wish = replace(wish, camera=value)
            case Facet.OUTCOME, Outcome() | None:
                is_measured = value not in {None, Outcome.NOT_MEASURED}
                wish = replace(wish, outcome=value, reason=None if is_measured else wish.reason)
            case Facet.REASON, RejectReason() | None:
                is_measured = value is not None and wish.outcome is not Outcome.NOT_MEASURED
                wish = replace(wish, reason=value, outcome=None if is_measured else wish.outcome)
        return wish

    def wanted(self, now: datetime) -> PassageFilter:
        """Return the question to the ledger."""
        return PassageFilter(
            since=since(self.period, now),
            until=self.before,
            camera_id=self.camera,
            outcome=self.outcome,
            reason=self.reason,
            case_number=self.case_number,
        )

    def said(self, facet: Facet) -> str:
        """Return in words what is asked about."""
        words = {
            Facet.TIME: self._said_time(),
            Facet.CAMERA: self.camera,
            Facet.OUTCOME: self.outcome and say(OUTCOMES, self.outcome),
            Facet.REASON: self.reason and say(REASONS, self.reason),
            Facet.CASE: self.case_number and f"{self.case_number}",
        }
        return words[facet] or translate("searching", "All")

    def _said_time(self) -> str:
        if self.before is None:
            return say(PERIODS, self.period)
        local = self.before.astimezone()
        return translate("searching", "before {0}").format(f"{local:%m-%d %H:%M}")


def facet_title(facet: Facet) -> str:
    """Return what a facet is called."""
    match facet:
        case Facet.TIME:
            return translate("searching", "Time")
        case Facet.CAMERA:
            return translate("searching", "Camera")
        case Facet.OUTCOME:
            return translate("searching", "Answer")
        case Facet.REASON:
            return translate("searching", "Reason")
        case Facet.CASE:
            return translate("searching", "Case")


def choices(facet: Facet, cameras: tuple[str, ...]) -> list[Choice]:
    """Return what can be chosen for a facet; a case's number is typed."""
    everything = Choice(None, translate("searching", "All"))
    match facet:
        case Facet.TIME:
            return [Choice(period, say(PERIODS, period)) for period in Period]
        case Facet.CAMERA:
            return [everything, *(Choice(name, name) for name in cameras)]
        case Facet.OUTCOME:
            return [everything, *(Choice(one, say(OUTCOMES, one)) for one in Outcome)]
        case Facet.REASON:
            return [everything, *(Choice(one, say(REASONS, one)) for one in RejectReason)]
        case Facet.CASE:
            return []


def typed_moment(digits: str, now: datetime) -> datetime | None:
    """Return the last moment with this local month, day, hour and minute, UTC.

    Returns:
        None, if there is no such moment, or not all digits were typed.
    """
    if len(digits) != MOMENT_DIGITS:
        return None
    numbers = [int(digits[i : i + 2]) for i in range(0, MOMENT_DIGITS, 2)]
    here = now.astimezone()
    # The 29th of February comes again after eight years at most.
    for year in range(here.year, here.year - 9, -1):
        try:
            moment = datetime(year, *numbers).astimezone(UTC)  # type: ignore[arg-type]
        except ValueError:
            continue
        if moment <= now:
            return moment
    return None
