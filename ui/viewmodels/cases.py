"""What the screens of cases show, as plain values: pure functions of the model and the time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.case_flow import CaseFlow
from station.core.cases import BodyReading, Case, CaseState, HandoverStep, TrustClass
from station.core.commands import HandOver
from station.core.events import CasePictured
from station.core.handing_over import HANDED_OVER
from station.core.screening import Outcome
from station.core.second_check import CheckStand
from station.core.stages import CaseStage
from ui.case_texts import HANDOVERS, NUMBERS, SITES, STAGES
from ui.model import KioskModel
from ui.texts import CASES, say, translate
from ui.viewmodels.ages import age_text
from ui.viewmodels.faces import measured_text
from ui.viewmodels.notices import Notice

_TELLS_LEAD, _TELLS_DESK = 2, 3


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case among all that go on."""

    case_id: UUID
    """Which."""
    outcome: Outcome
    """What the thermograph said."""
    title: str
    """Number and what is due."""
    detail: str
    """By when, and how far it has escalated."""
    picture: CasePictured | None
    """By which staff find the traveller, as long as it may be shown."""
    is_selected: bool
    """Whether the operator is at it."""


@dataclass(frozen=True, slots=True)
class CaseStand:
    """The case that the operator is at."""

    case: Case
    """The case."""
    stage: CaseStage
    """What is due."""
    title: str
    """Number and what is due."""
    due: Notice
    """By when, and whom to tell if it is late."""
    facts: str
    """What is known, a line each."""
    picture: CasePictured | None
    """The traveller, as long as the picture may be shown."""
    can_act: bool
    """Whether a station is there."""
    can_leave: bool
    """Whether the traveller can still leave without being handed over."""
    can_take_back: bool
    """Whether there is a step to take back."""


def stage_notice(flow: CaseFlow, case: Case, now: datetime) -> Notice:
    """Return by when the case's stage must end; late ones say whom to tell."""
    stage = flow.stage(case, now)
    if stage is CaseStage.RESTING and case.progress.rest_until is not None:
        left = age_text(case.progress.rest_until, now)
        return Notice(translate("caseviews", "rests for {0} more").format(left), "good")
    deadline = flow.deadline(case, now)
    if deadline is None:
        return Notice(translate("caseviews", "no deadline"), "good")
    level = deadline.level(now)
    if level == 0:
        left = age_text(deadline.due_at, now)
        return Notice(translate("caseviews", "due in {0}").format(left), "good")
    late = translate("caseviews", "late by {0}").format(age_text(now, deadline.due_at))
    if level < _TELLS_LEAD:
        return Notice(late, "caution")
    if level < _TELLS_DESK:
        return Notice(late + translate("caseviews", ": tell the shift lead"), "alarm")
    desk = translate("caseviews", ": ring the duty desk {0}").format(flow.duty_desk)
    return Notice(late + desk.rstrip(), "alarm")


def case_lines(model: KioskModel, now: datetime) -> list[CaseLine]:
    """Return all cases that go on, the latest ones first, then by number."""
    flow = model.flow
    lines = []
    for case in sorted(model.going.values(), key=lambda case: _order(flow, case, now)):
        stage = flow.stage(case, now)
        lines.append(
            CaseLine(
                case.case_id,
                case.screening.outcome,
                f"{case.number}  ·  {say(STAGES, stage)}",
                stage_notice(flow, case, now).text,
                model.picture(case.case_id, now),
                is_selected=case.case_id == model.at,
            )
        )
    return lines


def case_stand(model: KioskModel, now: datetime) -> CaseStand | None:
    """Return the case that the operator is at, or None."""
    case = model.going.get(model.at) if model.at else None
    if case is None:
        return None
    stage = model.flow.stage(case, now)
    may_act = model.may(HandOver)
    is_gone = bool(case.handover) and case.handover[-1].step in {
        HandoverStep.DEPARTED,
        HandoverStep.ARRIVED,
    }
    return CaseStand(
        case=case,
        stage=stage,
        title=translate("viewmodels", "Case {0}").format(case.number) + " · " + say(STAGES, stage),
        due=stage_notice(model.flow, case, now),
        facts="\n".join(case_facts(case)),
        picture=model.picture(case.case_id, now),
        can_act=may_act,
        can_leave=may_act and not is_gone,
        can_take_back=may_act and (bool(case.readings) or case.state in HANDED_OVER),
    )


