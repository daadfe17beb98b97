import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from station.core.case_flow import CaseFlow
from station.core.cases import (
    CaseOutcome,
    CaseState,
    HandoverStep,
    ReadingMode,
    Refusal,
    TrustClass,
)
from station.core.cohort import CrowdWarning
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    HandOver,
    RecordCheck,
    RegisterCase,
    ResolveCase,
    SendReport,
    TakeBack,
    TypeReading,
)
from station.core.errors import KnownError
from station.core.events import (
    CaseChanged,
    CaseOverdue,
    CommandRefused,
    DeliveryProgress,
    DeviceChecked,
    HandheldRead,
    LedgerFault,
    LedgerRecovered,
    PassageRecorded,
    RecordsLost,
    ReportMade,
)
from station.core.extraction import Rejection, RejectReason
from station.core.handhelds import CheckVerdict
from station.core.identity import (
    CollectionOrder,
    Identity,
    IdentityField,
    IdentityRule,
    IdentityRules,
)
from station.core.lane import EndedPassage, FaceObservation, Flag
from station.core.passages import Passage
from station.core.people import Person, Role
from station.core.ports import LostNumbers
from station.core.reference import ReferenceState
from station.core.registration import Field, HubKind, Registration, Symptom
from station.core.report import Channel, Encoded
from station.core.screening import Outcome, Screening, not_measured
from station.core.stages import CaseStage
from station.ledger.store import SqlLedger, SqlOutboxReader
from station.runtime.case_watch import DeleteExpired, Overdue
from station.runtime.daily import DailyDue, DailyReporter, DailyTimes
from station.runtime.queues import ReadingQueue
from station.runtime.records import Delivered, LedgerCommand, LedgerKeeper, Order
from tests.support import NOON, POLICY, body_reading, face, screening

ORDER = CollectionOrder(
    "order-9",
    "the law",
    "CDC",
    NOON.date(),
    NOON.date(),
    (IdentityField.NAME, IdentityField.TELEPHONE),
    3,
)
FLOW = CaseFlow(
    policies=(POLICY,),
    asked=(Field.NUMBER, Field.SEAT, Field.SYMPTOMS),
    identity=IdentityRules((IdentityField.NAME, IdentityField.DOCUMENT), 14, (ORDER,)),
)
JOURNEY = Registration(HubKind.TRAIN, number="G101", seat="12F", symptoms=(Symptom.COUGH,))
LI = Person("Li", Role.OPERATOR)


