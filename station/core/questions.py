"""What staff may ask the ledger over the bridge, and its answers, which the asker alone gets."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.audit import TrailFilter, TrailVerdict
from station.core.search import FoundPassage, PagePlace, PassageFilter
from station.core.statistics import Statistics

MOST_ROWS = 200
"""The largest page; a page must fit the bridge's frame."""


class TableFormat(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    """Text, commas, UTF-8 with the mark that spreadsheets look for."""
    XLSX = "xlsx"
    """Office Open XML."""


class WorkState(StrEnum):
    """How far a long piece of work is."""

    RUNNING = "running"
    """Rows are being written."""
    DONE = "done"
    """The file is there."""
    CANCELLED = "cancelled"
    """Somebody ended it; nothing is left of the file."""
    FAILED = "failed"
    """It could not be done; nothing is left of the file."""


@dataclass(frozen=True, slots=True)
class SearchPassages:
    """Question: which passages, newest first?

    Raises:
        ValueError: if the page would be empty or too long.
    """

    command_id: UUID
    """Answered by SearchPage, or by CommandRefused, also when it is cancelled."""
    wanted: PassageFilter
    """What is looked for."""
    rows: int
    """Rows of a page."""
    after: PagePlace | None = None
    """The end of the page before; None for the first."""

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= MOST_ROWS:
            raise ValueError(f"a page has 1 to {MOST_ROWS} rows")


@dataclass(frozen=True, slots=True)
class AskStatistics:
    """Question: what happened over this stretch of time?"""

    command_id: UUID
    """Answered by StatisticsCounted, or by CommandRefused, also when it is cancelled."""
    since: datetime | None
    """Its beginning, aware, UTC; None for the ledger's own."""
    until: datetime | None
    """Its end, aware, UTC; None for now."""
    camera_id: str | None = None
    """One camera, or None for all."""


@dataclass(frozen=True, slots=True)
class ExportPassages:
    """Question: write the passages into a file of the station's export folder."""

    command_id: UUID
    """Answered by WorkProgress again and again, or by CommandRefused."""
    wanted: PassageFilter
    """Which passages."""
    form: TableFormat
    """As what."""


@dataclass(frozen=True, slots=True)
class VerifyAudit:
    """Question: is the audit trail whole?"""

    command_id: UUID
    """Answered by AuditVerified, or by CommandRefused, also when it is cancelled."""


@dataclass(frozen=True, slots=True)
class ExportAudit:
    """Question: write the audit trail into a CSV file of the station's export folder."""

    command_id: UUID
    """Answered by WorkProgress when it is done, or by CommandRefused."""
    wanted: TrailFilter
    """Which rows."""


@dataclass(frozen=True, slots=True)
class CancelWork:
    """Command: end what this question began."""

    command_id: UUID
    """Answered by CommandRefused, or by the question's own last answer."""
    work_id: UUID
    """The question."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Answer: one page of passages, newest first."""

    command_id: UUID
    """The question."""
    rows: tuple[FoundPassage, ...]
    """The page."""
    after: PagePlace | None
    """Where the next page begins; None if this is the last."""
    about: int | None
    """How many there are in all, counted by whole hours and tenths of a degree; first page only."""


@dataclass(frozen=True, slots=True)
class StatisticsCounted:
    """Answer: the figures."""

    command_id: UUID
    """The question."""
    statistics: Statistics
    """The figures."""


@dataclass(frozen=True, slots=True)
class AuditVerified:
    """Answer: the whole chain was recomputed."""

    command_id: UUID
    """The question."""
    verdict: TrailVerdict
    """What was found."""


@dataclass(frozen=True, slots=True)
class WorkProgress:
    """Answer: how far a piece of work is."""

    command_id: UUID
    """The question that began it."""
    state: WorkState
    """How far."""
    done: int
    """Rows written."""
    about: int
    """Rows expected."""
    file: str = ""
    """The file's name in the station's export folder."""
    text: str = ""
    """Why it failed: one sentence."""


Question = SearchPassages | AskStatistics | ExportPassages | VerifyAudit | ExportAudit
"""What the ledger may be asked; nothing of it changes a row."""

Answer = SearchPage | StatisticsCounted | AuditVerified | WorkProgress
"""What the ledger answers, to the asker alone."""


def is_last(answer: Answer) -> bool:
    """Whether no other answer to the same question follows."""
    return not isinstance(answer, WorkProgress) or answer.state is not WorkState.RUNNING
