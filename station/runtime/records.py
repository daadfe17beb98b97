"""The thread that owns the ledger: jobs in, durable rows and events out. Nothing is discarded."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from station.core.audit import AuditKind, made_entry
from station.core.case_flow import CaseFlow
from station.core.cases import BodyReading, Case, CaseRefused
from station.core.commands import CaseCommand, RecordCheck, SendReport, TypeReading
from station.core.daily import DailyFigures
from station.core.errors import KnownError
from station.core.events import (
    CaseChanged,
    CommandRefused,
    DeviceChecked,
    FlowAnnounced,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
    RecordsLost,
)
from station.core.faces import Point
from station.core.handhelds import CHECK_HOLDS, check_device, typed_reading
from station.core.identity import IdentityEntry
from station.core.lane_steps import EndedPassage, Flag
from station.core.link_events import DeliveryProgress, DeliveryStage, ReportMade
from station.core.passages import Passage
from station.core.people import Person
from station.core.ports import Clock, EventSink, Ledger, LedgerEntry, LostNumbers, OutboxItem
from station.core.report import Encoded, Report, ReportKind, build_report, is_due
from station.core.screening import Outcome
from station.ledger.database import LedgerDamaged
from station.runtime.case_desk import CaseDesk, CaseWork
from station.runtime.case_watch import DeleteExpired, Overdue
from station.runtime.daily import DailyDue, DailyReporter
from station.runtime.ledger_jobs import Delivered, Job, LedgerCommand, Order, Rejected, Renew
from station.runtime.queues import ReadingQueue

logger = logging.getLogger(__name__)

_JOB_WAIT_S = 0.25
_RETRY_S = 1.0
# An older reading that nobody attached belongs to nobody any more.
_READINGS_OF = timedelta(minutes=10)
# Chosen: three times the longest rest; who has not come back by then is gone.
_PASSAGES_OF = timedelta(minutes=30)


Encoder = Callable[[Report, UUID, int, IdentityEntry | None], Encoded]
"""Makes the exact bytes of a message from (report, epoch, sequence, who was just recorded)."""


class LedgerKeeper:
    """Carries out one job after the other, each in one transaction.

    A job that meets a full disk stays the current one and is tried again until it is written;
    the queue behind it fills up and its writers wait.

    What the link is offered is durable, and may be in the outbox only a moment later.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: ReadingQueue[Job],
        *,
        flow: Callable[[], CaseFlow],
        encode: Encoder,
        daily: DailyReporter,
        clock: Clock,
        events: EventSink,
        new_id: Callable[[], UUID],
        wake_link: threading.Event,
        offer: Callable[[Sequence[OutboxItem]], None],
        wait: Callable[[float], bool],
        on_renewed: Callable[[], None] = lambda: None,
    ) -> None:
        self._ledger = ledger
        self._on_renewed = on_renewed
        self._jobs = jobs
        self._flow = flow
        self._desk = CaseDesk(ledger, flow, now=clock.now, new_id=new_id)
        self._encode = encode
        self._daily = daily
        self._clock = clock
        self._events = events
        self._new_id = new_id
        self._wake_link = wake_link
        self._offer = offer
        self._wait = wait
        self._current: Job | None = None
        self._has_failed = False
        self._has_news = False
        self._is_damaged = False

    def recall(self) -> None:
        """Tell what a kiosk must show of the time before this start, and how cases are handled."""
        self._events.emit(FlowAnnounced(self._flow()))
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
            self._current = self._next_job()
        try:
            if self._is_damaged:
                self._renew()
            if self._current is not None:
                self._settle(self._current)
                self._current = None
            self._file()
        except KnownError as error:
            self._fail(error)
            return
        if self._has_failed:
            self._has_failed = False
            self._events.emit(LedgerRecovered(self._clock.now()))

    def _next_job(self) -> Job | None:
        """Take a job; receipts that came while the disk was busy are marked in one transaction."""
        job = self._jobs.get(_JOB_WAIT_S)
        if not isinstance(job, Delivered):
            return job
        more = self._jobs.get_while(lambda waiting: isinstance(waiting, Delivered))
        receipts = [job, *(one for one in more if isinstance(one, Delivered))]
        ids = tuple(report_id for one in receipts for report_id in one.report_ids)
        return Delivered(ids, receipts[-1].at)

    def drain(self) -> int:
        """Carry out all waiting jobs once and return how many could not be written."""
        while self._current is not None or len(self._jobs):
            before = self._current
            self.step()
            if self._current is not None and self._current is before:
                return 1 + len(self._jobs)
        return 0

    def _fail(self, error: KnownError) -> None:
        # What cannot be read now cannot be read later: a new ledger takes the job.
        self._is_damaged = self._is_damaged or isinstance(error, LedgerDamaged)
        if not self._has_failed:
            self._has_failed = True
            logger.error("the ledger cannot write: %s", error)
            self._events.emit(LedgerFault(self._clock.now(), str(error)))
        self._wait(_RETRY_S)

    def _settle(self, job: Job) -> None:
        try:
            self._carry_out(job)
        except CaseRefused as error:
            if isinstance(job, Order):
                command_id = job.command.command_id
                self._events.emit(CommandRefused(command_id, str(error), error.refusal))

    def _carry_out(self, job: Job) -> None:
        match job:
            case Flag():
                self._open(job.passage, job.observation.result.point)
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
            case Overdue():
                self._be_late(job)
            case DeleteExpired():
                self._delete(job)
            case Delivered():
                self._ledger.mark_delivered(job.report_ids, job.at)
                self._wake_link.set()
            case Rejected():
                self._ledger.mark_rejected(job.report_id, job.reason, job.at)
                self._wake_link.set()
            case Renew():
                self._renew()

    def _renew(self) -> None:
        """Go on with a new ledger; the job that met the damage is carried out with that."""
        self._is_damaged = True
        if self._ledger.renew():
            self._has_news = True
            self._on_renewed()
            self._tell_losses()
        self._is_damaged = False

    def _file(self) -> None:
        """Let the link see all that is durable, also after a disk that was full."""
        self._ledger.file_flags()
        if self._has_news:
            self._has_news = False
            self._wake_link.set()

    def _obey(self, command: LedgerCommand, person: Person) -> None:
        if isinstance(command, CaseCommand):
            work = self._desk.carry_out(command, person.name)
            self._record(work, command_id=command.command_id)
            return
        match command:
            case TypeReading():
                self._type(command)
            case RecordCheck():
                self._check(command, person)
            case SendReport():
                self._report(*self._daily.asked(command.day), Order(command, person))

    def _end(self, ended: EndedPassage) -> None:
        if ended.was_flagged:
            return
        if ended.passage.screening.outcome in {Outcome.REPEAT, Outcome.ABOVE}:
            self._open(ended.passage, ended.point)
            return
        self._ledger.record(LedgerEntry(passage=ended.passage))
        self._events.emit(PassageRecorded(ended.passage))

    def _open(self, passage: Passage, point: Point | None) -> None:
        self._record(self._desk.opened(passage, point, passage.last_at), passage=passage)

    def _be_late(self, job: Overdue) -> None:
        """Note in the case's trail that it waits too long, and tell everybody."""
        event = job.event
        work = self._desk.overdue(event.case_id, f"overdue {event.stage.value} {event.level}")
        if work is not None:
            self._ledger.record(LedgerEntry(case=work.case, steps=work.steps))
            self._events.emit(event)

    def _delete(self, job: DeleteExpired) -> None:
        count = self._ledger.delete_expired(job.now)
        if count:
            logger.info("%d identities were deleted: their time was over", count)

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

    def _record(
        self, work: CaseWork, *, passage: Passage | None = None, command_id: UUID | None = None
    ) -> None:
        """Write what became of a case and, if it is due, its report; then tell everybody."""
        case, kind = work.case, work.kind
        is_told = kind is not None and is_due(kind, case, work.before)
        outbox = (self._message(case, kind, work.identity),) if kind is not None and is_told else ()
        entry = LedgerEntry(
            passage=passage, case=case, steps=work.steps, outbox=outbox, identity=work.identity
        )

        def tell() -> None:
            if passage is not None:
                self._events.emit(PassageRecorded(passage))
            self._tell_freed(work)
            self._events.emit(CaseChanged(case, command_id))
            self._tell_durable(outbox)

        self._ledger.record(entry, tell)

    def _tell_freed(self, work: CaseWork) -> None:
        """Readings that were taken back from a case wait for their case again."""
        kept = {reading.reading_id for reading in work.case.readings}
        for reading in work.before.readings if work.before else ():
            if reading.reading_id not in kept:
                self._events.emit(HandheldRead(replace(reading, site=None)))

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
            self._has_news = True
            self._offer(outbox)
            self._wake_link.set()

    def _message(self, case: Case, kind: ReportKind, person: IdentityEntry | None) -> OutboxItem:
        now = self._clock.now()
        report = build_report(self._new_id(), kind, case, at=now)
        sequence = self._ledger.next_sequence()
        encoded = self._encode(report, self._ledger.epoch, sequence, person)
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
