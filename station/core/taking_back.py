"""Undoing: the last step is taken back by a new one; what was done stays in the trail."""

from dataclasses import replace
from datetime import datetime

from station.core.cases import (
    Case,
    CaseRefused,
    CaseState,
    CaseStep,
    HandoverStep,
    Refusal,
)
from station.core.handing_over import HANDED_OVER


def take_back(case: Case, *, actor: str, at: datetime) -> tuple[Case, CaseStep]:
    """Take the case's last step back, as a new step; what was done stays in the trail.

    Raises:
        CaseRefused: if the case has only been opened.
    """
    changed, undone = _without_last(case)
    return changed, CaseStep(case.case_id, at, actor, changed.state, f"taken back: {undone}")


def _without_last(case: Case) -> tuple[Case, str]:
    """Return the case as it was before its last step, and what that was."""
    p = case.progress
    if p.outcome is not None:
        return replace(case, progress=replace(p, outcome=None, closed_at=None)), "closed"
    if case.handover:
        return _without_handover(case)
    if p.isolated_at is not None or p.registered_at is not None:
        return _without_room(case)
    if case.state in HANDED_OVER or case.state is CaseState.CLEARED:
        return _before_verdict(case), case.state.value
    if case.readings:
        left = case.readings[:-1]
        state = CaseState.REFERRED if left else CaseState.OPEN
        undone = f"reading {case.readings[-1].reading_id}"
        return replace(case, readings=left, state=state), undone
    raise CaseRefused(
        Refusal.NOTHING_TO_TAKE_BACK, f"Case {case.number} has only been opened: nothing to undo."
    )


def _without_room(case: Case) -> tuple[Case, str]:
    """Take back isolation or registration, whichever came later; isolation if both came at once."""
    p = case.progress
    is_isolated_last = p.isolated_at is not None and (
        p.registered_at is None or p.isolated_at >= p.registered_at
    )
    if is_isolated_last:
        return replace(case, progress=replace(p, isolated_at=None)), "isolated"
    emptied = replace(p, registration=None, registered_at=None, has_identity=False)
    return replace(case, progress=emptied), "registered"


def _without_handover(case: Case) -> tuple[Case, str]:
    undone, left = case.handover[-1].step, case.handover[:-1]
    changed = replace(case, handover=left)
    if undone is HandoverStep.LEFT_WITHOUT:
        changed = replace(changed, progress=replace(case.progress, closed_at=None))
        # Nobody had given a verdict: leaving did.
        if case.progress.verdict_at == case.handover[-1].at:
            changed = _before_verdict(changed)
    return changed, f"handover {undone.value}"


def _before_verdict(case: Case) -> Case:
    progress = replace(case.progress, verdict_at=None, cause="", closed_at=None, has_identity=False)
    state = CaseState.REFERRED if case.readings else CaseState.OPEN
    return replace(case, state=state, progress=progress)
