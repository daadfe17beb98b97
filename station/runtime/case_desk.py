"""Carries out what staff ask about cases: a command in, the changed case and its step out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.case_flow import CaseFlow
from station.core.cases import (
    BodyReading,
    Case,
    CaseRefused,
    CaseStep,
    HandoverStep,
    Refusal,
    open_case,
)
from station.core.commands import (
    AttachReading,
    CaseCommand,
    CheckByHand,
    CloseCase,
    HandOver,
    IsolateCase,
    RegisterCase,
    ResolveCase,
    RestTraveller,
    TakeBack,
)
from station.core.faces import Point
from station.core.handing_over import close, hand_over, isolate, register
from station.core.identity import IdentityEntry, admit
from station.core.passages import Passage
from station.core.ports import Ledger
from station.core.report import ReportKind
from station.core.second_check import attach_reading, resolve_case, rest
from station.core.taking_back import take_back


@dataclass(frozen=True, slots=True)
class CaseWork:
    """What a command or an event made of a case, to become durable in one transaction."""

    case: Case
    """The case after it."""
    steps: tuple[CaseStep, ...]
    """What was done."""
    kind: ReportKind | None
    """What it tells the CDC; None if that is the station's own business."""
    before: Case | None = None
    """The case before it; None for a new one."""
    identity: IdentityEntry | None = None
    """Who the traveller is, if a rule allows it."""


class CaseDesk:
    """The case flow on a ledger; the ledger's thread uses it. It reads and never writes.

    Args:
        ledger: where the cases are.
        flow: returns how this site handles them now.
        now: the time.
        new_id: makes case ids.
    """

    def __init__(
        self,
        ledger: Ledger,
        flow: Callable[[], CaseFlow],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._ledger = ledger
        self._flow = flow
        self._now = now
        self._new_id = new_id

    def opened(
        self, passage: Passage, point: Point | None, at: datetime, actor: str = "station"
    ) -> CaseWork:
        """Return a new case of a passage."""
        rest_s = self._flow().rules.rest_s
        rested_at = datetime.fromtimestamp(at.timestamp() + rest_s, at.tzinfo) if rest_s else None
        ends = [end for end in (rested_at, passage.rest_until) if end is not None]
        case, step = open_case(
            case_id=self._new_id(),
            number=self._ledger.next_case_number(),
            opened_at=at,
            lane=passage.lane,
            traveller=passage.traveller,
            passage_id=passage.passage_id,
            screening=passage.screening,
            point=point,
            rest_until=max(ends, default=None),
            actor=actor,
        )
        return CaseWork(case, (step,), ReportKind.FLAGGED)

    def carry_out(self, command: CaseCommand, actor: str) -> CaseWork:
        """Return what a command makes of its case.

        Raises:
            CaseRefused: if it cannot be carried out.
        """
        match command:
            case CheckByHand():
                return self._by_hand(command, actor)
            case AttachReading():
                return self._attach(command, actor)
            case ResolveCase():
                return self._resolve(command, actor)
            case HandOver():
                return self._hand_over(command, actor)
            case RegisterCase():
                return self._register(command, actor)
            case _:
                return self._simple(command, actor)

    def overdue(self, case_id: UUID, note: str) -> CaseWork | None:
        """Return the step that says that a case waits too long; None if it is gone or done."""
        case = self._ledger.case(case_id)
        if case is None or case.is_finished:
            return None
        return CaseWork(case, (CaseStep(case_id, self._now(), "station", case.state, note),), None)

    def _simple(
        self, command: RestTraveller | IsolateCase | CloseCase | TakeBack, actor: str
    ) -> CaseWork:
        """Carry out what needs nothing but its case."""
        before, at = self._case(command.case_id), self._now()
        kind: ReportKind | None
        match command:
            case RestTraveller():
                changed, step = rest(before, command.minutes, actor=actor, at=at)
                kind = None
            case IsolateCase():
                changed, step = isolate(before, actor=actor, at=at)
                kind = None
            case CloseCase():
                changed, step = close(before, command.outcome, actor=actor, at=at)
                kind = ReportKind.OUTCOME
            case TakeBack():
                changed, step = take_back(before, actor=actor, at=at)
                kind = ReportKind.CORRECTED
        return CaseWork(changed, (step,), kind, before)

    def _by_hand(self, command: CheckByHand, actor: str) -> CaseWork:
        passage = self._ledger.passage(command.passage_id)
        if passage is None or not passage.needs_hand:
            raise CaseRefused(
                Refusal.NOT_NEEDED, "This passage needs no check by hand: choose one from the list."
            )
        if any(c.passage_id == passage.passage_id for c in self._ledger.unfinished_cases()):
            raise CaseRefused(Refusal.NOT_NEEDED, "A case for this traveller is already open.")
        return self.opened(passage, None, self._now(), actor)

    def _attach(self, command: AttachReading, actor: str) -> CaseWork:
        case = self._case(command.case_id)
        reading = self._reading(command.reading_id)
        if any(known.reading_id == reading.reading_id for known in case.readings):
            raise CaseRefused(
                Refusal.ATTACHED_ALREADY, f"This reading already belongs to case {case.number}."
            )
        changed, step = attach_reading(
            case, reading, actor=actor, at=self._now(), site=command.site
        )
        return CaseWork(changed, (step,), ReportKind.SECOND_READING, case)

    def _resolve(self, command: ResolveCase, actor: str) -> CaseWork:
        case, now = self._case(command.case_id), self._now()
        policy = self._flow().policy(now)
        if policy is None:
            raise CaseRefused(
                Refusal.NO_POLICY, "No threshold policy is in force today: tell the shift lead."
            )
        changed, step = resolve_case(
            case,
            command.verdict,
            policy=policy,
            rules=self._flow().rules,
            actor=actor,
            cause=command.cause,
            at=now,
        )
        return CaseWork(changed, (step,), ReportKind.VERDICT, case)

    def _hand_over(self, command: HandOver, actor: str) -> CaseWork:
        case = self._ledger.case_numbered(command.case_number)
        if case is None:
            raise CaseRefused(
                Refusal.UNKNOWN_CASE,
                f"There is no case {command.case_number} in the ledger: check the number.",
            )
        changed, step = hand_over(case, command.step, to=command.to, actor=actor, at=self._now())
        is_left = command.step is HandoverStep.LEFT_WITHOUT
        kind = ReportKind.LEFT if is_left else ReportKind.HANDOVER
        return CaseWork(changed, (step,), kind, case)

    def _register(self, command: RegisterCase, actor: str) -> CaseWork:
        case, now = self._case(command.case_id), self._now()
        flow = self._flow()
        entry = admit(case, command.identity, flow.identity, at=now, zone=flow.zone)
        changed, step = register(
            case,
            command.registration,
            asked=flow.asked,
            has_identity=entry is not None,
            actor=actor,
            at=now,
        )
        steps = [step]
        if command.is_isolated and changed.progress.isolated_at is None:
            changed, further = isolate(changed, actor=actor, at=now)
            steps.append(further)
        return CaseWork(changed, tuple(steps), ReportKind.REGISTERED, case, entry)

    def _reading(self, reading_id: UUID) -> BodyReading:
        reading = self._ledger.reading(reading_id)
        if reading is None:
            raise CaseRefused(
                Refusal.UNKNOWN_READING, "This reading is not in the ledger: measure again."
            )
        return reading

    def _case(self, case_id: UUID) -> Case:
        case = self._ledger.case(case_id)
        if case is None:
            raise CaseRefused(
                Refusal.UNKNOWN_CASE, "This case is not in the ledger: choose one from the list."
            )
        return case
