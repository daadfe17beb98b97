"""The demonstration's story: what happened to each flagged traveller, and when."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from station.commands.wording import counted
from station.core.cases import Case, CaseState, HandoverStep
from station.core.events import CaseChanged, Event, HandheldRead, PassageRecorded
from station.core.link_events import DeliveryProgress, DeliveryStage
from station.core.report import ReportKind
from station.core.screening import Outcome

_HANDED_OVER = {
    HandoverStep.REQUESTED: "ambulance called",
    HandoverStep.ACCEPTED: "ambulance is coming",
    HandoverStep.DEPARTED: "left with the ambulance",
    HandoverStep.ARRIVED: "arrived at the clinic",
    HandoverStep.LEFT_WITHOUT: "left without being handed over",
}
_STAGES = (DeliveryStage.DURABLE, DeliveryStage.PUBLISHED, DeliveryStage.DELIVERED)


@dataclass(slots=True)
class _Message:
    kind: str
    case_id: UUID | None
    reached: dict[DeliveryStage, datetime] = field(default_factory=dict)


class Story:
    """Collects events and tells them in order."""

    def __init__(self) -> None:
        self._cases: dict[UUID, Case] = {}
        self._messages: dict[UUID, _Message] = {}
        self._stored: dict[UUID, datetime] = {}
        self._outcomes: dict[Outcome, int] = dict.fromkeys(Outcome, 0)

    def take(self, event: Event) -> str | None:
        """Note one event and return the line that a watcher should see now, if any."""
        match event:
            case PassageRecorded(passage):
                self._outcomes[passage.screening.outcome] += 1
                return None
            case CaseChanged(case):
                is_new = case.case_id not in self._cases
                self._cases[case.case_id] = case
                return _case_line(case, is_new=is_new)
            case HandheldRead(reading):
                return (
                    f"{_clock(reading.taken_at)} {reading.device_id} reads {reading.body_c:.1f} °C"
                )
            case DeliveryProgress():
                message = self._messages.setdefault(
                    event.report_id, _Message(event.kind, event.case_id)
                )
                message.reached.setdefault(event.stage, event.at)
                return None
            case _:
                return None

    def stored(self, report_id: UUID, at: datetime) -> None:
        """Note that the CDC's receiver has stored a report."""
        self._stored.setdefault(report_id, at)

    def whole(self) -> list[list[str]]:
        """Return the lines of every confirmed case whose verdict reached the CDC and came back."""
        told = []
        for report_id, message in self._messages.items():
            case = self._cases.get(message.case_id) if message.case_id else None
            is_whole = report_id in self._stored and all(s in message.reached for s in _STAGES)
            if (
                case is not None
                and is_whole
                and case.state is CaseState.CONFIRMED
                and message.kind == ReportKind.VERDICT.value
            ):
                told.append(self._lines(case, report_id, message))
        return told

    def summary(self) -> str:
        """Return the counts of the whole run."""
        counts = ", ".join(f"{n} {o.value.replace('_', ' ')}" for o, n in self._outcomes.items())
        # Of messages that left before anybody looked, only the receiver tells.
        stored = len(self._messages.keys() & self._stored.keys())
        receipted = sum(DeliveryStage.DELIVERED in m.reached for m in self._messages.values())
        return (
            f"{counted(sum(self._outcomes.values()), 'traveller')}: {counts}; "
            f"{counted(len(self._cases), 'case')}; "
            f"{counted(len(self._messages), 'message')} to the CDC, {stored} stored there, "
            f"{counted(receipted, 'receipt')}"
        )

    def _lines(self, case: Case, report_id: UUID, message: _Message) -> list[str]:
        measured = case.screening.measurement
        skin = f"skin {measured.skin_c:.1f} ±{2 * measured.u_c:.1f} °C" if measured else ""
        durable_at = message.reached[DeliveryStage.DURABLE]
        steps = (
            ("flagged", case.opened_at, f"case {case.number}, lane {case.lane}, {skin}"),
            *(
                ("second check", one.taken_at, f"{one.device_id}: {one.body_c:.1f} °C")
                for one in case.readings
            ),
            ("durable", durable_at, "verdict and alert on disk, one transaction"),
            ("broker", message.reached[DeliveryStage.PUBLISHED], "acknowledged by the broker"),
            ("stored at CDC", self._stored[report_id], "committed by the receiver"),
            ("receipt", message.reached[DeliveryStage.DELIVERED], "the station marks it delivered"),
        )
        return [
            f"  {_clock(at)}  {_since(case.opened_at, at)}  {name:<15} {text}"
            for name, at, text in steps
        ]


def _case_line(case: Case, *, is_new: bool) -> str:
    measured = case.screening.measurement
    skin = f", skin {measured.skin_c:.1f} ±{2 * measured.u_c:.1f} °C" if measured else ""
    what = case.screening.outcome.value.upper() if is_new else case.state.value
    if case.handover:
        what = _HANDED_OVER[case.handover[-1].step]
    return f"{_clock(_latest(case))} case {case.number} (traveller {case.traveller}): {what}{skin}"


def _latest(case: Case) -> datetime:
    """Return when the latest step of a case was."""
    progress = case.progress
    known = (progress.verdict_at, progress.registered_at, progress.isolated_at, progress.closed_at)
    moments = [case.opened_at, *(at for at in known if at is not None)]
    moments += [reading.taken_at for reading in case.readings]
    moments += [step.at for step in case.handover]
    return max(moments)


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%H:%M:%S}.{at.microsecond // 1000:03d}"


def _since(start: datetime, at: datetime) -> str:
    return f"+{(at - start).total_seconds():6.3f} s"
