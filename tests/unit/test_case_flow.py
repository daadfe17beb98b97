"""The case flow as a state machine: second check, registration, hand-over, undo, deadlines."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.core.case_flow import CaseFlow
from station.core.cases import (
    BodySite,
    CaseOutcome,
    CaseRefused,
    CaseState,
    ClearCause,
    HandoverStep,
    Progress,
    Refusal,
    TrustClass,
)
from station.core.handing_over import close, hand_over, isolate, register
from station.core.registration import Field, HubKind, Registration
from station.core.report import ReportKind, build_report
from station.core.screening import Outcome
from station.core.second_check import CheckRules, CheckStand, attach_reading, resolve_case, rest
from station.core.stages import NEXT, CaseStage
from station.core.taking_back import take_back
from tests.support import NOON, POLICY, body_reading, case, screening

FLOW = CaseFlow(policies=(POLICY,), asked=(Field.NUMBER,))
JOURNEY = Registration(HubKind.TRAIN, number="G101")
WEAK = screening(Outcome.ABOVE, 36.5)


def reading(body_c, trust=TrustClass.FOREHEAD, number=300):
    return replace(body_reading(body_c, number=number), trust=trust)


def with_readings(*readings, weak=True):
    changed = case(screening=WEAK) if weak else case()
    for i, one in enumerate(readings):
        own = replace(one, reading_id=UUID(int=300 + i))
        changed, _ = attach_reading(changed, own, actor="Li", at=NOON, site=BodySite.MOUTH)
    return changed


def cleared(checked, cause=ClearCause.EXERTION):
    return resolve_case(
        checked,
        CaseState.CLEARED,
        policy=POLICY,
        rules=FLOW.rules,
        actor="Li",
        cause=cause,
        at=NOON,
    )[0]


@pytest.mark.parametrize(
    ("readings", "stand"),
    [
        ([], CheckStand.READING),
        ([reading(36.6)], CheckStand.READING),
        ([reading(36.6), reading(37.1)], CheckStand.AFEBRILE),
        ([reading(36.4), reading(37.0)], CheckStand.CONTACT),
        ([reading(38.1), reading(39.3)], CheckStand.FEBRILE),
        ([reading(37.4), reading(37.2)], CheckStand.CONTACT),
        ([reading(37.4), reading(37.2), reading(36.9)], CheckStand.CONTACT),
        ([reading(37.4), reading(36.9, TrustClass.TYMPANIC)], CheckStand.AFEBRILE),
        ([reading(37.4), reading(37.2), reading(37.3, TrustClass.CONTACT)], CheckStand.FEBRILE),
        (
            [reading(36.9, TrustClass.CONTACT), reading(37.5, TrustClass.TYMPANIC)],
            CheckStand.FEBRILE,
        ),
    ],
)
def test_two_readings_agree_or_a_better_thermometer_decides(readings, stand):
    assert FLOW.stand(with_readings(*readings), NOON) is stand


def test_two_normal_forehead_readings_do_not_contradict_a_strong_flag():
    strong = replace(with_readings(reading(36.6), reading(36.7)), screening=screening(skin_c=37.2))
    assert FLOW.stand(strong, NOON) is CheckStand.CONTACT
    with pytest.raises(CaseRefused) as refused:
        cleared(strong)
    assert refused.value.refusal is Refusal.READINGS_DISAGREE
    ear = replace(reading(36.8, TrustClass.TYMPANIC), reading_id=UUID(int=390))
    decided, _ = attach_reading(strong, ear, actor="Li", at=NOON)
    assert cleared(decided).state is CaseState.CLEARED


def test_clearing_needs_two_readings_and_a_cause():
    one = with_readings(reading(36.6))
    with pytest.raises(CaseRefused) as refused:
        cleared(one)
    assert refused.value.refusal is Refusal.TOO_FEW_READINGS
    two = with_readings(reading(36.6), reading(36.7))
    with pytest.raises(CaseRefused) as refused:
        cleared(two, cause="because")
    assert refused.value.refusal is Refusal.NO_CAUSE
    done = cleared(two)
    assert (done.progress.cause, done.is_finished) == ("exertion", True)
    assert FLOW.stage(done, NOON) is CaseStage.CLEARED


def test_a_reading_has_its_place_on_the_body_and_a_contact_thermometer_s_must_be_named():
    assert with_readings(reading(38.0)).readings[0].site is BodySite.FOREHEAD
    ear = with_readings(reading(38.0, TrustClass.TYMPANIC))
    assert ear.readings[0].site is BodySite.EAR
    contact = reading(38.0, TrustClass.CONTACT)
    assert with_readings(contact).readings[0].site is BodySite.MOUTH
    with pytest.raises(CaseRefused) as refused:
        attach_reading(case(), contact, actor="Li", at=NOON)
    assert refused.value.refusal is Refusal.NO_SITE


def test_during_the_rest_no_forehead_is_measured_and_an_ear_is():
    resting, step = rest(case(), 5, actor="Li", at=NOON)
    assert step.note == "rest 5 min"
    assert FLOW.stage(resting, NOON) is CaseStage.RESTING
    with pytest.raises(CaseRefused) as refused:
        attach_reading(resting, reading(38.0), actor="Li", at=NOON)
    assert refused.value.refusal is Refusal.RESTING
    ear = reading(38.0, TrustClass.TYMPANIC)
    assert attach_reading(resting, ear, actor="Li", at=NOON)[0].readings
    over = NOON + timedelta(minutes=5)
    assert FLOW.stage(resting, over) is CaseStage.READING
    assert attach_reading(resting, reading(38.0), actor="Li", at=over)[0].readings
    ended, _ = rest(resting, 0, actor="Li", at=NOON)
    assert FLOW.stage(ended, NOON) is CaseStage.READING


def test_a_question_without_an_answer_is_not_forgotten():
    confirmed = case(state=CaseState.CONFIRMED)
    about = {"asked": (Field.NUMBER, Field.SYMPTOMS), "has_identity": False}
    with pytest.raises(CaseRefused) as refused:
        register(confirmed, JOURNEY, actor="Li", at=NOON, **about)
    assert refused.value.refusal is Refusal.NOT_ANSWERED
    none = replace(JOURNEY, symptoms=(), number="?")
    done, _ = register(confirmed, none, actor="Li", at=NOON, **about)
    assert FLOW.stage(done, NOON) is CaseStage.ISOLATION


def test_a_case_is_closed_only_when_registered_and_at_the_clinic():
    def closed(handled):
        return close(handled, CaseOutcome.OTHER, actor="Li", at=NOON)[0]

    handled = case(state=CaseState.CONFIRMED)
    with pytest.raises(CaseRefused) as refused:
        closed(handled)
    assert refused.value.refusal is Refusal.NOT_ARRIVED
    for step in list(HandoverStep)[:4]:
        handled, _ = hand_over(handled, step, to="120", actor="Li", at=NOON)
    with pytest.raises(CaseRefused) as refused:
        closed(handled)
    assert refused.value.refusal is Refusal.NOT_REGISTERED
    handled, _ = register(handled, JOURNEY, asked=(), has_identity=False, actor="Li", at=NOON)
    assert FLOW.stage(closed(handled), NOON) is CaseStage.CLOSED


def test_a_plate_stays_in_the_building():
    road = replace(JOURNEY, hub=HubKind.ROAD, number="A12345")
    for journey, told in ((road, ""), (JOURNEY, "G101")):
        handled, _ = register(
            case(state=CaseState.CONFIRMED),
            journey,
            asked=(),
            has_identity=False,
            actor="Li",
            at=NOON,
        )
        report = build_report(UUID(int=1), ReportKind.REGISTERED, handled, at=NOON)
        assert report.registration.number == told


# Everything that staff can do to a case, in any order.
ACTIONS = {
    "fever": lambda c, at: attach_reading(c, reading(38.5), actor="Li", at=at),
    "normal": lambda c, at: attach_reading(c, reading(36.6), actor="Li", at=at),
    "ear": lambda c, at: attach_reading(c, reading(36.6, TrustClass.TYMPANIC), actor="Li", at=at),
    "rest": lambda c, at: rest(c, 5, actor="Li", at=at),
    "no rest": lambda c, at: rest(c, 0, actor="Li", at=at),
    "register": lambda c, at: register(c, JOURNEY, asked=(), has_identity=False, actor="Li", at=at),
    "isolate": lambda c, at: isolate(c, actor="Li", at=at),
    "close": lambda c, at: close(c, CaseOutcome.OTHER, actor="Li", at=at),
    **{
        verdict.value: lambda c, at, verdict=verdict: resolve_case(
            c,
            verdict,
            policy=POLICY,
            rules=CheckRules(),
            actor="Li",
            cause="exertion",
            at=at,
        )
        for verdict in (CaseState.CONFIRMED, CaseState.CLEARED, CaseState.UNRESOLVED)
    },
    **{
        step.value: lambda c, at, step=step: hand_over(c, step, to="", actor="Li", at=at)
        for step in HandoverStep
    },
}


@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=25))
def test_whatever_staff_do_a_case_moves_as_the_machine_says_and_every_step_can_be_taken_back(done):
    now, current, trail = NOON, case(screening=WEAK), []
    for name in done:
        now += timedelta(seconds=20)
        before = FLOW.stage(current, now)
        try:
            changed, step = ACTIONS[name](current, now)
        except CaseRefused:
            continue
        after = FLOW.stage(changed, now)
        assert after is before or after in NEXT[before], (name, before, after)
        assert (step.at, step.actor) == (now, "Li")
        assert (not NEXT[after]) == changed.is_finished
        if "rest" not in name and not (name == "register" and current.progress.registration):
            trail.append(current)
        else:
            trail = [replace(one, progress=_rested(one, changed)) for one in trail]
        current = changed
    while trail:
        current, step = take_back(current, actor="Li", at=now)
        assert step.note.startswith("taken back: ")
        earlier = trail.pop()
        assert current.state is earlier.state
        assert FLOW.stage(current, now) is FLOW.stage(earlier, now)


def test_of_registration_and_isolation_at_one_moment_the_isolation_is_taken_back_first():
    done = Progress(registered_at=NOON, isolated_at=NOON, verdict_at=NOON)
    isolated = case(state=CaseState.CONFIRMED, readings=(body_reading(),), progress=done)
    registered, step = take_back(isolated, actor="Li", at=NOON)
    assert step.note == "taken back: isolated"
    assert registered.progress == replace(done, isolated_at=None)
    asked, step = take_back(registered, actor="Li", at=NOON)
    assert step.note == "taken back: registered"
    assert asked.progress == Progress(verdict_at=NOON)


def _rested(earlier, changed):
    """A rest, and answers given anew, are no step that undoing goes back to."""
    kept = changed.progress.registration if earlier.progress.registration else None
    return replace(earlier.progress, rest_until=changed.progress.rest_until, registration=kept)


def test_each_stage_has_its_deadline_and_escalates_once_for_each_further_limit():
    opened = case()
    deadline = FLOW.deadline(opened, NOON)
    assert (deadline.stage, deadline.since) == (CaseStage.READING, NOON)
    assert deadline.due_at == NOON + timedelta(minutes=2)
    levels = [deadline.level(NOON + timedelta(minutes=m)) for m in (1.9, 2, 4, 6, 60)]
    assert levels == [0, 1, 2, 3, 3]
    resting, _ = rest(opened, 5, actor="Li", at=NOON)
    assert FLOW.deadline(resting, NOON) is None
    rested = FLOW.deadline(resting, NOON + timedelta(minutes=6))
    assert rested.due_at == NOON + timedelta(minutes=7)
    open_ended = {stage for stage, following in NEXT.items() if following} - set(
        FLOW.limits.minutes
    )
    assert open_ended == {CaseStage.RESTING}
