"""The second check: rest, two readings that agree, or one of a better thermometer; the verdict."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from station.core.cases import (
    SITE_OF,
    VERDICTS,
    BodyReading,
    BodySite,
    Case,
    CaseRefused,
    CaseState,
    CaseStep,
    ClearCause,
    Refusal,
    TrustClass,
)
from station.core.screening import Outcome, ThresholdPolicy

TRUSTED = frozenset({TrustClass.CONTACT, TrustClass.TYMPANIC})
"""The kinds of thermometer that decide when readings disagree."""

_LONGEST_REST = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class CheckRules:
    """When a second check may end."""

    max_difference_c: float = 0.5
    """Two readings further apart disagree, °C."""
    strong_flag_c: float = 1.0
    """A flag so far above the skin threshold is not cleared by forehead readings alone, °C."""
    rest_s: float = 0.0
    """How long everybody who was flagged rests first, seconds."""


READINGS_NEEDED = 2
"""A second check has two readings."""


class CheckStand(StrEnum):
    """What the readings so far amount to."""

    READING = "reading"
    """Another reading is due."""
    CONTACT = "contact"
    """They disagree, or contradict a strong flag: a contact or ear thermometer must decide."""
    FEBRILE = "febrile"
    """Fever."""
    AFEBRILE = "afebrile"
    """No fever."""
    NO_POLICY = "no_policy"
    """Nobody said what counts as fever today."""


def assess(case: Case, policy: ThresholdPolicy | None, rules: CheckRules) -> CheckStand:
    """Say what a case's readings amount to.

    Two readings agree if both reach the limit, or neither does and they lie near one another. Where
    they disagree the contact and ear readings decide, and one of them that reaches the limit is
    enough for fever.
    """
    if policy is None:
        return CheckStand.NO_POLICY
    if len(case.readings) < READINGS_NEEDED:
        return CheckStand.READING
    values_c = [reading.body_c for reading in case.readings]
    febrile = [policy.is_febrile(value_c) for value_c in values_c]
    if all(febrile):
        return CheckStand.FEBRILE
    trusted = [policy.is_febrile(r.body_c) for r in case.readings if r.trust in TRUSTED]
    # The display's last digit must not decide at the very limit.
    is_near = max(values_c) - min(values_c) <= rules.max_difference_c + 1e-9
    is_agreed = is_near and not any(febrile)
    if is_agreed and not is_strong(case, policy, rules):
        return CheckStand.AFEBRILE
    if not trusted:
        return CheckStand.CONTACT
    return CheckStand.FEBRILE if any(trusted) else CheckStand.AFEBRILE


def is_strong(case: Case, policy: ThresholdPolicy, rules: CheckRules) -> bool:
    """Whether the thermograph saw so much that forehead thermometers cannot contradict it."""
    measured = case.screening.measurement
    if measured is None or case.screening.outcome is not Outcome.ABOVE:
        return False
    return measured.skin_c >= policy.skin_threshold_c + rules.strong_flag_c


def is_resting(case: Case, now: datetime) -> bool:
    """Whether the traveller should rest before a forehead is measured."""
    until = case.progress.rest_until
    return until is not None and now < until and case.state in {CaseState.OPEN, CaseState.REFERRED}


def rest(case: Case, minutes: float, *, actor: str, at: datetime) -> tuple[Case, CaseStep]:
    """Let the traveller rest for some minutes from now; none end the rest.

    Raises:
        CaseRefused: if the second check has ended, or nobody rests so long.
    """
    _check_open(case)
    length = timedelta(minutes=minutes)
    if not timedelta(0) <= length <= _LONGEST_REST:
        raise CaseRefused(Refusal.OTHER, "A rest is up to 60 minutes long.")
    progress = replace(case.progress, rest_until=at + length if length else None)
    note = f"rest {minutes:g} min" if length else "rest ended"
    return replace(case, progress=progress), CaseStep(case.case_id, at, actor, case.state, note)


def attach_reading(
    case: Case, reading: BodyReading, *, actor: str, at: datetime, site: BodySite | None = None
) -> tuple[Case, CaseStep]:
    """Attach a second reading that the operator named for this case.

    Args:
        case: the case.
        reading: the reading.
        actor: who says so.
        at: when.
        site: where a contact thermometer was held; the others have one place only.

    Raises:
        CaseRefused: if the case is past the second check, the reading is not a plausible body
            temperature, its place on the body is not known, or it is a forehead's during the rest.
    """
    if not reading.may_decide:
        raise CaseRefused(
            Refusal.NO_BODY_TEMPERATURE,
            f"The reading {reading.body_c:.1f} °C is no body temperature: "
            "switch the thermometer to body mode and measure again.",
        )
    _check_open(case)
    where = SITE_OF.get(reading.trust, site)
    if where is None:
        raise CaseRefused(
            Refusal.NO_SITE, "Say where the contact thermometer was held: mouth or armpit."
        )
    if is_resting(case, at) and reading.trust not in TRUSTED:
        raise CaseRefused(
            Refusal.RESTING,
            f"The traveller of case {case.number} rests: wait, use an ear or contact thermometer, "
            "or end the rest.",
        )
    attached = replace(reading, site=where)
    step = CaseStep(case.case_id, at, actor, CaseState.REFERRED, f"reading {reading.reading_id}")
    changed = replace(case, state=CaseState.REFERRED, readings=(*case.readings, attached))
    return changed, step


def resolve_case(
    case: Case,
    verdict: CaseState,
    *,
    policy: ThresholdPolicy,
    rules: CheckRules,
    actor: str,
    cause: str,
    at: datetime,
) -> tuple[Case, CaseStep]:
    """Record the operator's verdict after the second check.

    Fever needs a febrile reading. Clearing needs two readings that allow it, and a cause.
    Unresolved may be said at any time: the case goes on as if it were fever.

    Raises:
        CaseRefused: if the state or the readings do not allow the verdict, or the cause is none.
        ValueError: if `verdict` is not one of `VERDICTS`.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"{verdict} is not a verdict")
    if verdict is CaseState.UNRESOLVED:
        _check_open(case)
    elif case.state is not CaseState.REFERRED:
        raise _wrong_state(case, verdict.value)
    has_febrile = any(policy.is_febrile(reading.body_c) for reading in case.readings)
    if verdict is CaseState.CONFIRMED and not has_febrile:
        raise CaseRefused(
            Refusal.NO_FEBRILE_READING,
            f"Case {case.number} has no second reading that reaches {policy.body_threshold_c:.1f} "
            "°C: measure again, or clear it.",
        )
    if verdict is CaseState.CLEARED:
        _check_clearing(case, policy, rules, cause, has_febrile=has_febrile)
    is_end = verdict is CaseState.CLEARED
    progress = replace(case.progress, verdict_at=at, cause=cause, closed_at=at if is_end else None)
    note = f"{verdict.value}: {cause}" if cause else verdict.value
    changed = replace(case, state=verdict, progress=progress)
    return changed, CaseStep(case.case_id, at, actor, verdict, note)


