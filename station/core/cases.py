"""A case: one flagged traveller, from the flag to the verdict. Every change is a new value."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.errors import KnownError
from station.core.faces import Point
from station.core.screening import Screening, ThresholdPolicy


class Refusal(StrEnum):
    """Why a command was not carried out; the kiosk has words for each in every language."""

    OTHER = "other"
    """The text says it."""
    NO_BODY_TEMPERATURE = "no_body_temperature"
    """The reading is no plausible body temperature."""
    FEBRILE_READING = "febrile_reading"
    """A febrile second reading cannot be cleared."""
    NO_FEBRILE_READING = "no_febrile_reading"
    """Fever cannot be confirmed without a febrile second reading."""
    WRONG_STATE = "wrong_state"
    """The case's state does not allow the step."""
    UNKNOWN_READING = "unknown_reading"
    """The reading is not in the ledger."""
    ATTACHED_ALREADY = "attached_already"
    """The reading belongs to a case."""
    NO_POLICY = "no_policy"
    """No threshold policy is in force today."""
    NOT_NEEDED = "not_needed"
    """The passage needs no check by hand, or has its case."""
    UNKNOWN_CASE = "unknown_case"
    """The case is not in the ledger."""
    TYPED_APART = "typed_apart"
    """The same reading was typed in as two different ones."""
    TYPED_IMPLAUSIBLE = "typed_implausible"
    """No person has the temperature that was typed in."""
    NO_CHECK = "no_check"
    """The readings do not make a daily check."""
    NOT_SIGNED_IN = "not_signed_in"
    """Nobody is signed in."""
    NOT_ALLOWED = "not_allowed"
    """The person's role does not allow it."""
    WRONG_PIN = "wrong_pin"
    """Name and PIN do not belong together, or nobody has this card."""
    WAIT = "wait"
    """Too many wrong PINs: wait before the next one."""
    BAD_NAME = "bad_name"
    """No account can have this name, or another one has it."""
    BAD_PIN = "bad_pin"
    """The PIN is too short or too easy."""
    BAD_CARD = "bad_card"
    """No card number, or another account's."""
    SAME_PERSON = "same_person"
    """This takes a second person."""
    THRESHOLD_RANGE = "threshold_range"
    """The settings do not allow a threshold like this."""
    NO_PROPOSAL = "no_proposal"
    """The proposal is over, or another one has taken its place."""
    SESSION_OVER = "session_over"
    """The session cannot be taken up again: sign in."""


class CaseRefused(KnownError):
    """A step that the case's state does not allow, or a reading that may not be used.

    Attributes:
        refusal: why, for the kiosk's words.
    """

    def __init__(self, refusal: Refusal, text: str) -> None:
        super().__init__(text)
        self.refusal = refusal


class CaseState(StrEnum):
    """Where a case stands; stored values are stable."""

    OPEN = "open"
    """Flagged; the second measurement is due."""
    REFERRED = "referred"
    """At least one second reading is attached."""
    CONFIRMED = "confirmed"
    """The second reading confirmed fever."""
    CLEARED = "cleared"
    """The second reading did not confirm fever."""
    UNRESOLVED = "unresolved"
    """The traveller left or readings disagree: nobody may call this cleared."""
    CLOSED = "closed"
    """Nothing is left to do."""


_NEXT: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.REFERRED, CaseState.UNRESOLVED}),
    CaseState.REFERRED: frozenset(
        {CaseState.REFERRED, CaseState.CONFIRMED, CaseState.CLEARED, CaseState.UNRESOLVED}
    ),
    CaseState.CONFIRMED: frozenset({CaseState.CLOSED}),
    CaseState.CLEARED: frozenset({CaseState.CLOSED}),
    CaseState.UNRESOLVED: frozenset({CaseState.CLOSED}),
    CaseState.CLOSED: frozenset(),
}

VERDICTS = frozenset({CaseState.CONFIRMED, CaseState.CLEARED, CaseState.UNRESOLVED})
"""The states that end the second check."""


