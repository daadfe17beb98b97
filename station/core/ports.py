"""What the core's surroundings must offer; adapters live in ledger, reporting and runtime."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from station.core.audit import AuditEntry
from station.core.cases import BodyReading, Case, CaseStep
from station.core.daily import DayCounts
from station.core.events import Event
from station.core.handhelds import DeviceCheck
from station.core.identity import IdentityEntry
from station.core.passages import Passage
from station.core.report import Channel


class Clock(Protocol):
    """Time, passed in so that tests own it."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds on a clock that never jumps."""
        ...


class EventSink(Protocol):
    """Whoever listens to the station."""

    def emit(self, event: Event) -> None:
        """Take one event; called from any thread, returns at once."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One message that waits for the CDC's receipt."""

    report_id: UUID
    """The receiver's de-duplication key."""
    case_id: UUID | None
    """Its case; None for what is not about one."""
    kind: str
    """The report kind's stored value, or `daily_report`."""
    channel: Channel
    """Where it goes."""
    epoch: UUID
    """The ledger's epoch: new after any unclean end, so that the CDC sees what may be missing."""
    sequence: int
    """Counts the messages of an epoch from 1 without gaps."""
    payload: bytes
    """The exact bytes to publish, every time the same."""
    created_at: datetime
    """When, aware, UTC."""
    position: int = field(default=0, compare=False)
    """Where it lies in the outbox; 0 as long as it was not read from there."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What becomes durable together, in one transaction with one disk sync, or not at all."""

    passage: Passage | None = None
    """A new passage."""
    case: Case | None = None
    """A new or changed case; its attached readings are written with it."""
    steps: tuple[CaseStep, ...] = ()
    """New steps of the audit trail."""
    reading: BodyReading | None = None
    """A handheld reading as received, not attached yet."""
    check: DeviceCheck | None = None
    """A thermometer's daily check."""
    outbox: tuple[OutboxItem, ...] = ()
    """Messages to the CDC."""
    identity: IdentityEntry | None = None
    """Who the traveller of `case` is; the one before, if any, is deleted."""
    audit: tuple[AuditEntry, ...] = ()
    """Steps of the audit trail beside those of cases and checks, which it takes by itself."""


@dataclass(frozen=True, slots=True)
class LostNumbers:
    """Messages that were durable once, and that the ledger does not hold any more."""

    epoch: UUID
    """Of which count."""
    first: int
    """First number that is gone."""
    last: int
    """Last number that is gone."""

    @property
    def count(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class OutboxSummary:
    """How much waits."""

    waiting: int
    """Messages without receipt, not set aside."""
    oldest_waiting_at: datetime | None
    """Since when the oldest of them waits, aware, UTC."""
    set_aside: int
    """Messages that the CDC rejected."""


class Ledger(Protocol):
    """The durable record. One thread writes; every method raises KnownError on a full disk."""

    @property
    def epoch(self) -> UUID:
        """The epoch of the next outbox item."""
        ...

    @property
    def losses(self) -> tuple[LostNumbers, ...]:
        """What the disk has lost since it was written, as found at the start."""
        ...

    def renew(self) -> bool:
        """Go on with a new file if this one is noted as damaged; return whether it was."""
        ...

    def next_sequence(self) -> int:
        """Return the sequence number for the next outbox item, in `epoch`."""
        ...

    def next_case_number(self) -> int:
        """Return the short number for the next case."""
        ...

    def record(self, entry: LedgerEntry, on_durable: Callable[[], None] = ...) -> None:
        """Make the entry durable in one transaction, say so, and then let all readers see it."""
        ...

    def file_flags(self) -> None:
        """Let all readers see what is durable and could not be shown to them yet."""
        ...

    def case(self, case_id: UUID) -> Case | None:
        """Return one case."""
        ...

    def case_numbered(self, number: int) -> Case | None:
        """Return the case with this short number."""
        ...

    def unfinished_cases(self) -> tuple[Case, ...]:
        """Return the cases in which something is left to do, oldest first."""
        ...

    def delete_expired(self, now: datetime) -> int:
        """Delete every identity whose time is over from the disk, and return how many."""
        ...

    def passage(self, passage_id: UUID) -> Passage | None:
        """Return one passage."""
        ...

    def reading(self, reading_id: UUID) -> BodyReading | None:
        """Return one handheld reading, attached or not."""
        ...

    def unattached_readings(self, since: datetime) -> tuple[BodyReading, ...]:
        """Return readings received since then and attached to no case, oldest first."""
        ...

    def latest_checks(self, since: datetime) -> tuple[DeviceCheck, ...]:
        """Return each thermometer's latest daily check since then."""
        ...

    def passages_by_hand(self, since: datetime) -> tuple[Passage, ...]:
        """Return passages since then that staff should measure and that have no case, in order."""
        ...

    def day_counts(self, since: datetime, until: datetime) -> DayCounts:
        """Count passages and cases from a moment on, up to but without another."""
        ...

    def latest_of_kind(self, kind: str, until: datetime) -> datetime | None:
        """Return when the outbox last took a message of this kind, by a moment."""
        ...

    def mark_delivered(self, report_ids: Sequence[UUID], at: datetime) -> None:
        """Record the CDC's receipt; ids already marked, or unknown, are no error."""
        ...

    def mark_rejected(self, report_id: UUID, reason: str, at: datetime) -> None:
        """Set a message aside that the CDC refuses, with its reason."""
        ...


class OutboxReader(Protocol):
    """The report worker's own read-only view of the outbox."""

    def waiting(self, limit: int, after: int) -> tuple[OutboxItem, ...]:
        """Return up to `limit` undelivered items behind this position, oldest first."""
        ...

    def numbered(self, epoch: UUID, first: int, last: int, limit: int) -> tuple[OutboxItem, ...]:
        """Return up to `limit` items of these numbers in any state, the lowest first."""
        ...

    def summary(self) -> OutboxSummary:
        """Return how much waits."""
        ...