def _check_clearing(
    case: Case, policy: ThresholdPolicy, rules: CheckRules, cause: str, *, has_febrile: bool
) -> None:
    stand = assess(case, policy, rules)
    if stand is CheckStand.FEBRILE or (has_febrile and stand is not CheckStand.AFEBRILE):
        raise CaseRefused(
            Refusal.FEBRILE_READING,
            f"Case {case.number} has a second reading at or above {policy.body_threshold_c:.1f} °C "
            "and cannot be cleared: take a contact or ear reading, or confirm it.",
        )
    if stand is CheckStand.READING:
        raise CaseRefused(
            Refusal.TOO_FEW_READINGS,
            f"Case {case.number} has {len(case.readings)} reading: measure once more.",
        )
    if stand is CheckStand.CONTACT:
        raise CaseRefused(
            Refusal.READINGS_DISAGREE,
            f"The readings of case {case.number} disagree, or contradict a strong flag: let an ear "
            "or contact thermometer decide.",
        )
    if cause not in list(ClearCause):
        raise CaseRefused(Refusal.NO_CAUSE, f"Say why case {case.number} is cleared.")


def _check_open(case: Case) -> None:
    if case.state not in {CaseState.OPEN, CaseState.REFERRED} or case.is_finished:
        raise _wrong_state(case, "changed")


def _wrong_state(case: Case, wish: str) -> CaseRefused:
    return CaseRefused(
        Refusal.WRONG_STATE,
        f"Case {case.number} is {case.state.value} and cannot become {wish}: "
        "take a second reading first, or open the case's history.",
    )
