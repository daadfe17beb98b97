"""What staff do with a case: each step is durable, told to the CDC, or refused."""

from contextlib import closing
from dataclasses import replace
from uuid import UUID

import pytest

from station.core.cases import (
    CaseOutcome,
    CaseState,
    ClearCause,
    HandoverStep,
    ReadingMode,
    Refusal,
    TrustClass,
)
from station.core.commands import (
    AttachReading,
    CheckByHand,
    CloseCase,
    HandOver,
    RecordCheck,
    ResolveCase,
    TakeBack,
    TypeReading,
)
from station.core.events import (
    CaseChanged,
    CaseOverdue,
    CommandRefused,
    DeviceChecked,
    HandheldRead,
)
from station.core.extraction import RejectReason
from station.core.handhelds import CheckVerdict
from station.core.lane_steps import EndedPassage
from station.core.screening import Outcome, Screening, not_measured
from station.core.stages import CaseStage
from station.runtime.case_watch import Overdue
from tests.support import NOON, POLICY, body_reading, screening
from tests.unit.records_making import (
    JOURNEY,
    Desk,
    confirmed,
    ended,
    flag,
    refusal,
    registered,
    steps_of,
    warned,
)


@pytest.fixture
def desk(tmp_path):
    with closing(Desk(tmp_path / "ledger.sqlite")) as desk:
        yield desk


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
    told = [item.payload for item in desk.outbox.waiting(10)]
    assert told[-2:] == [b"handover 4", b"handover 5"]


def test_a_hand_over_of_a_case_that_does_not_exist_is_refused(desk):
    desk.do(HandOver(UUID(int=3), 9, HandoverStep.REQUESTED, "120"))
    (refused,) = desk.of(CommandRefused)
    assert (refused.command_id, refused.refusal) == (UUID(int=3), Refusal.UNKNOWN_CASE)


def test_the_whole_second_check_is_told_to_the_cdc_in_order(desk):
    case_id = confirmed(desk)
    payloads = [item.payload for item in desk.outbox.waiting(10)]
    assert payloads == [b"flagged 1", b"second_reading 2", b"verdict 3"]
    assert desk.ledger.case(case_id).state is CaseState.CONFIRMED


def test_a_reading_is_kept_before_anybody_attaches_it(desk):
    desk.do(body_reading())
    assert desk.of(HandheldRead)
    assert desk.ledger.reading(body_reading().reading_id).body_c == 38.4


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


def test_staff_may_check_a_warm_traveller_by_hand_and_the_cdc_hears_only_of_fever(desk):
    desk.do(EndedPassage(warned(), False, None))
    desk.do(CheckByHand(UUID(int=7), UUID(int=1)))
    (changed,) = desk.of(CaseChanged)
    assert changed.case.screening.outcome is Outcome.BELOW
    assert not desk.outbox.waiting(10)
    reading = body_reading(38.4)
    case_id = changed.case.case_id
    desk.do(reading, AttachReading(UUID(int=8), case_id, reading.reading_id))
    desk.do(ResolveCase(UUID(int=9), case_id, CaseState.CONFIRMED, ""))
    assert [item.kind for item in desk.outbox.waiting(10)] == ["verdict"]


def test_somebody_below_without_a_warning_needs_no_check(desk):
    desk.do(ended(screening(Outcome.BELOW, 35.0)))
    desk.do(CheckByHand(UUID(int=7), UUID(int=1)))
    assert desk.of(CommandRefused)[0].refusal is Refusal.NOT_NEEDED


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
    kinds = [item.kind for item in desk.outbox.waiting(20)]
    assert kinds[2:] == ["verdict", "registered", *["handover"] * 4, "outcome"]


def test_who_leaves_without_being_handed_over_ends_the_case_and_alerts_the_cdc(desk):
    desk.do(ended(screening(Outcome.REPEAT, 36.1)))
    desk.do(HandOver(UUID(int=3), 1, HandoverStep.LEFT_WITHOUT, ""))
    case_ = desk.of(CaseChanged)[0].case
    assert (case_.state, case_.is_finished) == (CaseState.UNRESOLVED, True)
    assert [item.kind for item in desk.outbox.waiting(20)] == ["left"]


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
    kinds = [item.kind for item in desk.outbox.waiting(20)]
    assert kinds[-2:] == ["corrected", "corrected"]
    assert refusal(desk, TakeBack(UUID(int=7), case_id)) is Refusal.NOTHING_TO_TAKE_BACK


def test_a_case_that_waits_too_long_has_it_in_its_trail(desk):
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    late = CaseOverdue(case_id, 1, CaseStage.READING, 2, NOON, NOON)
    desk.do(Overdue(late))
    assert desk.of(CaseOverdue) == [late]
    assert steps_of(desk.path)[-1] == ("station", "overdue reading 2")


def test_a_threshold_that_was_changed_decides_what_a_strong_flag_is(desk):
    [told] = desk.flow.policies
    lower = replace(told, skin_threshold_c=screening().measurement.skin_c - 1.0)
    desk.do(flag())
    case_id = desk.of(CaseChanged)[0].case.case_id
    for number in (300, 301):
        reading = body_reading(36.6, number=number)
        desk.do(reading, AttachReading(UUID(int=number), case_id, reading.reading_id))
    clear = ResolveCase(UUID(int=2), case_id, CaseState.CLEARED, ClearCause.WARM_PLACE)
    desk.flow = replace(desk.flow, policies=(lower,))
    assert refusal(desk, clear) is Refusal.READINGS_DISAGREE
    desk.flow = replace(desk.flow, policies=(told,))
    desk.do(clear)
    assert desk.of(CaseChanged)[0].case.state is CaseState.CLEARED
