"""What each widget shows, as plain values: pure functions of the model and the time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cases import BodyReading, Case, CaseState, Refusal
from station.core.commands import AttachReading, ResolveCase
from station.core.events import (
    CommandRefused,
    DeviceState,
    FaceView,
    LaneState,
    LaneUpdate,
    LinkState,
)
from station.core.extraction import RejectReason
from station.core.handhelds import TYPED, is_checked
from station.core.screening import Measurement, Outcome
from ui.model import KioskModel
from ui.texts import (
    CASES,
    DEVICE_HINTS,
    DEVICES,
    DOUBTS,
    LANE_FAULTS,
    LANES,
    LINK_HINTS,
    LINKS,
    LOSSES,
    OUTCOMES,
    REASONS,
    REFUSALS,
    TRUSTS,
    say,
    say_reason,
    translate,
)

LATE_S = 1.0
"""A picture older than this is marked as late."""

_SHOWN_READINGS = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text and how urgent it is."""

    text: str
    """The words."""
    role: str
    """good, caution or alarm."""
    hint: str = ""
    """What it means for staff, or what to do."""


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """The words beside a face."""

    title: str
    """Number and outcome."""
    detail: str
    """Skin temperature with its expanded uncertainty, or what to do."""
    hint: str = ""
    """Beside the answer: unusually warm against the crowd."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One waiting case in the queue."""

    case_id: UUID
    """Which."""
    outcome: Outcome
    """What the thermograph said."""
    title: str
    """Number and skin temperature."""
    detail: str
    """Lane, state and waiting time."""
    is_selected: bool
    """Whether the operator is at it."""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One handheld reading that waits for its case."""

    reading_id: UUID
    """Which."""
    title: str
    """The value, and what a touch does."""
    detail: str
    """Thermometer and age, or why it cannot be used."""
    can_attach: bool
    """Whether it is a plausible body temperature and a case is there to take it."""


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """The selected case."""

    title: str
    """Number and state."""
    skin: str
    """What the thermograph measured."""
    readings: str
    """Attached second readings."""
    can_decide: bool
    """Whether a second reading allows a verdict."""
    can_leave: bool
    """Whether the traveller may be marked as gone: at any time, by whom the station lets."""


@dataclass(frozen=True, slots=True)
class LaneSwitch:
    """The button to the next lane."""

    lane: str
    """Where it leads."""
    text: str
    """Its words."""
    has_fault: bool
    """Whether another lane needs somebody."""


def face_label(face: FaceView) -> FaceLabel:
    """Return the words beside a face; a camera's value is always called skin."""
    number = f"{face.traveller}"
    if face.outcome is None:
        detail = say_reason(face.reason) if face.reason else translate("viewmodels", "Measuring")
        return FaceLabel(number, detail)
    title = f"{number} · {say(OUTCOMES, face.outcome)}"
    if face.skin_c is None or face.u_c is None:
        return FaceLabel(title, say_reason(face.reason) if face.reason else "")
    hint = translate("viewmodels", "Warm against the crowd") if face.is_warm else ""
    return FaceLabel(title, skin_text(face.skin_c, face.u_c), hint)


def skin_text(skin_c: float, u_c: float) -> str:
    """Return a skin temperature with its expanded uncertainty (k=2)."""
    return translate("viewmodels", "skin {0} ±{1} °C").format(f"{skin_c:.1f}", f"{2 * u_c:.1f}")


def lane_notice(model: KioskModel, lane: str | None, age_s: float | None) -> Notice:
    """Return the lane's banner.

    Args:
        model: what the kiosk knows.
        lane: which lane, or None while no lane is known.
        age_s: age of its last picture in seconds, or None without a picture.
    """
    if model.loss is not None:
        return Notice(say(LOSSES, model.loss), "alarm")
    if model.has_ledger_fault:
        full = translate("viewmodels", "The station cannot write to its disk: call a technician")
        return Notice(full, "alarm")
    if lane in model.lane_faults:
        return Notice(say(LANE_FAULTS, model.lane_faults[lane]), "alarm")
    update = model.lanes.get(lane) if lane else None
    if update is None or age_s is None:
        return Notice(say(LANES, LaneState.STARTING), "caution")
    if age_s > LATE_S:
        return Notice(
            translate("viewmodels", "The picture is late: {0} s old").format(f"{age_s:.0f}"),
            "alarm",
        )
    return _state_notice(update)


