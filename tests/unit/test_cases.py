from dataclasses import replace

import pytest

from station.core.cases import (
    CaseRefused,
    CaseState,
    HandoverStep,
    ReadingMode,
    Refusal,
)
from station.core.handing_over import hand_over
from station.core.report import ReportKind, build_report, is_due
from station.core.screening import Outcome
from station.core.second_check import CheckRules, attach_reading, resolve_case
from tests.support import NOON, POLICY, body_reading, case, screening


def attach(opened, reading):
    return attach_reading(opened, reading, actor="Li", at=NOON)


def resolve(opened, verdict):
    return resolve_case(
        opened, verdict, policy=POLICY, rules=CheckRules(), actor="Li", cause="", at=NOON
    )


def test_a_second_reading_refers_the_case_and_leaves_a_step():
    changed, step = attach(case(), body_reading())
    assert changed.state is CaseState.REFERRED
    assert [r.body_c for r in changed.readings] == [38.4]
    assert (step.actor, step.state) == ("Li", CaseState.REFERRED)


@pytest.mark.parametrize(
    "reading", [body_reading(mode=ReadingMode.SURFACE), body_reading(25.0, is_plausible=False)]
)
def test_what_is_no_body_temperature_is_never_attached(reading):
    with pytest.raises(CaseRefused) as refused:
        attach(case(), reading)
    assert refused.value.refusal is Refusal.NO_BODY_TEMPERATURE


def test_a_febrile_reading_confirms():
    referred, _ = attach(case(), body_reading(37.3))
    assert resolve(referred, CaseState.CONFIRMED)[0].state is CaseState.CONFIRMED


def test_a_febrile_reading_can_never_be_cleared():
    referred, _ = attach(case(), body_reading(37.3))
    also_normal, _ = attach(referred, body_reading(36.5, number=301))
    with pytest.raises(CaseRefused) as refused:
        resolve(also_normal, CaseState.CLEARED)
    assert refused.value.refusal is Refusal.FEBRILE_READING


def test_fever_is_not_confirmed_without_a_febrile_reading():
    referred, _ = attach(case(), body_reading(37.2))
    with pytest.raises(CaseRefused) as refused:
        resolve(referred, CaseState.CONFIRMED)
    assert refused.value.refusal is Refusal.NO_FEBRILE_READING


@pytest.mark.parametrize("verdict", [CaseState.CONFIRMED, CaseState.CLEARED])
def test_no_verdict_without_a_second_reading(verdict):
    with pytest.raises(CaseRefused) as refused:
        resolve(case(), verdict)
    assert refused.value.refusal is Refusal.WRONG_STATE


def test_somebody_who_left_is_unresolved_and_not_cleared():
    assert resolve(case(), CaseState.UNRESOLVED)[0].state is CaseState.UNRESOLVED


@pytest.mark.parametrize(
    "state", [CaseState.CONFIRMED, CaseState.CLEARED, CaseState.UNRESOLVED, CaseState.CLOSED]
)
def test_a_finished_case_takes_no_more_readings(state):
    with pytest.raises(CaseRefused):
        attach(case(state=state), body_reading())


def test_open_is_not_a_verdict():
    with pytest.raises(ValueError, match="verdict"):
        resolve(case(), CaseState.OPEN)


@pytest.mark.parametrize("kind", list(ReportKind))
def test_every_step_of_a_flagged_case_is_told_to_the_cdc(kind):
    assert is_due(kind, case())


def test_a_doubtful_case_is_told_only_when_confirmed():
    doubtful = case(screening=screening(Outcome.REPEAT, 36.1))
    assert not is_due(ReportKind.FLAGGED, doubtful)
    assert not is_due(ReportKind.SECOND_READING, doubtful)
    confirmed = case(screening=doubtful.screening, state=CaseState.CONFIRMED)
    assert is_due(ReportKind.VERDICT, confirmed)
    cleared = case(screening=doubtful.screening, state=CaseState.CLEARED)
    assert not is_due(ReportKind.VERDICT, cleared)


def test_a_report_carries_skin_and_body_apart():
    referred, _ = attach(case(), body_reading())
    report = build_report(case().case_id, ReportKind.VERDICT, referred, at=NOON)
    assert report.skin.skin_c == 36.9
    assert [finding.body_c for finding in report.body] == [38.4]


def handed(*steps, case_=None):
    handled = case_ or replace(case(), state=CaseState.CONFIRMED)
    for step in steps:
        handled, last = hand_over(handled, step, to="120", actor="Li", at=NOON)
    return handled, last


def test_a_hand_over_goes_from_the_request_to_the_arrival():
    steps = list(HandoverStep)[:4]
    handled, last = handed(*steps)
    assert [one.step for one in handled.handover] == steps
    assert (last.note, last.state) == ("handover arrived to 120", CaseState.CONFIRMED)


def test_an_emergency_service_that_declines_may_be_followed_by_another():
    handled, _ = handed(HandoverStep.REQUESTED, HandoverStep.REQUESTED, HandoverStep.ACCEPTED)
    assert len(handled.handover) == 3


@pytest.mark.parametrize(
    "steps",
    [
        (HandoverStep.ACCEPTED,),
        (HandoverStep.REQUESTED, HandoverStep.DEPARTED),
        (*list(HandoverStep)[:4], HandoverStep.LEFT_WITHOUT),
        (HandoverStep.LEFT_WITHOUT, HandoverStep.REQUESTED),
    ],
)
def test_a_step_that_cannot_follow_is_refused(steps):
    with pytest.raises(CaseRefused, match=r"next may be|is closed"):
        handed(*steps)


@pytest.mark.parametrize("state", [CaseState.OPEN, CaseState.REFERRED, CaseState.CLEARED])
def test_nobody_is_handed_over_before_the_second_check_says_so(state):
    with pytest.raises(CaseRefused, match="end its second check first"):
        handed(HandoverStep.REQUESTED, case_=replace(case(), state=state))


def test_whoever_left_before_the_hand_over_is_told():
    handled, _ = handed(
        HandoverStep.LEFT_WITHOUT, case_=replace(case(), state=CaseState.UNRESOLVED)
    )
    assert handled.handover[-1].step is HandoverStep.LEFT_WITHOUT
    assert is_due(ReportKind.HANDOVER, handled)


@pytest.mark.parametrize("name", ["12\n0", "x" * 65])
def test_a_name_that_cannot_be_sent_is_refused_at_once(name):
    confirmed = replace(case(), state=CaseState.CONFIRMED)
    with pytest.raises(CaseRefused, match="64 printable"):
        hand_over(confirmed, HandoverStep.REQUESTED, to=name, actor="Li", at=NOON)
