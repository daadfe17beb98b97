"""The case flow as a state machine: which step is due, what may follow, and by when.

A stage is named by what is due. It follows from what a case holds, so that no step can leave a case
in a stage that its facts contradict; `NEXT` says which stages may follow one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from station.core.cases import Case, CaseState, HandoverStep
from station.core.screening import ThresholdPolicy
from station.core.second_check import CheckRules, CheckStand, assess, is_resting


class CaseStage(StrEnum):
    """What is due in a case; stored values are stable."""

    RESTING = "resting"
    """Nothing yet: the traveller rests."""
    READING = "reading"
    """A second reading."""
    CONTACT = "contact"
    """A reading of an ear or contact thermometer: the others disagree."""
    VERDICT = "verdict"
    """The verdict: the readings are enough."""
    REGISTRATION = "registration"
    """The traveller's answers."""
    ISOLATION = "isolation"
    """The way to the isolation room."""
    REQUEST = "request"
    """The call to the emergency service (120)."""
    ACCEPTANCE = "acceptance"
    """Its word that it comes."""
    DEPARTURE = "departure"
    """Its departure with the traveller."""
    ARRIVAL = "arrival"
    """Its arrival at the clinic."""
    OUTCOME = "outcome"
    """What the clinic found."""
    CLEARED = "cleared"
    """Nothing: no fever."""
    LEFT = "left"
    """Nothing any more: the traveller left without being handed over."""
    CLOSED = "closed"
    """Nothing: handed over, with an outcome."""


_S = CaseStage
CHECKING = (_S.RESTING, _S.READING, _S.CONTACT, _S.VERDICT)
"""The stages of the second check."""

_FROM_CHECK = frozenset({*CHECKING, _S.REGISTRATION, _S.LEFT})
_BEFORE_DEPARTURE = frozenset({_S.ISOLATION, _S.REQUEST, _S.ACCEPTANCE, _S.LEFT})

NEXT: Mapping[CaseStage, frozenset[CaseStage]] = {
    _S.RESTING: _FROM_CHECK,
    _S.READING: _FROM_CHECK,
    _S.CONTACT: _FROM_CHECK,
    _S.VERDICT: _FROM_CHECK | {_S.CLEARED},
    # A hand-over may begin before the questions are answered; closing waits for them.
    _S.REGISTRATION: _BEFORE_DEPARTURE | {_S.REGISTRATION},
    _S.ISOLATION: _BEFORE_DEPARTURE,
    _S.REQUEST: _BEFORE_DEPARTURE,
    _S.ACCEPTANCE: frozenset({_S.ACCEPTANCE, _S.DEPARTURE, _S.LEFT}),
    _S.DEPARTURE: frozenset({_S.DEPARTURE, _S.ACCEPTANCE, _S.ARRIVAL, _S.LEFT}),
    _S.ARRIVAL: frozenset({_S.ARRIVAL, _S.OUTCOME}),
    _S.OUTCOME: frozenset({_S.OUTCOME, _S.CLOSED}),
    _S.CLEARED: frozenset(),
    _S.LEFT: frozenset(),
    _S.CLOSED: frozenset(),
}
"""What a step of staff or time may lead to; taking a step back leads to where it came from."""

_AFTER: Mapping[HandoverStep, CaseStage] = {
    HandoverStep.REQUESTED: _S.ACCEPTANCE,
    HandoverStep.ACCEPTED: _S.DEPARTURE,
    HandoverStep.DEPARTED: _S.ARRIVAL,
    HandoverStep.ARRIVED: _S.OUTCOME,
    HandoverStep.LEFT_WITHOUT: _S.LEFT,
}
_AFTER_CHECK: Mapping[CheckStand, CaseStage] = {
    CheckStand.READING: _S.READING,
    CheckStand.CONTACT: _S.CONTACT,
    CheckStand.FEBRILE: _S.VERDICT,
    CheckStand.AFEBRILE: _S.VERDICT,
    CheckStand.NO_POLICY: _S.VERDICT,
}


def stage_of(
    case: Case, policy: ThresholdPolicy | None, rules: CheckRules, now: datetime
) -> CaseStage:
    """Return what is due in a case."""
    if case.has_left:
        return CaseStage.LEFT
    if case.is_finished:
        return CaseStage.CLEARED if case.state is CaseState.CLEARED else CaseStage.CLOSED
    if case.state in {CaseState.OPEN, CaseState.REFERRED}:
        stage = _AFTER_CHECK[assess(case, policy, rules)]
        is_early = stage is CaseStage.READING and is_resting(case, now)
        return CaseStage.RESTING if is_early else stage
    if case.handover:
        return _AFTER[case.handover[-1].step]
    if case.progress.registration is None:
        return CaseStage.REGISTRATION
    return CaseStage.ISOLATION if case.progress.isolated_at is None else CaseStage.REQUEST


def since_of(case: Case, stage: CaseStage) -> datetime:
    """Return since when that is due, aware, UTC."""
    p = case.progress
    if stage in CHECKING:
        taken = [reading.taken_at for reading in case.readings]
        rested = [p.rest_until] if p.rest_until else []
        return max([case.opened_at, *taken, *rested])
    before = {
        CaseStage.REGISTRATION: p.verdict_at,
        CaseStage.ISOLATION: p.registered_at,
        CaseStage.REQUEST: p.isolated_at,
    }.get(stage)
    if before is not None:
        return before
    return case.handover[-1].at if case.handover else p.closed_at or case.opened_at


_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StageLimits:
    """How long each stage may last before somebody is told; one without a limit may last."""

    minutes: Mapping[CaseStage, float] = field(
        default_factory=lambda: {
            CaseStage.READING: 2,
            CaseStage.CONTACT: 5,
            CaseStage.VERDICT: 2,
            CaseStage.REGISTRATION: 10,
            CaseStage.ISOLATION: 5,
            CaseStage.REQUEST: 5,
            CaseStage.ACCEPTANCE: 10,
            CaseStage.DEPARTURE: 30,
            CaseStage.ARRIVAL: 60,
            CaseStage.OUTCOME: 1440,
        }
    )
    """Minutes, for each stage that has a limit."""


MOST_LEVEL = 3
"""Escalation: 1 tells the operator, 2 the shift lead, 3 whoever must ring the duty desk."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a stage must have ended."""

    stage: CaseStage
    """Which."""
    since: datetime
    """When it began, aware, UTC."""
    due_at: datetime
    """When it must have ended, aware, UTC."""

    def level(self, now: datetime) -> int:
        """Return how far it has escalated: 0 in time, then once more after each further limit."""
        length = self.due_at - self.since
        if now < self.due_at:
            return 0
        return min(MOST_LEVEL, int((now - self.since) / length))


def deadline_of(case: Case, stage: CaseStage, limits: StageLimits) -> Deadline | None:
    """Return by when a case's stage must end, or None if it may last."""
    minutes = limits.minutes.get(stage)
    if minutes is None:
        return None
    since = since_of(case, stage)
    return Deadline(stage, since, since + minutes * _MINUTE)