class Desk:
    """A ledger keeper on a real SQLite file, with its events kept."""

    def __init__(self, path):
        self.path = path
        self.time = NOON
        self.numbers = count(1000)
        self.ledger = SqlLedger(path)
        self.ledger.load_orders(FLOW.identity.orders)
        self.outbox = SqlOutboxReader(path)
        self.jobs = ReadingQueue()
        self.events = []
        self.wake = threading.Event()
        self.keeper = self.make(self.ledger)

    def make(self, ledger):
        return LedgerKeeper(
            ledger,
            self.jobs,
            flow=FLOW,
            encode=lambda report, epoch, sequence: Encoded(
                Channel.ALERT, f"{report.kind} {sequence}".encode()
            ),
            daily=DailyReporter(
                ledger,
                DailyTimes(ZoneInfo("Asia/Shanghai"), time(14, 30)),
                encode=lambda figures, event_id, at, epoch, sequence: Encoded(
                    Channel.REPORT, f"{figures.day.day} {figures.counts.screened}".encode()
                ),
                clock=self,
                new_id=lambda: UUID(int=next(self.numbers)),
            ),
            clock=self,
            events=self,
            new_id=lambda: UUID(int=next(self.numbers)),
            wake_link=self.wake,
            wait=lambda _: False,
        )

    def now(self):
        return self.time

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)

    def do(self, *jobs):
        self.events.clear()
        for job in jobs:
            self.jobs.put(Order(job, LI) if isinstance(job, LedgerCommand) else job)
        self.keeper.drain()
        return self.events

    def of(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def close(self):
        self.outbox.close()
        self.ledger.close()


@pytest.fixture
def desk(tmp_path):
    opened = Desk(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def passage(answer, number=1):
    return Passage(
        UUID(int=number),
        "1",
        "camera-1",
        number,
        NOON,
        NOON,
        0,
        9,
        answer,
        ReferenceState.HEALTHY,
        9,
    )


def flag(number=1):
    seen = FaceObservation(face(), number, Rejection(RejectReason.TOO_FAR, (1.0, 2.0)), None)
    return Flag(passage(screening(), number), seen)


def ended(answer, number=1, *, was_flagged=False):
    return EndedPassage(passage(answer, number), was_flagged, None)


def confirmed(desk, body_c=38.4):
    """Take one traveller from the flag to the verdict and return the case's id."""
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    reading = body_reading(body_c)
    desk.do(reading, AttachReading(UUID(int=1), case_id, reading.reading_id))
    verdict = CaseState.CONFIRMED if body_c >= 37.3 else CaseState.CLEARED
    desk.do(ResolveCase(UUID(int=2), case_id, verdict, ""))
    return case_id


def test_a_flag_makes_passage_case_and_alert_durable_together(desk):
    desk.do(flag())
    (changed,) = desk.of(CaseChanged)
    (item,) = desk.outbox.waiting(10, frozenset())
    assert desk.ledger.case(changed.case.case_id) == changed.case
    assert desk.ledger.passage(UUID(int=1)) is not None
    assert item.payload == b"flagged 1"
    assert desk.wake.is_set()
    assert len(desk.of(DeliveryProgress)) == 1


def test_each_step_of_a_hand_over_is_durable_with_its_report(desk):
    case_id = confirmed(desk)
    desk.do(
        HandOver(UUID(int=3), 1, HandoverStep.REQUESTED, "120"),
        HandOver(UUID(int=4), 1, HandoverStep.ACCEPTED, "120"),
    )
    kept = desk.ledger.case(case_id)
    assert [step.step for step in kept.handover] == ["requested", "accepted"]
    assert kept.handover[0].to == "120"
    assert desk.ledger.case_numbered(1) == kept
    told = [item.payload for item in desk.outbox.waiting(10, frozenset())]
    assert told[-2:] == [b"handover 4", b"handover 5"]


def test_the_days_figures_are_durable_once_and_then_sent(desk):
    walked = passage(screening(Outcome.BELOW, 35.0))
    earlier = replace(walked, last_at=NOON - timedelta(minutes=1))
    desk.do(EndedPassage(earlier, False, None), DailyDue(), DailyDue())
    [made] = desk.of(ReportMade)
    assert (made.figures.counts.screened, made.command_id) == (1, None)
    [item] = desk.outbox.waiting(10, frozenset())
    assert (item.payload, item.case_id, item.channel) == (b"2026-11-24 1", None, Channel.REPORT)
    assert desk.wake.is_set()
    assert [told.kind for told in desk.of(DeliveryProgress)] == ["daily_report"]


def test_what_the_disk_lost_is_told_to_staff_and_the_cdc_sees_the_gap_at_once(desk, caplog):
    desk.do(flag(1), flag(2))
    lost = LostNumbers(desk.ledger.epoch, 2, 2)
    damaged = desk.make(WithLosses(desk.ledger, (lost,)))
    desk.events.clear()
    damaged.recall()
    damaged.drain()
    assert desk.of(RecordsLost) == [RecordsLost(NOON, 1)]
    assert "lost 1 messages" in caplog.text
    latest = desk.outbox.waiting(10, frozenset())[-1]
    assert (latest.kind, latest.payload) == ("daily_report_asked", b"2026-11-24 0")


def test_figures_that_somebody_asks_for_answer_the_command(desk):
    desk.do(SendReport(UUID(int=5), date(2026, 11, 24)))
    assert [made.command_id for made in desk.of(ReportMade)] == [UUID(int=5)]
    desk.do(SendReport(UUID(int=6), date(2026, 11, 25)))
    [refused] = desk.of(CommandRefused)
    assert (refused.command_id, "has not begun" in refused.text) == (UUID(int=6), True)


def test_a_hand_over_of_a_case_that_does_not_exist_is_refused(desk):
    desk.do(HandOver(UUID(int=3), 9, HandoverStep.REQUESTED, "120"))
    (refused,) = desk.of(CommandRefused)
    assert (refused.command_id, refused.refusal) == (UUID(int=3), Refusal.UNKNOWN_CASE)


def test_a_flagged_passage_is_not_recorded_twice_when_it_ends(desk):
    desk.do(flag(), ended(screening(), was_flagged=True))
    assert len(desk.of(PassageRecorded)) == 1


def test_a_traveller_below_is_a_row_and_no_case(desk):
    desk.do(ended(screening(Outcome.BELOW, 35.0)))
    assert len(desk.of(PassageRecorded)) == 1
    assert desk.of(CaseChanged) == []
    assert desk.outbox.summary().waiting == 0


def test_a_doubtful_traveller_gets_a_case_but_no_alert(desk):
    desk.do(ended(screening(Outcome.REPEAT, 36.1)))
    assert len(desk.of(CaseChanged)) == 1
    assert desk.outbox.summary().waiting == 0


def test_who_was_hot_but_is_flagged_only_on_leaving_gets_a_case_and_an_alert(desk):
    desk.do(ended(screening(Outcome.ABOVE, 36.9)))
    assert len(desk.of(CaseChanged)) == 1
    assert [item.kind for item in desk.outbox.waiting(10, frozenset())] == ["flagged"]


def test_the_whole_second_check_is_told_to_the_cdc_in_order(desk):
    case_id = confirmed(desk)
    payloads = [item.payload for item in desk.outbox.waiting(10, frozenset())]
    assert payloads == [b"flagged 1", b"second_reading 2", b"verdict 3"]
    assert desk.ledger.case(case_id).state is CaseState.CONFIRMED


def test_a_reading_is_kept_before_anybody_attaches_it(desk):
    desk.do(body_reading())
    assert desk.of(HandheldRead)
    assert desk.ledger.reading(body_reading().reading_id).body_c == 38.4


def refusal(desk, *jobs):
    desk.do(*jobs)
    (refused,) = desk.of(CommandRefused)
    return refused.refusal


def test_a_reading_belongs_to_one_case_only(desk):
    case_id = confirmed(desk)
    reading_id = body_reading().reading_id
    again = AttachReading(UUID(int=3), case_id, reading_id)
    assert refusal(desk, again) is Refusal.ATTACHED_ALREADY
    desk.do(flag(number=2))
    other_id = desk.of(CaseChanged)[0].case.case_id
    stolen = AttachReading(UUID(int=4), other_id, reading_id)
    assert refusal(desk, stolen) is Refusal.ATTACHED_ALREADY


def test_unknown_cases_and_readings_are_refused(desk):
    nobody = UUID(int=77)
    assert refusal(desk, AttachReading(nobody, nobody, nobody)) is Refusal.UNKNOWN_CASE
    verdict = ResolveCase(nobody, nobody, CaseState.CLEARED, "")
    assert refusal(desk, verdict) is Refusal.UNKNOWN_CASE


def test_somebody_not_measured_is_checked_by_hand_once(desk):
    doubt: Screening = not_measured((RejectReason.COVERED_EYES,), POLICY)
    desk.do(ended(doubt, number=5))
    by_hand = CheckByHand(UUID(int=9), UUID(int=5))
    desk.do(by_hand)
    assert desk.of(CaseChanged)[0].case.passage_id == UUID(int=5)
    assert refusal(desk, by_hand) is Refusal.NOT_NEEDED


def test_a_receipt_empties_the_outbox(desk):
    desk.do(flag())
    (item,) = desk.outbox.waiting(10, frozenset())
    desk.do(Delivered((item.report_id,), NOON))
    assert desk.outbox.summary().waiting == 0


class WithLosses:
    def __init__(self, ledger, losses):
        self._ledger = ledger
        self.losses = losses

    def __getattr__(self, name):
        return getattr(self._ledger, name)


class FullDisk:
    """A ledger whose disk is full until told otherwise."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.is_full = True

    def __getattr__(self, name):
        return getattr(self.ledger, name)

    def record(self, entry):
        if self.is_full:
            raise KnownError("The disk is full: free space.")
        self.ledger.record(entry)


def test_a_full_disk_is_told_once_and_nothing_is_lost(desk, caplog):
    caplog.set_level("CRITICAL")
    disk = FullDisk(desk.ledger)
    desk.keeper = desk.make(disk)
    for number in (1, 2, 3):
        desk.jobs.put(flag(number))
    for _ in range(5):
        desk.keeper.step()
    assert len(desk.of(LedgerFault)) == 1
    disk.is_full = False
    assert desk.keeper.drain() == 0
    assert len(desk.of(LedgerRecovered)) == 1
    assert [item.payload for item in desk.outbox.waiting(9, frozenset())] == [
        b"flagged 1",
        b"flagged 2",
        b"flagged 3",
    ]


def test_the_end_says_how_much_could_not_be_written(desk, caplog):
    caplog.set_level("CRITICAL")
    desk.keeper = desk.make(FullDisk(desk.ledger))
    for number in (1, 2, 3):
        desk.jobs.put(flag(number))
    assert desk.keeper.drain() == 3


def test_after_a_restart_the_kiosk_sees_open_cases_and_loose_readings(desk):
    desk.do(flag(), body_reading())
    desk.events.clear()
    desk.keeper.recall()
    assert len(desk.of(CaseChanged)) == 1
    assert len(desk.of(HandheldRead)) == 1


def warned(number=1):
    answer = screening(Outcome.BELOW, 35.9)
    return replace(passage(answer, number), warning=CrowdWarning(1.0, 34.9, 0.3, 50))


def test_a_warm_traveller_stays_below_and_is_kept_with_the_warning(desk):
    desk.do(EndedPassage(warned(), False, None))
    assert desk.of(CaseChanged) == []
    assert desk.ledger.passage(UUID(int=1)) == warned()
    assert desk.of(PassageRecorded)[0].passage == warned()


def test_staff_may_check_a_warm_traveller_by_hand_and_the_cdc_hears_only_of_fever(desk):
    desk.do(EndedPassage(warned(), False, None))
    desk.do(CheckByHand(UUID(int=7), UUID(int=1)))
    (changed,) = desk.of(CaseChanged)
    assert changed.case.screening.outcome is Outcome.BELOW
    assert not desk.outbox.waiting(10, frozenset())
    reading = body_reading(38.4)
    case_id = changed.case.case_id
    desk.do(reading, AttachReading(UUID(int=8), case_id, reading.reading_id))
    desk.do(ResolveCase(UUID(int=9), case_id, CaseState.CONFIRMED, ""))
    assert [item.kind for item in desk.outbox.waiting(10, frozenset())] == ["verdict"]


def test_somebody_below_without_a_warning_needs_no_check(desk):
    desk.do(ended(screening(Outcome.BELOW, 35.0)))
    desk.do(CheckByHand(UUID(int=7), UUID(int=1)))
    assert desk.of(CommandRefused)[0].refusal is Refusal.NOT_NEEDED


def test_after_a_restart_those_to_be_measured_are_still_called(desk):
    rested = replace(
        passage(not_measured((RejectReason.COLD_ARRIVAL,), POLICY), 1),
        rest_until=NOON + timedelta(minutes=5),
    )
    usual = passage(screening(Outcome.BELOW, 35.0), 3)
    gone = replace(rested, passage_id=UUID(int=4), last_at=NOON - timedelta(minutes=31))
    checked = replace(rested, passage_id=UUID(int=5))
    desk.do(*(EndedPassage(one, False, None) for one in (gone, rested, warned(2), usual, checked)))
    desk.do(CheckByHand(UUID(int=7), checked.passage_id))
    desk.events.clear()
    desk.keeper.recall()
    assert [event.passage for event in desk.of(PassageRecorded)] == [rested, warned(2)]


def test_a_typed_reading_waits_in_the_ledger_and_one_typed_apart_is_refused(desk):
    desk.do(TypeReading(UUID(int=1), 38.4, 38.4, TrustClass.TYMPANIC))
    (read,) = desk.of(HandheldRead)
    assert desk.ledger.reading(read.reading.reading_id).trust is TrustClass.TYMPANIC
    apart = TypeReading(UUID(int=2), 38.4, 34.8, TrustClass.TYMPANIC)
    assert refusal(desk, apart) is Refusal.TYPED_APART
    assert not desk.of(HandheldRead)


def test_a_daily_check_is_judged_by_readings_of_the_ledger_and_told_again_after_a_restart(desk):
    readings = [
        replace(body_reading(), reading_id=UUID(int=i), body_c=value, mode=ReadingMode.SURFACE)
        for i, value in ((1, 37.0), (2, 37.2), (3, 36.9))
    ]
    desk.do(*readings)
    ids = tuple(reading.reading_id for reading in readings)
    desk.do(RecordCheck(UUID(int=9), 37.0, ids))
    (checked,) = desk.of(DeviceChecked)
    assert checked.command_id == UUID(int=9)
    assert checked.check.verdict is CheckVerdict.PASSED
    unknown = RecordCheck(UUID(int=10), 37.0, (UUID(int=77),) * 3)
    assert refusal(desk, unknown) is Refusal.NO_CHECK
    desk.events.clear()
    desk.keeper.recall()
    assert desk.of(DeviceChecked)[0].check == checked.check


NOBODY = Identity()


def registered(desk, case_id, identity=NOBODY, **about):
    command = RegisterCase(UUID(int=20), case_id, JOURNEY, identity, **about)
    return desk.do(command)


def test_a_case_goes_from_the_flag_to_the_outcome_and_each_step_tells_the_cdc(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, is_isolated=True)
    steps = list(HandoverStep)[:4]
    desk.do(*(HandOver(UUID(int=30 + i), 1, step, "120") for i, step in enumerate(steps)))
    desk.do(CloseCase(UUID(int=40), case_id, CaseOutcome.NEGATIVE))
    (changed,) = desk.of(CaseChanged)
    assert changed.command_id == UUID(int=40)
    kept = desk.ledger.case(case_id)
    assert kept == changed.case
    assert kept.progress.registration == JOURNEY
    assert (kept.is_finished, kept.state) == (True, CaseState.CONFIRMED)
    assert desk.ledger.unfinished_cases() == ()
    kinds = [item.kind for item in desk.outbox.waiting(20, frozenset())]
    assert kinds[2:] == ["verdict", "registered", *["handover"] * 4, "outcome"]


def test_who_leaves_without_being_handed_over_ends_the_case_and_alerts_the_cdc(desk):
    desk.do(ended(screening(Outcome.REPEAT, 36.1)))
    desk.do(HandOver(UUID(int=3), 1, HandoverStep.LEFT_WITHOUT, ""))
    case_ = desk.of(CaseChanged)[0].case
    assert (case_.state, case_.is_finished) == (CaseState.UNRESOLVED, True)
    assert [item.kind for item in desk.outbox.waiting(20, frozenset())] == ["left"]


def test_a_step_taken_back_is_a_step_of_its_own_and_the_cdc_hears_of_it(desk):
    case_id = confirmed(desk)
    desk.do(TakeBack(UUID(int=5), case_id))
    assert desk.ledger.case(case_id).state is CaseState.REFERRED
    desk.do(TakeBack(UUID(int=6), case_id))
    assert [read.reading.body_c for read in desk.of(HandheldRead)] == [38.4]
    kept = desk.ledger.case(case_id)
    assert (kept.state, kept.readings) == (CaseState.OPEN, ())
    assert [one.body_c for one in desk.ledger.unattached_readings(NOON)] == [38.4]
    notes = steps_of(desk.path)
    assert [note for _, note in notes[-3:]] == [
        "confirmed",
        "taken back: confirmed",
        f"taken back: reading {body_reading().reading_id}",
    ]
    assert notes[-1][0] == "Li"
    kinds = [item.kind for item in desk.outbox.waiting(20, frozenset())]
    assert kinds[-2:] == ["corrected", "corrected"]
    assert refusal(desk, TakeBack(UUID(int=7), case_id)) is Refusal.NOTHING_TO_TAKE_BACK


def steps_of(path):
    with closing(sqlite3.connect(path)) as raw:
        return raw.execute("SELECT actor, note FROM case_step ORDER BY step_id").fetchall()


def test_an_identity_is_kept_by_the_ledger_alone_and_under_the_rule_that_allows_it(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San", document="110101"))
    kept = desk.ledger.identity(case_id)
    assert (kept.identity.name, kept.rule) == ("Zhang San", IdentityRule.CONFIRMED)
    assert desk.of(CaseChanged)[0].case.progress.has_identity
    assert "Zhang" not in repr(desk.events)
    assert all(b"Zhang" not in item.payload for item in desk.outbox.waiting(20, frozenset()))
    assert all("Zhang" not in note for _, note in steps_of(desk.path))


def test_what_no_rule_allows_is_not_taken(desk):
    case_id = confirmed(desk)
    command = RegisterCase(UUID(int=20), case_id, JOURNEY, Identity(telephone="139"))
    assert refusal(desk, command) is Refusal.NO_RULE
    assert desk.ledger.identity(case_id) is None


def test_an_order_allows_what_it_names_while_it_is_in_force(desk):
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    desk.do(ResolveCase(UUID(int=2), case_id, CaseState.UNRESOLVED, ""))
    registered(desk, case_id, Identity(telephone="139"))
    kept = desk.ledger.identity(case_id)
    assert (kept.rule, kept.order_id) == (IdentityRule.ORDER, "order-9")
    desk.time = NOON + timedelta(days=1)
    later = RegisterCase(UUID(int=21), case_id, JOURNEY, Identity(telephone="139"))
    assert refusal(desk, later) is Refusal.NO_RULE


def test_an_identity_whose_verdict_is_taken_back_is_deleted_with_its_rule(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San"))
    desk.do(TakeBack(UUID(int=5), case_id))
    assert desk.ledger.identity(case_id) is None
    assert b"Zhang" not in bytes_of(desk.path)


def bytes_of(path):
    return b"".join(one.read_bytes() for one in path.parent.iterdir() if one.is_file())


def test_an_identity_is_gone_from_the_disk_when_its_time_is_over(desk):
    case_id = confirmed(desk)
    registered(desk, case_id, Identity(name="Zhang San"))
    assert b"Zhang" in bytes_of(desk.path)
    desk.do(DeleteExpired(NOON + timedelta(days=13)))
    assert desk.ledger.identity(case_id) is not None
    desk.do(DeleteExpired(NOON + timedelta(days=14)))
    assert desk.ledger.identity(case_id) is None
    assert not desk.ledger.case(case_id).progress.has_identity
    assert b"Zhang" not in bytes_of(desk.path)


def test_a_case_that_waits_too_long_has_it_in_its_trail(desk):
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    late = CaseOverdue(case_id, 1, CaseStage.READING, 2, NOON, NOON)
    desk.do(Overdue(late))
    assert desk.of(CaseOverdue) == [late]
    assert steps_of(desk.path)[-1] == ("station", "overdue reading 2")