class ReadingMode(StrEnum):
    """What a handheld's number means."""

    BODY = "body"
    """The device's own estimate of body temperature."""
    SURFACE = "surface"
    """Uncorrected skin or object temperature."""


class TrustClass(StrEnum):
    """How far a thermometer's reading may decide a second check; stored values are stable.

    Of six forehead models none found more than 69 % of fevers above 38 °C (Sullivan et al. 2021, a
    comparison on 1,113 people), so that a normal forehead reading says less than a normal one of
    an ear or a mouth.
    """

    CONTACT = "contact"
    """A clinical thermometer that touches: mouth, armpit, rectum."""
    TYMPANIC = "tympanic"
    """An ear thermometer."""
    FOREHEAD = "forehead"
    """A clinical thermometer without contact."""
    SURFACE = "surface"
    """An instrument that only tells a surface temperature: it never decides."""


@dataclass(frozen=True, slots=True)
class BodyReading:
    """One reading of a handheld thermometer."""

    reading_id: UUID
    """Its key in the ledger."""
    taken_at: datetime
    """Receipt time, aware, UTC."""
    body_c: float
    """Value in °C."""
    mode: ReadingMode
    """What the number means."""
    device_id: str
    """The handheld's name in the settings."""
    is_plausible: bool = True
    """False where the value cannot come from a person; kept in the ledger, never used."""
    trust: TrustClass = TrustClass.FOREHEAD
    """How far it may decide."""

    @property
    def may_decide(self) -> bool:
        """Whether it may be attached to a case as a second reading."""
        is_body = self.mode is ReadingMode.BODY and self.trust is not TrustClass.SURFACE
        return self.is_plausible and is_body


class HandoverStep(StrEnum):
    """How far a hand-over to the emergency service has come; stored values are stable."""

    REQUESTED = "requested"
    """Somebody was called."""
    ACCEPTED = "accepted"
    """They said that they come."""
    DEPARTED = "departed"
    """They left the station with the traveller."""
    ARRIVED = "arrived"
    """The clinic has the traveller."""
    LEFT_WITHOUT = "left_without"
    """The traveller left without being handed over."""


_LONGEST_NAME = 64

