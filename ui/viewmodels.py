"""What each widget shows, as plain values: pure functions of the model and the time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from station.core.cases import BodyReading, Case, CaseState, ReadingMode
from station.core.events import DeviceState, FaceView, LaneState, LaneUpdate, LinkState
from station.core.passages import Passage
from station.core.reference import ReferenceState
from station.core.screening import Measurement, Outcome
from ui.model import KioskModel
from ui.texts import (
    CASES,
    DEVICES,
    LANE_FAULTS,
    LANES,
    LINKS,
    OUTCOMES,
    REFERENCES,
    REFUSALS,
    say,
    say_reason,
    translate,
)

LATE_S = 1.0
"""A picture older than this is marked as late."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short text and how urgent it is."""

    text: str
    """The words."""
    role: str
    """good, caution or alarm."""


@dataclass(frozen=True, slots=True)
class FaceLabel:
    """The words beside a face."""

    title: str
    """Number and outcome."""
    detail: str
    """Skin temperature with its expanded uncertainty, or what to do."""


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
    text: str
    """Value, device and age."""
    can_attach: bool
    """Whether it is a plausible body temperature."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One traveller who was not measured."""

    passage_id: UUID
    """Which."""
    title: str
    """Lane, number and time."""
    reason: str
    """Why, in words that help."""


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


def face_label(face: FaceView) -> FaceLabel:
    """Return the words beside a face; a camera's value is always called skin."""
    number = f"{face.traveller}"
    if face.outcome is None:
        detail = say_reason(face.reason) if face.reason else translate("viewmodels", "Measuring")
        return FaceLabel(number, detail)
    title = f"{number} · {say(OUTCOMES, face.outcome)}"
    if face.skin_c is None or face.u_c is None:
        return FaceLabel(title, say_reason(face.reason) if face.reason else "")
    return FaceLabel(title, skin_text(face.skin_c, face.u_c))


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
    if model.is_station_lost:
        lost = translate("viewmodels", "Station not reachable: use the thermometer")
        return Notice(lost, "alarm")
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
            translate("viewmodels", "The picture is late by {0} s").format(f"{age_s:.0f}"), "alarm"
        )
    is_well = update.state in {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
    return Notice(say(LANES, update.state), "good" if is_well else "caution")


def reference_notice(update: LaneUpdate | None) -> Notice:
    """Return the reference source's state."""
    state = update.reference if update else ReferenceState.SEARCHING
    return Notice(say(REFERENCES, state), "good" if state is ReferenceState.HEALTHY else "caution")


def link_notice(model: KioskModel, now: datetime) -> Notice:
    """Return the way to the CDC and what waits for it."""
    link = model.link
    if link is None:
        return Notice(say(LINKS, LinkState.OFFLINE), "caution")
    text = say(LINKS, link.state)
    if link.waiting and link.oldest_waiting_at:
        waiting = translate("viewmodels", "{0} waiting, {1}")
        text += " · " + waiting.format(link.waiting, _age(now, link.oldest_waiting_at))
    if link.set_aside:
        text += " · " + translate("viewmodels", "{0} rejected").format(link.set_aside)
    is_well = link.state is LinkState.CONNECTED and not link.set_aside and not link.text
    return Notice(text, "good" if is_well else "caution")


def device_notices(model: KioskModel) -> list[Notice]:
    """Return a notice for each device that is not ready, or one that all are."""
    lost = [d for d in model.devices.values() if d.state is not DeviceState.READY]
    if not lost:
        return [
            Notice(translate("viewmodels", "Devices: {0} ready").format(len(model.devices)), "good")
        ]
    return [Notice(f"{d.device_id}: {say(DEVICES, d.state)}", "alarm") for d in lost]


def message_text(model: KioskModel) -> str:
    """Return why the last command was not carried out, or nothing."""
    return say(REFUSALS, model.refusal) if model.refusal else ""


def case_rows(model: KioskModel, now: datetime) -> list[CaseRow]:
    """Return the queue, most urgent first."""
    return [
        CaseRow(
            case_id=case.case_id,
            outcome=case.screening.outcome,
            title=_case_title(case),
            detail=translate("viewmodels", "Lane {0} · {1} · {2}").format(
                case.lane, say(CASES, case.state), _age(now, case.opened_at)
            ),
            is_selected=case.case_id == model.selected,
        )
        for case in model.oldest_first()
    ]


def case_detail(case: Case) -> CaseDetail:
    """Return the selected case's panel."""
    shown = [f"{reading.body_c:.1f} °C" for reading in case.readings]
    return CaseDetail(
        title=translate("viewmodels", "Case {0}").format(case.number)
        + " · "
        + say(CASES, case.state),
        skin=_measured(case.screening.measurement),
        readings=translate("viewmodels", "Second readings: {0}").format(
            ", ".join(shown) if shown else translate("viewmodels", "none yet")
        ),
        can_decide=case.state is CaseState.REFERRED,
    )


def reading_rows(model: KioskModel, now: datetime) -> list[ReadingRow]:
    """Return the readings that wait for a case, newest first."""
    return [_reading_row(reading, now) for reading in reversed(model.readings)]


def passage_rows(model: KioskModel) -> list[PassageRow]:
    """Return travellers who were not measured, newest first."""
    return [_passage_row(passage) for passage in reversed(model.not_measured)]


def _reading_row(reading: BodyReading, now: datetime) -> ReadingRow:
    can_attach = reading.is_plausible and reading.mode is ReadingMode.BODY
    text = f"{reading.body_c:.1f} °C · {reading.device_id} · {_age(now, reading.taken_at)}"
    if not can_attach:
        text = translate("viewmodels", "{0}: no body temperature, switch to body mode").format(text)
    return ReadingRow(reading.reading_id, text, can_attach)


def _passage_row(passage: Passage) -> PassageRow:
    reasons = passage.screening.reasons
    at = f"{passage.last_at.astimezone():%H:%M:%S}"
    return PassageRow(
        passage.passage_id,
        translate("viewmodels", "Traveller {0} · {1}").format(passage.traveller, at),
        say_reason(reasons[0].value) if reasons else "",
    )


def _case_title(case: Case) -> str:
    return f"{case.number}  ·  {_measured(case.screening.measurement)}"


def _measured(measurement: Measurement | None) -> str:
    if measurement is None:
        return say(OUTCOMES, Outcome.NOT_MEASURED)
    return skin_text(measurement.skin_c, measurement.u_c)


def _age(now: datetime, then: datetime) -> str:
    seconds = max(0, round((now - then).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"
