"""The words for every state, as staff say them; the source language is English."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar, cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication

from station.core.cases import CaseState, Refusal
from station.core.events import DeviceState, LaneFaultKind, LaneState, LinkState
from station.core.extraction import RejectReason
from station.core.reference import ReferenceState
from station.core.screening import Outcome

_State = TypeVar("_State", bound=StrEnum)

# Qt's stub says that the marker returns an object; it returns its second argument. The names of
# this marker and of `translate` are what lupdate looks for.
QT_TRANSLATE_NOOP = cast("Callable[[str, str], str]", QtCore.QT_TRANSLATE_NOOP)

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.BELOW: QT_TRANSLATE_NOOP("texts", "Below threshold"),
    Outcome.ABOVE: QT_TRANSLATE_NOOP("texts", "Second check"),
    Outcome.REPEAT: QT_TRANSLATE_NOOP("texts", "Measure again"),
    Outcome.NOT_MEASURED: QT_TRANSLATE_NOOP("texts", "Not measured"),
}

REASONS: Mapping[RejectReason, str] = {
    RejectReason.NOT_RADIOMETRIC: QT_TRANSLATE_NOOP("texts", "Camera gives no temperatures"),
    RejectReason.STALE_FRAME: QT_TRANSLATE_NOOP("texts", "Camera picture is frozen"),
    RejectReason.SHUTTER: QT_TRANSLATE_NOOP("texts", "One moment, please"),
    RejectReason.WARMING_UP: QT_TRANSLATE_NOOP("texts", "Camera is warming up"),
    RejectReason.NO_REFERENCE: QT_TRANSLATE_NOOP("texts", "Reference source not in view"),
    RejectReason.REFERENCE_UNSTABLE: QT_TRANSLATE_NOOP("texts", "Reference source unsteady"),
    RejectReason.REFERENCE_OUT_OF_BAND: QT_TRANSLATE_NOOP("texts", "Reference source far off"),
    RejectReason.TOO_FAR: QT_TRANSLATE_NOOP("texts", "Come closer"),
    RejectReason.TURNED_AWAY: QT_TRANSLATE_NOOP("texts", "Face the camera"),
    RejectReason.AT_EDGE: QT_TRANSLATE_NOOP("texts", "Step to the middle"),
    RejectReason.COVERED_EYES: QT_TRANSLATE_NOOP("texts", "Take off glasses"),
    RejectReason.IMPLAUSIBLE: QT_TRANSLATE_NOOP("texts", "Too cold or too hot: rest first"),
    RejectReason.UNSTEADY: QT_TRANSLATE_NOOP("texts", "Readings disagree"),
    RejectReason.TOO_FEW_FRAMES: QT_TRANSLATE_NOOP("texts", "Passed too quickly"),
    RejectReason.NO_POLICY: QT_TRANSLATE_NOOP("texts", "No threshold order in force"),
}

LANES: Mapping[LaneState, str] = {
    LaneState.STARTING: QT_TRANSLATE_NOOP("texts", "Starting: use the thermometer"),
    LaneState.WARMING_UP: QT_TRANSLATE_NOOP("texts", "Warming up: use the thermometer"),
    LaneState.NO_REFERENCE: QT_TRANSLATE_NOOP("texts", "No reference: use the thermometer"),
    LaneState.READY: QT_TRANSLATE_NOOP("texts", "Ready"),
    LaneState.TRACKING: QT_TRANSLATE_NOOP("texts", "Measuring"),
    LaneState.MEASURED: QT_TRANSLATE_NOOP("texts", "Measured"),
    LaneState.FAULT: QT_TRANSLATE_NOOP("texts", "Camera fault: use the thermometer"),
}

REFERENCES: Mapping[ReferenceState, str] = {
    ReferenceState.SEARCHING: QT_TRANSLATE_NOOP("texts", "Reference: searching"),
    ReferenceState.HEALTHY: QT_TRANSLATE_NOOP("texts", "Reference: healthy"),
    ReferenceState.LOST: QT_TRANSLATE_NOOP("texts", "Reference: lost"),
    ReferenceState.UNSTABLE: QT_TRANSLATE_NOOP("texts", "Reference: unsteady"),
    ReferenceState.OUT_OF_BAND: QT_TRANSLATE_NOOP("texts", "Reference: far off"),
}

LINKS: Mapping[LinkState, str] = {
    LinkState.OFFLINE: QT_TRANSLATE_NOOP("texts", "CDC: offline"),
    LinkState.CONNECTED: QT_TRANSLATE_NOOP("texts", "CDC: connected"),
    LinkState.REFUSED: QT_TRANSLATE_NOOP("texts", "CDC: refused, call a technician"),
}

CASES: Mapping[CaseState, str] = {
    CaseState.OPEN: QT_TRANSLATE_NOOP("texts", "Waiting for second check"),
    CaseState.REFERRED: QT_TRANSLATE_NOOP("texts", "Second reading taken"),
    CaseState.CONFIRMED: QT_TRANSLATE_NOOP("texts", "Fever confirmed"),
    CaseState.CLEARED: QT_TRANSLATE_NOOP("texts", "Cleared"),
    CaseState.UNRESOLVED: QT_TRANSLATE_NOOP("texts", "Unresolved"),
    CaseState.CLOSED: QT_TRANSLATE_NOOP("texts", "Closed"),
}

DEVICES: Mapping[DeviceState, str] = {
    DeviceState.CONNECTING: QT_TRANSLATE_NOOP("texts", "connecting"),
    DeviceState.READY: QT_TRANSLATE_NOOP("texts", "ready"),
    DeviceState.LOST: QT_TRANSLATE_NOOP("texts", "lost"),
}


LANE_FAULTS: Mapping[LaneFaultKind, str] = {
    LaneFaultKind.NO_PICTURES: QT_TRANSLATE_NOOP(
        "texts", "No pictures: use the thermometer, check the camera"
    ),
    LaneFaultKind.INTERNAL: QT_TRANSLATE_NOOP(
        "texts", "Station fault: use the thermometer, call a technician"
    ),
}

REFUSALS: Mapping[Refusal, str] = {
    Refusal.OTHER: QT_TRANSLATE_NOOP("texts", "Not carried out"),
    Refusal.NO_BODY_TEMPERATURE: QT_TRANSLATE_NOOP(
        "texts", "This reading is no body temperature: switch to body mode and measure again"
    ),
    Refusal.FEBRILE_READING: QT_TRANSLATE_NOOP(
        "texts", "A second reading with fever cannot be cleared: confirm it"
    ),
    Refusal.NO_FEBRILE_READING: QT_TRANSLATE_NOOP(
        "texts", "No second reading shows fever: measure again, or clear"
    ),
    Refusal.WRONG_STATE: QT_TRANSLATE_NOOP("texts", "Take a second reading first"),
    Refusal.UNKNOWN_READING: QT_TRANSLATE_NOOP("texts", "This reading is gone: measure again"),
    Refusal.ATTACHED_ALREADY: QT_TRANSLATE_NOOP("texts", "This reading already has its case"),
    Refusal.NO_POLICY: QT_TRANSLATE_NOOP(
        "texts", "No threshold order is in force today: tell the shift lead"
    ),
    Refusal.NOT_NEEDED: QT_TRANSLATE_NOOP("texts", "This traveller already has a case"),
    Refusal.UNKNOWN_CASE: QT_TRANSLATE_NOOP("texts", "This case is gone: choose another one"),
}


def translate(context: str, source: str) -> str:
    """Return a source text in the kiosk's language; lupdate collects the calls."""
    return QCoreApplication.translate(context, source)


def say(words: Mapping[_State, str], state: _State) -> str:
    """Return a state's words in the kiosk's language."""
    return translate("texts", words[state])


def say_reason(stored: str) -> str:
    """Return the words of a stored RejectReason value."""
    return say(REASONS, RejectReason(stored))
