"""From the verdict to the outcome: registration, isolation room, emergency service, clinic."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from station.core.cases import (
    Case,
    CaseOutcome,
    CaseRefused,
    CaseState,
    CaseStep,
    Handover,
    HandoverStep,
    Progress,
    Refusal,
)
from station.core.registration import Field, Registration, is_sound, missing

_LONGEST_NAME = 64
HANDED_OVER = frozenset({CaseState.CONFIRMED, CaseState.UNRESOLVED})
"""The verdicts after which a case goes on."""

# Whoever was called may decline, so that a request may follow a request.
_NEXT: dict[HandoverStep | None, frozenset[HandoverStep]] = {
    None: frozenset({HandoverStep.REQUESTED, HandoverStep.LEFT_WITHOUT}),
    HandoverStep.REQUESTED: frozenset(
        {HandoverStep.REQUESTED, HandoverStep.ACCEPTED, HandoverStep.LEFT_WITHOUT}
    ),
    HandoverStep.ACCEPTED: frozenset(
        {HandoverStep.REQUESTED, HandoverStep.DEPARTED, HandoverStep.LEFT_WITHOUT}
    ),
    HandoverStep.DEPARTED: frozenset({HandoverStep.ARRIVED}),
    HandoverStep.ARRIVED: frozenset(),
    HandoverStep.LEFT_WITHOUT: frozenset(),
}


def register(
    case: Case,
    registration: Registration,
    *,
    asked: Collection[Field],
    has_identity: bool,
    actor: str,
    at: datetime,
) -> tuple[Case, CaseStep]:
    """Record what the traveller was asked; once more replaces it, and both stay in the trail.

    Args:
        case: the case.
        registration: the answers.
        asked: what must be answered; `?` is an answer.
        has_identity: whether who they are is recorded with it.
        actor: who asked.
        at: when.

    Raises:
        CaseRefused: if the second check has not ended in fever or doubt, an answer is missing, or
            one is too long to be what it is said to be.
    """
    _check_handed_over(case)
    unanswered = missing(registration, asked)
    if unanswered:
        raise CaseRefused(
            Refusal.NOT_ANSWERED,
            f"Not answered yet: {', '.join(unanswered)}. Ask, or answer with ?.",
        )
    if not is_sound(registration):
        raise CaseRefused(Refusal.OTHER, "An answer is too long: 12 characters at most.")
    had = case.progress.has_identity
    progress = replace(
        case.progress,
        registration=registration,
        registered_at=at,
        has_identity=has_identity or had,
    )
    note = "registered with identity" if has_identity else "registered"
    return _with(case, progress=progress), _step(case, note, actor, at)


def isolate(case: Case, *, actor: str, at: datetime) -> tuple[Case, CaseStep]:
    """Record that the traveller is in the isolation room.

    Raises:
        CaseRefused: if the second check has not ended in fever or doubt, or they are there.
    """
    _check_handed_over(case)
    if case.progress.isolated_at is not None:
        raise CaseRefused(
            Refusal.WRONG_STATE, f"The traveller of case {case.number} is in the isolation room."
        )
    progress = replace(case.progress, isolated_at=at)
    return _with(case, progress=progress), _step(case, "isolated", actor, at)


def hand_over(
    case: Case, step: HandoverStep, *, to: str, actor: str, at: datetime
) -> tuple[Case, CaseStep]:
    """Record one step of the hand-over to the emergency service.

    Whoever leaves without being handed over may do so at any time before: the case ends, and a
    second check without a verdict stays unresolved.

    Raises:
        CaseRefused: if the second check has not ended in fever or doubt, the step cannot follow
            the one before, or `to` cannot be sent.
    """
    is_leaving = step is HandoverStep.LEFT_WITHOUT and not case.is_finished
    is_undecided = case.state in {CaseState.OPEN, CaseState.REFERRED}
    if not (is_leaving and is_undecided):
        _check_handed_over(case)
    if len(to) > _LONGEST_NAME or not to.isprintable():
        raise CaseRefused(
            Refusal.OTHER, f"Name who takes over in up to {_LONGEST_NAME} printable characters."
        )
    last = case.handover[-1].step if case.handover else None
    if step not in _NEXT[last]:
        allowed = ", ".join(sorted(_NEXT[last])) or "nothing more"
        raise CaseRefused(
            Refusal.OTHER,
            f"The hand-over of case {case.number} is {last or 'not requested'} and cannot become "
            f"{step.value}: next may be {allowed}.",
        )
    changed = replace(case, handover=(*case.handover, Handover(step, at, to)))
    if is_leaving:
        verdict_at = case.progress.verdict_at or at
        changed = replace(
            changed,
            state=CaseState.UNRESOLVED if is_undecided else case.state,
            progress=replace(case.progress, verdict_at=verdict_at, closed_at=at),
        )
    note = f"handover {step.value}" + (f" to {to}" if to else "")
    return changed, _step(changed, note, actor, at)


def close(case: Case, outcome: CaseOutcome, *, actor: str, at: datetime) -> tuple[Case, CaseStep]:
    """Record what the clinic found, and close the case.

    Raises:
        CaseRefused: if the clinic does not have the traveller yet, or the case is not registered.
    """
    _check_handed_over(case)
    if not case.handover or case.handover[-1].step is not HandoverStep.ARRIVED:
        raise CaseRefused(
            Refusal.NOT_ARRIVED, f"The traveller of case {case.number} is not at the clinic yet."
        )
    if case.progress.registration is None:
        raise CaseRefused(
            Refusal.NOT_REGISTERED, f"Case {case.number} is not registered: do it before closing."
        )
    progress = replace(case.progress, outcome=outcome, closed_at=at)
    return _with(case, progress=progress), _step(case, f"closed: {outcome.value}", actor, at)


def _with(case: Case, *, progress: Progress) -> Case:
    return replace(case, progress=progress)


def _step(case: Case, note: str, actor: str, at: datetime) -> CaseStep:
    return CaseStep(case.case_id, at, actor, case.state, note)


def _check_handed_over(case: Case) -> None:
    if case.is_finished:
        raise CaseRefused(
            Refusal.WRONG_STATE, f"Case {case.number} is closed: take its last step back first."
        )
    if case.state not in HANDED_OVER:
        raise CaseRefused(
            Refusal.WRONG_STATE,
            f"Case {case.number} is {case.state.value}: only a confirmed or unresolved case is "
            "handed over, so end its second check first.",
        )