def case_facts(case: Case) -> list[str]:
    """Return what is known of a case, a line each."""
    lines = [f"{measured_text(case.screening.measurement)}  ·  {say(CASES, case.state)}"]
    if case.readings:
        shown = ", ".join(reading_words(reading) for reading in case.readings[-3:])
        lines.append(translate("viewmodels", "Second readings: {0}").format(shown))
    answers = case.progress.registration
    if answers is not None:
        parts = (answers.number, answers.car, answers.seat_actual or answers.seat)
        journey = " / ".join(part for part in parts if part)
        lines.append(f"{say(NUMBERS, answers.hub)} {journey}".rstrip())
    steps = []
    if case.progress.isolated_at is not None:
        isolated = translate("caseviews", "isolation room {0}")
        steps.append(isolated.format(_clock(case.progress.isolated_at)))
    steps += [say(HANDOVERS, step.step).format(_clock(step.at)) for step in case.handover[-4:]]
    if steps:
        lines.append(" · ".join(steps))
    return lines


def reading_words(reading: BodyReading) -> str:
    """Return a second reading with the place on the body where it was taken."""
    site = f" {say(SITES, reading.site)}" if reading.site else ""
    return f"{reading.body_c:.1f} °C{site}"


def stand_text(model: KioskModel, case: Case, now: datetime) -> str:
    """Return what the readings of a second check amount to, and what to do next."""
    if model.flow.stage(case, now) is CaseStage.RESTING:
        return stage_notice(model.flow, case, now).text
    words = {
        CheckStand.READING: translate("caseviews", "Two readings are needed"),
        CheckStand.CONTACT: translate("caseviews", "In doubt: use contact or ear"),
        CheckStand.FEBRILE: translate("caseviews", "Readings agree: fever"),
        CheckStand.AFEBRILE: translate("caseviews", "Readings agree: no fever"),
        CheckStand.NO_POLICY: translate("caseviews", "No order in force today"),
    }
    stand = model.flow.stand(case, now)
    if stand is CheckStand.READING and case.readings:
        return translate("caseviews", "One more reading is needed")
    return words[stand]


def may_confirm(model: KioskModel, case: Case, now: datetime) -> bool:
    """Whether a second reading shows fever."""
    policy = model.flow.policy(now)
    has_fever = policy is not None and any(policy.is_febrile(r.body_c) for r in case.readings)
    return case.state is CaseState.REFERRED and has_fever


def may_clear(model: KioskModel, case: Case, now: datetime) -> bool:
    """Whether the readings allow to clear the case."""
    is_clear = model.flow.stand(case, now) is CheckStand.AFEBRILE
    return case.state is CaseState.REFERRED and is_clear


def pair_of(model: KioskModel, case: Case) -> tuple[BodyReading, BodyReading] | None:
    """Return the two readings that one touch may attach, the earlier one first.

    They are the only usable readings since the flag, of one thermometer whose place is known: any
    doubt about whose they are, and each is attached by itself.
    """
    fresh = [r for r in model.readings if r.may_decide and r.taken_at >= case.opened_at]
    if case.readings or len(fresh) != 2 or fresh[0].device_id != fresh[1].device_id:  # noqa: PLR2004
        return None
    if any(reading.trust is TrustClass.CONTACT for reading in fresh):
        return None
    first, second = sorted(fresh, key=lambda reading: reading.taken_at)
    return first, second


def desk_notice(model: KioskModel, now: datetime) -> Notice | None:
    """Return the words to ring the duty desk by, once alerts wait too long for their receipt."""
    link, flow = model.link, model.flow
    if link is None or not link.waiting or link.oldest_waiting_at is None:
        return None
    if (now - link.oldest_waiting_at).total_seconds() < flow.receipt_alarm_s:
        return None
    words = translate("caseviews", "{0} alerts without receipt for {1}: ring the duty desk {2}")
    age = age_text(now, link.oldest_waiting_at)
    return Notice(words.format(link.waiting, age, flow.duty_desk).rstrip(), "alarm")


def _order(flow: CaseFlow, case: Case, now: datetime) -> tuple[int, datetime]:
    deadline = flow.deadline(case, now)
    return (-deadline.level(now), case.opened_at) if deadline else (1, case.opened_at)


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"
