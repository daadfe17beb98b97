"""The thread that owns the ledger: jobs in, durable rows and events out. Nothing is discarded."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from station.core.audit import AuditKind, made_entry
from station.core.cases import (
    BodyReading,
    Case,
    CaseRefused,
    CaseStep,
    Refusal,
    attach_reading,
    hand_over,
    open_case,
    resolve_case,
)
from station.core.commands import (
    AttachReading,
    CaseCommand,
    CheckByHand,
    HandOver,
    RecordCheck,
    ResolveCase,
    SendReport,
    ThermometerCommand,
    TypeReading,
)
from station.core.daily import DailyFigures
from station.core.errors import KnownError
from station.core.events import (
    CaseChanged,
    CommandRefused,
    DeliveryProgress,
    DeliveryStage,
    DeviceChecked,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
    RecordsLost,
    ReportMade,
)
from station.core.faces import Point
from station.core.handhelds import CHECK_HOLDS, check_device, typed_reading
from station.core.lane import EndedPassage, Flag
from station.core.passages import Passage
from station.core.people import Person
from station.core.ports import Clock, EventSink, Ledger, LedgerEntry, LostNumbers, OutboxItem
from station.core.report import Encoded, Report, ReportKind, build_report, is_due
from station.core.screening import Outcome, ThresholdPolicy, policy_on
from station.runtime.daily import DailyDue, DailyReporter
from station.runtime.queues import ReadingQueue

logger = logging.getLogger(__name__)

_JOB_WAIT_S = 0.25
_RETRY_S = 1.0
# An older reading that nobody attached belongs to nobody any more.
_READINGS_OF = timedelta(minutes=10)
# Chosen: three times the longest rest; who has not come back by then is gone.
_PASSAGES_OF = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The CDC's receipt came for these reports."""

    report_ids: tuple[UUID, ...]
    """Which."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The CDC refuses this report."""

    report_id: UUID
    """Which."""
    reason: str
    """Its words."""
    at: datetime
    """When, aware, UTC."""


LedgerCommand = CaseCommand | ThermometerCommand | SendReport
"""What people may ask of the ledger."""


@dataclass(frozen=True, slots=True)
class Order:
    """A person's command."""

    command: LedgerCommand
    """What."""
    person: Person
    """Who gave it, and may."""


Job = Flag | EndedPassage | BodyReading | Order | DailyDue | LostNumbers | Delivered | Rejected
"""All that may change the ledger."""

Encoder = Callable[[Report, UUID, int], Encoded]
"""Makes the exact bytes of a message from (report, epoch, sequence)."""