def _state_notice(update: LaneUpdate) -> Notice:
    if update.blocked == RejectReason.STALE_FRAME:
        return Notice(say(REASONS, RejectReason.STALE_FRAME), "alarm")
    if update.state is LaneState.BLOCKED and update.blocked is not None:
        return Notice(say(REASONS, RejectReason(update.blocked)), "caution")
    is_well = update.state in {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    return Notice(say(LANES, update.state), "good" if is_well else "caution")


def lane_switch(model: KioskModel) -> LaneSwitch | None:
    """Return the way to the next lane, or None where there is only one."""
    names = model.lane_names()
    if len(names) < 2:  # noqa: PLR2004
        return None
    here = names.index(model.lane) if model.lane in names else -1
    following = names[(here + 1) % len(names)]
    troubled = [name for name in names if name in model.lane_faults and name != model.lane]
    # A lane in trouble comes first: nobody else would look there.
    lane = troubled[0] if troubled else following
    words = translate("viewmodels", "Lane {0}: fault") if troubled else None
    text = (words or translate("viewmodels", "Show lane {0}")).format(lane)
    return LaneSwitch(lane, text, bool(troubled))


def link_notice(model: KioskModel, now: datetime) -> Notice:
    """Return the way to the CDC and what waits for it."""
    if model.loss is not None:
        return Notice(translate("viewmodels", "CDC: unknown"), "caution")
    link = model.link
    if link is None:
        return Notice(say(LINKS, LinkState.OFFLINE), "caution", say(LINK_HINTS, LinkState.OFFLINE))
    words = []
    if model.messages_lost:
        lost = translate("viewmodels", "the disk lost {0} messages: call a technician")
        words.append(lost.format(model.messages_lost))
    if link.waiting and link.oldest_waiting_at:
        waiting = translate("viewmodels", "{0} waiting for {1}")
        words.append(waiting.format(link.waiting, age_text(now, link.oldest_waiting_at)))
    if link.set_aside:
        rejected = translate("viewmodels", "{0} rejected: call a technician")
        words.append(rejected.format(link.set_aside))
    elif link.state is LinkState.REFUSED or not words:
        words.append(say(LINK_HINTS, link.state))
    is_well = link.state is LinkState.CONNECTED and not link.set_aside and not link.text
    role = "alarm" if model.messages_lost else "good" if is_well else "caution"
    return Notice(say(LINKS, link.state), role, " · ".join(words))


def device_notice(model: KioskModel) -> Notice:
    """Return the first device that is not ready and how many more, or that all are."""
    if model.loss is not None:
        trying = translate("viewmodels", "trying again")
        return Notice(translate("viewmodels", "Station: no answer"), "alarm", trying)
    troubled = [d for d in model.devices.values() if d.state is not DeviceState.READY]
    # What is lost needs somebody; what is connecting may come by itself.
    troubled.sort(key=lambda device: device.state is not DeviceState.LOST)
    if not troubled:
        ready = translate("viewmodels", "Devices: {0} ready").format(len(model.devices))
        return Notice(ready, "good" if model.devices else "caution")
    first = troubled[0]
    text = say(DEVICES, first.state).format(first.device_id)
    if len(troubled) > 1:
        text += " " + translate("viewmodels", "(+{0} more)").format(len(troubled) - 1)
    hint = say(DOUBTS, first.doubt) if first.doubt else say(DEVICE_HINTS, first.state)
    return Notice(text, "alarm", hint)


def message_text(model: KioskModel) -> str:
    """Return why the last command was not carried out, or nothing."""
    if model.is_unsure:
        return translate(
            "viewmodels", "The connection broke: check whether your last touch was carried out"
        )
    return "" if model.refused is None else refusal_text(model.refused)


def refusal_text(refused: CommandRefused) -> str:
    """Return why a command was not carried out."""
    words = say(REFUSALS, refused.refusal)
    return f"{words}: {refused.text}" if refused.refusal is Refusal.OTHER else words


def case_rows(model: KioskModel, now: datetime) -> list[CaseRow]:
    """Return the queue, most urgent first."""
    return [
        CaseRow(
            case_id=case.case_id,
            outcome=case.screening.outcome,
            title=_case_title(case),
            detail=translate("viewmodels", "Lane {0} · {1} · {2}").format(
                case.lane, say(CASES, case.state), age_text(now, case.opened_at)
            ),
            is_selected=case.case_id == model.selected,
        )
        for case in model.oldest_first()
    ]


def case_detail(model: KioskModel) -> CaseDetail | None:
    """Return the selected case's panel, or None while nobody waits."""
    case = model.selected_case()
    if case is None:
        return None
    shown = [f"{reading.body_c:.1f} °C" for reading in case.readings]
    may_decide = model.may(ResolveCase)
    return CaseDetail(
        title=translate("viewmodels", "Case {0}").format(case.number)
        + " · "
        + say(CASES, case.state),
        skin=_measured(case.screening.measurement) + _estimated(case.screening.measurement),
        readings=translate("viewmodels", "Second readings: {0}").format(
            ", ".join(shown[-_SHOWN_READINGS:]) if shown else translate("viewmodels", "none yet")
        ),
        can_decide=may_decide and case.state is CaseState.REFERRED,
        can_leave=may_decide,
    )


def reading_rows(model: KioskModel, now: datetime) -> list[ReadingRow]:
    """Return the readings that wait for a case: usable ones first, each newest first."""
    newest_first = list(model.readings)[::-1]
    readings = sorted(newest_first, key=lambda reading: not reading.may_decide)
    can_take = model.selected_case() is not None and model.may(AttachReading)
    return [_reading_row(model, reading, now, can_take=can_take) for reading in readings]


def _reading_row(
    model: KioskModel, reading: BodyReading, now: datetime, *, can_take: bool
) -> ReadingRow:
    value = f"{reading.body_c:.1f} °C"
    if not reading.may_decide:
        title = translate("viewmodels", "{0}: no body temperature").format(value)
        detail = translate("viewmodels", "{0}: set to body mode, repeat").format(reading.device_id)
        return ReadingRow(reading.reading_id, title, detail, False)
    title = translate("viewmodels", "Attach {0}").format(value)
    is_typed = reading.device_id == TYPED
    device = translate("viewmodels", "typed in") if is_typed else reading.device_id
    ago = translate("viewmodels", "{0} · {1} ago").format(device, age_text(now, reading.taken_at))
    kind = say(TRUSTS, reading.trust)
    if not is_typed and not is_checked(model.checks.get(reading.device_id), now):
        kind = translate("viewmodels", "{0}, not checked today").format(kind)
    return ReadingRow(reading.reading_id, title, f"{ago}\n{kind}", can_take)


def _case_title(case: Case) -> str:
    return f"{case.number}  ·  {_measured(case.screening.measurement)}"


def _measured(measurement: Measurement | None) -> str:
    if measurement is None:
        return say(OUTCOMES, Outcome.NOT_MEASURED)
    return skin_text(measurement.skin_c, measurement.u_c)


def _estimated(measurement: Measurement | None) -> str:
    """Return the oral estimate with its model's name, to stand behind the skin temperature."""
    if measurement is None or measurement.oral is None:
        return ""
    oral = measurement.oral
    return "  ·  " + translate("viewmodels", "mouth about {0} ±{1} °C (model {2})").format(
        f"{oral.oral_c:.1f}", f"{2 * oral.u_c:.1f}", oral.model.split()[-1]
    )


def age_text(now: datetime, then: datetime) -> str:
    """Return how long ago something was, in minutes and seconds."""
    seconds = max(0, round((now - then).total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes}:{seconds:02d}"
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
