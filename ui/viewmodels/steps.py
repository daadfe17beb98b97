"""Which steps a case may take next, as choices: pure functions."""

from dataclasses import dataclass
from uuid import UUID

from station.core.cases import CaseOutcome, HandoverStep
from station.core.stages import CHECKING, CaseStage
from ui.case_texts import FOUND
from ui.texts import say, translate
from ui.viewmodels.cases import CaseStand
from ui.viewmodels.choices import Choice


@dataclass(frozen=True, slots=True)
class Ask:
    """A step that is asked of the station."""

    case_id: UUID
    """Whose."""
    what: tuple[HandoverStep, ...] | CaseOutcome | None
    """Steps of the hand-over, the clinic's finding, or None for the isolation room."""


@dataclass(frozen=True, slots=True)
class Go:
    """A step that another page asks for."""

    case_id: UUID
    """Whose."""
    stage: CaseStage
    """What is done there: the registration, or the second check."""


_S = HandoverStep


def next_choices(stand: CaseStand) -> list[Choice]:
    """Return what may be done next, the usual step first and as the primary one."""
    case_id, stage = stand.case.case_id, stand.stage
    if stage in CHECKING:
        words = translate("steps", "To the\nsecond check")
        return [_choice(stand, Go(case_id, CaseStage.READING), words, is_first=True)]
    if stage is CaseStage.OUTCOME:
        return _outcomes(stand)
    usual = _usual(case_id, stage)
    found = [
        _choice(stand, key, words, is_first=place == 0) for place, (key, words) in enumerate(usual)
    ]
    has_answers = stand.case.progress.registration is not None
    if stage is not CaseStage.REGISTRATION:
        # A hand-over may run ahead of the questions, and answers may be mended.
        words = translate("steps", "Correct the\nregistration")
        if not has_answers:
            words = translate("steps", "Register the\ntraveller")
        found.append(_choice(stand, Go(case_id, CaseStage.REGISTRATION), words))
    return found


def _usual(case_id: UUID, stage: CaseStage) -> list[tuple[Ask | Go, str]]:
    isolate = Ask(case_id, None), translate("steps", "In the\nisolation room")
    they_come = translate("steps", "Ambulance called\nand coming")
    called = translate("steps", "Called: no\nanswer yet")
    again = Ask(case_id, (_S.REQUESTED,)), translate("steps", "Called\nonce more")
    come = Ask(case_id, (_S.REQUESTED, _S.ACCEPTED)), they_come
    register = Go(case_id, CaseStage.REGISTRATION), translate("steps", "Register the\ntraveller")
    left = Ask(case_id, (_S.DEPARTED,)), translate("steps", "Departed with\nthe traveller")
    steps: dict[CaseStage, list[tuple[Ask | Go, str]]] = {
        CaseStage.REGISTRATION: [register, isolate, come],
        CaseStage.ISOLATION: [isolate, come],
        CaseStage.REQUEST: [come, (Ask(case_id, (_S.REQUESTED,)), called)],
        CaseStage.ACCEPTANCE: [
            (Ask(case_id, (_S.ACCEPTED,)), translate("steps", "It is coming")),
            again,
        ],
        CaseStage.DEPARTURE: [left, again],
        CaseStage.ARRIVAL: [
            (Ask(case_id, (_S.ARRIVED,)), translate("steps", "Arrived at\nthe clinic"))
        ],
    }
    return steps.get(stage, [])


def _outcomes(stand: CaseStand) -> list[Choice]:
    case_id = stand.case.case_id
    is_registered = stand.case.progress.registration is not None
    found = [
        Choice(
            Ask(case_id, outcome),
            say(FOUND, outcome),
            role="primary",
            is_enabled=stand.can_act and is_registered,
        )
        for outcome in CaseOutcome
    ]
    if not is_registered:
        words = translate("steps", "Register the\ntraveller")
        found.append(_choice(stand, Go(case_id, CaseStage.REGISTRATION), words))
    return found


def _choice(stand: CaseStand, key: Ask | Go, words: str, *, is_first: bool = False) -> Choice:
    role = "primary" if is_first else ""
    return Choice(key, words, role=role, is_enabled=stand.can_act)