class LedgerKeeper:
    """Carries out one job after the other, each in one transaction.

    A job that meets a full disk stays the current one and is tried again until it is written;
    the queue behind it fills up and its writers wait.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: ReadingQueue[Job],
        *,
        policies: Sequence[ThresholdPolicy],
        encode: Encoder,
        daily: DailyReporter,
        clock: Clock,
        events: EventSink,
        new_id: Callable[[], UUID],
        wake_link: threading.Event,
        wait: Callable[[float], bool],
    ) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._policies = tuple(policies)
        self._encode = encode
        self._daily = daily
        self._clock = clock
        self._events = events
        self._new_id = new_id
        self._wake_link = wake_link
        self._wait = wait
        self._current: Job | None = None
        self._has_failed = False

    def recall(self) -> None:
        """Tell what a kiosk must show of the time before this start."""
        for case in self._ledger.unfinished_cases():
            self._events.emit(CaseChanged(case))
        now = self._clock.now()
        for check in self._ledger.latest_checks(now - CHECK_HOLDS):
            self._events.emit(DeviceChecked(check))
        for passage in self._ledger.passages_by_hand(now - _PASSAGES_OF):
            self._events.emit(PassageRecorded(passage))
        since = now - _READINGS_OF
        for reading in self._ledger.unattached_readings(since):
            self._events.emit(HandheldRead(reading))
        self._tell_losses()

    def _tell_losses(self) -> None:
        losses = self._ledger.losses
        if not losses:
            return
        count = sum(lost.count for lost in losses)
        logger.error("the disk has lost %d messages to the CDC: %s", count, losses)
        self._events.emit(RecordsLost(self._clock.now(), count))
        for lost in losses:
            self._jobs.put(lost)

    def step(self) -> None:
        """Carry out the next job, or try the current one again."""
        if self._current is None:
            self._current = self._jobs.get(_JOB_WAIT_S)
        if self._current is None:
            return
        try:
            self._carry_out(self._current)
        except CaseRefused as error:
            self._refuse(self._current, error)
        except KnownError as error:
            self._fail(error)
            return
        self._current = None
        if self._has_failed:
            self._has_failed = False
            self._events.emit(LedgerRecovered(self._clock.now()))

    def drain(self) -> int:
        """Carry out all waiting jobs once and return how many could not be written."""
        while self._current is not None or len(self._jobs):
            before = self._current
            self.step()
            if self._current is not None and self._current is before:
                return 1 + len(self._jobs)
        return 0

    def _fail(self, error: KnownError) -> None:
        if not self._has_failed:
            self._has_failed = True
            logger.error("the ledger cannot write: %s", error)
            self._events.emit(LedgerFault(self._clock.now(), str(error)))
        self._wait(_RETRY_S)

    def _refuse(self, job: Job, error: CaseRefused) -> None:
        if isinstance(job, Order):
            command_id = job.command.command_id
            self._events.emit(CommandRefused(command_id, str(error), error.refusal))

    def _carry_out(self, job: Job) -> None:
        match job:
            case Flag():
                self._open(job.passage, job.observation.result.point, by=None)
            case EndedPassage():
                self._end(job)
            case BodyReading():
                self._ledger.record(LedgerEntry(reading=job))
                self._events.emit(HandheldRead(job))
            case Order(command, person):
                self._obey(command, person)
            case DailyDue():
                self._report(*self._daily.due())
            case LostNumbers():
                # Whatever message comes next lets the CDC see the gap: nobody waits for one.
                self._report(*self._daily.today())
            case Delivered():
                self._ledger.mark_delivered(job.report_ids, job.at)
                self._wake_link.set()
            case Rejected():
                self._ledger.mark_rejected(job.report_id, job.reason, job.at)
                self._wake_link.set()

    def _obey(self, command: LedgerCommand, person: Person) -> None:
        match command:
            case AttachReading():
                self._attach(command, person)
            case ResolveCase():
                self._resolve(command, person)
            case HandOver():
                self._hand_over(command, person)
            case CheckByHand():
                self._check_by_hand(command, person)
            case TypeReading():
                self._type(command)
            case RecordCheck():
                self._check(command, person)
            case SendReport():
                self._report(*self._daily.asked(command.day), Order(command, person))

    def _end(self, ended: EndedPassage) -> None:
        if ended.was_flagged:
            return
        if ended.passage.screening.outcome is Outcome.REPEAT:
            self._open(ended.passage, ended.point, by=None)
            return
        self._ledger.record(LedgerEntry(passage=ended.passage))
        self._events.emit(PassageRecorded(ended.passage))

    def _open(self, passage: Passage, point: Point | None, *, by: Person | None) -> None:
        """Open a case: of a passage that has just ended, or of a known one that `by` chose."""
        is_new = by is None
        case, step = open_case(
            case_id=self._new_id(),
            number=self._ledger.next_case_number(),
            opened_at=passage.last_at if is_new else self._clock.now(),
            actor=by.name if by else "station",
            lane=passage.lane,
            traveller=passage.traveller,
            passage_id=passage.passage_id,
            screening=passage.screening,
            point=point,
        )
        self._record(case, step, ReportKind.FLAGGED, passage if is_new else None)

    def _attach(self, command: AttachReading, person: Person) -> None:
        case = self._case(command.case_id)
        reading = self._ledger.reading(command.reading_id)
        if reading is None:
            raise CaseRefused(
                Refusal.UNKNOWN_READING, "This reading is not in the ledger: measure again."
            )
        if any(known.reading_id == reading.reading_id for known in case.readings):
            raise CaseRefused(
                Refusal.ATTACHED_ALREADY, f"This reading already belongs to case {case.number}."
            )
        changed, step = attach_reading(case, reading, actor=person.name, at=self._clock.now())
        self._record(changed, step, ReportKind.SECOND_READING)

    def _resolve(self, command: ResolveCase, person: Person) -> None:
        case = self._case(command.case_id)
        now = self._clock.now()
        policy = policy_on(self._policies, now.date())
        if policy is None:
            raise CaseRefused(
                Refusal.NO_POLICY, "No threshold policy is in force today: tell the shift lead."
            )
        changed, step = resolve_case(
            case,
            command.verdict,
            policy=policy,
            actor=person.name,
            cause=command.cause,
            at=now,
        )
        self._record(changed, step, ReportKind.VERDICT)

    def _hand_over(self, command: HandOver, person: Person) -> None:
        case = self._ledger.case_numbered(command.case_number)
        if case is None:
            raise CaseRefused(
                Refusal.UNKNOWN_CASE,
                f"There is no case {command.case_number} in the ledger: check the number.",
            )
        changed, step = hand_over(
            case, command.step, to=command.to, actor=person.name, at=self._clock.now()
        )
        self._record(changed, step, ReportKind.HANDOVER)

    def _check_by_hand(self, command: CheckByHand, person: Person) -> None:
        passage = self._ledger.passage(command.passage_id)
        if passage is None or not passage.needs_hand:
            raise CaseRefused(
                Refusal.NOT_NEEDED, "This passage needs no check by hand: choose one from the list."
            )
        if any(c.passage_id == passage.passage_id for c in self._ledger.unfinished_cases()):
            raise CaseRefused(Refusal.NOT_NEEDED, "A case for this traveller is already open.")
        self._open(passage, None, by=person)

    def _type(self, command: TypeReading) -> None:
        reading = typed_reading(
            self._new_id(), command.first_c, command.second_c, command.trust, at=self._clock.now()
        )
        self._ledger.record(LedgerEntry(reading=reading))
        self._events.emit(HandheldRead(reading))

    def _check(self, command: RecordCheck, person: Person) -> None:
        found = [self._ledger.reading(reading_id) for reading_id in command.reading_ids]
        readings = [reading for reading in found if reading is not None]
        check = check_device(
            self._new_id(),
            command.reference_c,
            readings,
            actor=person.name,
            at=self._clock.now(),
        )
        self._ledger.record(LedgerEntry(check=check))
        self._events.emit(DeviceChecked(check, command.command_id))

    def _case(self, case_id: UUID) -> Case:
        case = self._ledger.case(case_id)
        if case is None:
            raise CaseRefused(
                Refusal.UNKNOWN_CASE, "This case is not in the ledger: choose one from the list."
            )
        return case

    def _record(
        self, case: Case, step: CaseStep, kind: ReportKind, passage: Passage | None = None
    ) -> None:
        """Write a case's step and, if it is due, its report; then tell everybody."""
        outbox = (self._message(case, kind),) if is_due(kind, case) else ()
        self._ledger.record(LedgerEntry(passage=passage, case=case, steps=(step,), outbox=outbox))
        if passage is not None:
            self._events.emit(PassageRecorded(passage))
        self._events.emit(CaseChanged(case))
        self._tell_durable(outbox)

    def _report(
        self,
        figures: Sequence[DailyFigures],
        outbox: tuple[OutboxItem, ...],
        asked: Order | None = None,
    ) -> None:
        if not outbox:
            return
        audit = tuple(
            made_entry(self._clock.now(), asked.person, AuditKind.REPORT, str(one.day.day))
            for one in figures
            if asked
        )
        self._ledger.record(LedgerEntry(outbox=outbox, audit=audit))
        for one in figures:
            self._events.emit(ReportMade(one, asked.command.command_id if asked else None))
        self._tell_durable(outbox)

    def _tell_durable(self, outbox: Sequence[OutboxItem]) -> None:
        for item in outbox:
            stage = DeliveryStage.DURABLE
            now = self._clock.now()
            self._events.emit(DeliveryProgress(item.report_id, item.case_id, item.kind, stage, now))
        if outbox:
            self._wake_link.set()

    def _message(self, case: Case, kind: ReportKind) -> OutboxItem:
        now = self._clock.now()
        report = build_report(self._new_id(), kind, case, at=now)
        sequence = self._ledger.next_sequence()
        encoded = self._encode(report, self._ledger.epoch, sequence)
        return OutboxItem(
            report.report_id,
            case.case_id,
            kind.value,
            encoded.channel,
            self._ledger.epoch,
            sequence,
            encoded.payload,
            now,
        )