# Whoever was called may decline, so that a request may follow a request.
_HANDOVER_NEXT: dict[HandoverStep | None, frozenset[HandoverStep]] = {
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


@dataclass(frozen=True, slots=True)
class Handover:
    """One step of a hand-over."""

    step: HandoverStep
    """Which."""
    at: datetime
    """When, aware, UTC."""
    to: str
    """The emergency service or the clinic, never a person; empty if nobody was named."""


@dataclass(frozen=True, slots=True)
class Case:
    """One flagged traveller, without identity."""

    case_id: UUID
    """Its key, also the CDC's."""
    number: int
    """The short number that staff call out, counted by the station."""
    opened_at: datetime
    """When the flag was raised, aware, UTC."""
    lane: str
    """The lane's name."""
    traveller: int
    """The traveller's number in the lane's pictures."""
    passage_id: UUID
    """The passage that was flagged."""
    screening: Screening
    """What the thermograph said."""
    point: Point | None
    """(row, column) of the reading in the last frame before the flag."""
    state: CaseState = CaseState.OPEN
    """Where the case stands."""
    readings: tuple[BodyReading, ...] = ()
    """Second readings, oldest first."""
    handover: tuple[Handover, ...] = ()
    """Steps of the hand-over, oldest first."""


@dataclass(frozen=True, slots=True)
class CaseStep:
    """One step of a case for the audit trail; steps are added, never edited."""

    case_id: UUID
    """Whose step."""
    at: datetime
    """When, aware, UTC."""
    actor: str
    """Who: an operator's name or `station`."""
    state: CaseState
    """The state after the step."""
    note: str
    """What was done, in stable words: flagged, second_reading, cause given."""


def open_case(
    *,
    case_id: UUID,
    number: int,
    opened_at: datetime,
    lane: str,
    traveller: int,
    passage_id: UUID,
    screening: Screening,
    point: Point | None,
    actor: str = "station",
) -> tuple[Case, CaseStep]:
    """Open a case for a flagged traveller, or for one whom `actor` wants to check by hand."""
    case = Case(case_id, number, opened_at, lane, traveller, passage_id, screening, point)
    return case, CaseStep(case_id, opened_at, actor, CaseState.OPEN, screening.outcome.value)


def attach_reading(
    case: Case, reading: BodyReading, *, actor: str, at: datetime
) -> tuple[Case, CaseStep]:
    """Attach a second reading that the operator named for this case.

    Raises:
        CaseRefused: if the case is past the second check, or the reading is not a plausible
            body temperature.
    """
    if not reading.may_decide:
        raise CaseRefused(
            Refusal.NO_BODY_TEMPERATURE,
            f"The reading {reading.body_c:.1f} °C is no body temperature: "
            "switch the thermometer to body mode and measure again.",
        )
    moved = _move(case, CaseState.REFERRED)
    step = CaseStep(case.case_id, at, actor, CaseState.REFERRED, f"reading {reading.reading_id}")
    return replace(moved, readings=(*case.readings, reading)), step


def resolve_case(
    case: Case, verdict: CaseState, *, policy: ThresholdPolicy, actor: str, cause: str, at: datetime
) -> tuple[Case, CaseStep]:
    """Record the operator's verdict after the second check.

    A febrile second reading can never be cleared, and a verdict of fever needs one.

    Raises:
        CaseRefused: if the state or the readings do not allow the verdict.
        ValueError: if `verdict` is not one of `VERDICTS`.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"{verdict} is not a verdict")
    moved = _move(case, verdict)
    has_febrile = any(policy.is_febrile(reading.body_c) for reading in case.readings)
    if verdict is CaseState.CLEARED and has_febrile:
        raise CaseRefused(
            Refusal.FEBRILE_READING,
            f"Case {case.number} has a second reading at or above {policy.body_threshold_c:.1f} °C "
            "and cannot be cleared: confirm it, or leave it unresolved.",
        )
    if verdict is CaseState.CONFIRMED and not has_febrile:
        raise CaseRefused(
            Refusal.NO_FEBRILE_READING,
            f"Case {case.number} has no second reading that reaches {policy.body_threshold_c:.1f} "
            "°C: measure again, or clear it.",
        )
    return moved, CaseStep(case.case_id, at, actor, verdict, cause or verdict.value)


def hand_over(
    case: Case, step: HandoverStep, *, to: str, actor: str, at: datetime
) -> tuple[Case, CaseStep]:
    """Record one step of the hand-over to the emergency service.

    Raises:
        CaseRefused: if the second check has not ended in fever or doubt, the step cannot follow
            the one before, or `to` cannot be sent.
    """
    if case.state not in {CaseState.CONFIRMED, CaseState.UNRESOLVED}:
        raise CaseRefused(
            Refusal.WRONG_STATE,
            f"Case {case.number} is {case.state.value}: only a confirmed or unresolved case is "
            "handed over, so end its second check first.",
        )
    if len(to) > _LONGEST_NAME or not to.isprintable():
        raise CaseRefused(
            Refusal.OTHER, f"Name who takes over in up to {_LONGEST_NAME} printable characters."
        )
    last = case.handover[-1].step if case.handover else None
    if step not in _HANDOVER_NEXT[last]:
        allowed = ", ".join(sorted(_HANDOVER_NEXT[last])) or "nothing more"
        raise CaseRefused(
            Refusal.OTHER,
            f"The hand-over of case {case.number} is {last or 'not requested'} and cannot become "
            f"{step.value}: next may be {allowed}.",
        )
    changed = replace(case, handover=(*case.handover, Handover(step, at, to)))
    note = f"handover {step.value}" + (f" to {to}" if to else "")
    return changed, CaseStep(case.case_id, at, actor, case.state, note)


def _move(case: Case, state: CaseState) -> Case:
    if state not in _NEXT[case.state]:
        raise CaseRefused(
            Refusal.WRONG_STATE,
            f"Case {case.number} is {case.state.value} and cannot become {state.value}: "
            "take a second reading first, or open the case's history.",
        )
    return replace(case, state=state)
