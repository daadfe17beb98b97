"""Looking for passages: what may be asked for, and what a page of them holds."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cases import BodyReading, CaseState
from station.core.extraction import RejectReason
from station.core.passages import Passage
from station.core.screening import Outcome


@dataclass(frozen=True, slots=True)
class PassageFilter:
    """What is looked for; what is None is not asked about.

    Raises:
        ValueError: if a range ends before it begins.
    """

    since: datetime | None = None
    """Passages that ended then or later, aware, UTC."""
    until: datetime | None = None
    """Passages that ended before that, aware, UTC."""
    camera_id: str | None = None
    """Only this camera's."""
    lane: str | None = None
    """Only this lane's."""
    outcome: Outcome | None = None
    """Only with this answer."""
    reason: RejectReason | None = None
    """Only those not measured for this reason, the most frequent one of a passage."""
    case_number: int | None = None
    """Only the passage of the case that staff call by this number."""
    lowest_c: float | None = None
    """Only with this skin temperature or a higher one, °C."""
    below_c: float | None = None
    """Only with a skin temperature below this, °C."""

    def __post_init__(self) -> None:
        if self.since and self.until and self.until < self.since:
            raise ValueError("the time range ends before it begins")
        has_range = self.lowest_c is not None and self.below_c is not None
        if has_range and self.below_c < self.lowest_c:  # type: ignore[operator]
            raise ValueError("the temperature range ends before it begins")

    @property
    def asks_for_skin(self) -> bool:
        """Whether only measured passages can fit."""
        return self.lowest_c is not None or self.below_c is not None


@dataclass(frozen=True, slots=True)
class PagePlace:
    """The last row of a page: the next page begins below it, whatever was added on top since."""

    last_at: datetime
    """Its time, aware, UTC."""
    passage_id: UUID
    """Which of those that ended at the same moment."""


@dataclass(frozen=True, slots=True)
class CaseBrief:
    """What a list of passages tells of a case."""

    number: int
    """The short number that staff call out."""
    state: CaseState
    """Where it stands."""
    verdict: CaseState | None
    """How the second check ended; None while it has not."""
    readings: tuple[BodyReading, ...]
    """Second readings, oldest first."""


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """One row of a list."""

    passage: Passage
    """The passage."""
    case: CaseBrief | None
    """Its latest case, if there is one."""
