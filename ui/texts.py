"""The words for every state, as staff say them; the source language is English."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar, cast

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication

from station.core.audit import AuditKind, ChainFault
from station.core.cases import CaseState, Refusal, TrustClass
from station.core.cohort import CrowdState
from station.core.events import DeviceState, RoomSource
from station.core.extraction import RejectReason
from station.core.health import DeviceDoubt
from station.core.lane_events import LaneFaultKind, LaneState
from station.core.link_events import LinkState
from station.core.people import Role
from station.core.reference import ReferenceState
from station.core.screening import Outcome
from ui.model import Loss
from ui.palette import PaletteName
from ui.sentences import in_chinese
from ui.sounds import Sound

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
    RejectReason.NOT_RADIOMETRIC: QT_TRANSLATE_NOOP("texts", "No temperatures: call technician"),
    RejectReason.STALE_FRAME: QT_TRANSLATE_NOOP("texts", "Picture frozen: use thermometer"),
    RejectReason.SHUTTER: QT_TRANSLATE_NOOP("texts", "Camera adjusts: wait a moment"),
    RejectReason.WARMING_UP: QT_TRANSLATE_NOOP("texts", "Warming up: use thermometer"),
    RejectReason.NO_REFERENCE: QT_TRANSLATE_NOOP("texts", "Reference hidden: clear its view"),
    RejectReason.REFERENCE_UNSTABLE: QT_TRANSLATE_NOOP("texts", "Reference unsteady: wait"),
    RejectReason.REFERENCE_MOVED: QT_TRANSLATE_NOOP("texts", "Reference moved: put it back"),
    RejectReason.REFERENCE_OUT_OF_BAND: QT_TRANSLATE_NOOP(
        "texts", "Reference off: call technician"
    ),
    RejectReason.TOO_FAR: QT_TRANSLATE_NOOP("texts", "Come closer"),
    RejectReason.TURNED_AWAY: QT_TRANSLATE_NOOP("texts", "Face the camera"),
    RejectReason.AT_EDGE: QT_TRANSLATE_NOOP("texts", "Step to the middle"),
    RejectReason.GLASSES: QT_TRANSLATE_NOOP("texts", "Remove glasses"),
    RejectReason.COVERED_EYES: QT_TRANSLATE_NOOP("texts", "Uncover the eyes"),
    RejectReason.FACES_TOO_NEAR: QT_TRANSLATE_NOOP("texts", "One at a time, keep apart"),
    RejectReason.BLURRED: QT_TRANSLATE_NOOP("texts", "Too fast: stand still"),
    RejectReason.SUN_OR_REFLECTION: QT_TRANSLATE_NOOP("texts", "Hot spot on the face: step aside"),
    RejectReason.COLD_ARRIVAL: QT_TRANSLATE_NOOP("texts", "Chilled: rest inside, come back"),
    RejectReason.IMPLAUSIBLE: QT_TRANSLATE_NOOP("texts", "Too hot for skin: use thermometer"),
    RejectReason.UNSTEADY: QT_TRANSLATE_NOOP("texts", "Readings disagree: stand still"),
    RejectReason.TOO_FEW_FRAMES: QT_TRANSLATE_NOOP("texts", "Passed too quickly: walk slowly"),
    RejectReason.ROOM_OUT_OF_BAND: QT_TRANSLATE_NOOP("texts", "Room too cold, warm or damp"),
    RejectReason.CLOCK: QT_TRANSLATE_NOOP("texts", "Clock has jumped: wait a moment"),
    RejectReason.CALIBRATION_EXPIRED: QT_TRANSLATE_NOOP(
        "texts", "Calibration expired: call technician"
    ),
    RejectReason.NO_POLICY: QT_TRANSLATE_NOOP("texts", "No order in force: tell shift lead"),
}

LANES: Mapping[LaneState, str] = {
    LaneState.STARTING: QT_TRANSLATE_NOOP("texts", "Starting: use the thermometer"),
    LaneState.WARMING_UP: QT_TRANSLATE_NOOP("texts", "Warming up: use the thermometer"),
    LaneState.SETTLING: QT_TRANSLATE_NOOP("texts", "Adjusting: wait or use the thermometer"),
    LaneState.BLOCKED: QT_TRANSLATE_NOOP("texts", "Not measuring: use the thermometer"),
    LaneState.NO_REFERENCE: QT_TRANSLATE_NOOP("texts", "No reference: use the thermometer"),
    LaneState.READY: QT_TRANSLATE_NOOP("texts", "Ready"),
    LaneState.TRACKING: QT_TRANSLATE_NOOP("texts", "Measuring"),
    LaneState.MEASURED: QT_TRANSLATE_NOOP("texts", "Measured"),
    LaneState.FAULT: QT_TRANSLATE_NOOP("texts", "Camera fault: use the thermometer"),
}

LANE_WORDS: Mapping[LaneState, str] = {
    LaneState.STARTING: QT_TRANSLATE_NOOP("texts", "starting"),
    LaneState.WARMING_UP: QT_TRANSLATE_NOOP("texts", "warming up"),
    LaneState.SETTLING: QT_TRANSLATE_NOOP("texts", "adjusting"),
    LaneState.BLOCKED: QT_TRANSLATE_NOOP("texts", "not measuring"),
    LaneState.NO_REFERENCE: QT_TRANSLATE_NOOP("texts", "no reference"),
    LaneState.READY: QT_TRANSLATE_NOOP("texts", "ready"),
    LaneState.TRACKING: QT_TRANSLATE_NOOP("texts", "measuring"),
    LaneState.MEASURED: QT_TRANSLATE_NOOP("texts", "measured"),
    LaneState.FAULT: QT_TRANSLATE_NOOP("texts", "camera fault"),
}
"""One or two words each, for the header."""

REFERENCES: Mapping[ReferenceState, str] = {
    ReferenceState.SEARCHING: QT_TRANSLATE_NOOP("texts", "Reference: searching"),
    ReferenceState.HEALTHY: QT_TRANSLATE_NOOP("texts", "Reference: healthy"),
    ReferenceState.LOST: QT_TRANSLATE_NOOP("texts", "Reference: lost"),
    ReferenceState.MOVED: QT_TRANSLATE_NOOP("texts", "Reference: moved"),
    ReferenceState.UNSTABLE: QT_TRANSLATE_NOOP("texts", "Reference: unsteady"),
    ReferenceState.OUT_OF_BAND: QT_TRANSLATE_NOOP("texts", "Reference: far off"),
}

REFERENCE_HINTS: Mapping[ReferenceState, str] = {
    ReferenceState.SEARCHING: QT_TRANSLATE_NOOP("texts", "keep its view clear"),
    ReferenceState.HEALTHY: QT_TRANSLATE_NOOP("texts", "corrects every reading"),
    ReferenceState.LOST: QT_TRANSLATE_NOOP("texts", "uncover it, check its power"),
    ReferenceState.MOVED: QT_TRANSLATE_NOOP("texts", "put it back, or call a technician"),
    ReferenceState.UNSTABLE: QT_TRANSLATE_NOOP("texts", "wait, do not touch it"),
    ReferenceState.OUT_OF_BAND: QT_TRANSLATE_NOOP("texts", "call a technician"),
}

CROWDS: Mapping[CrowdState, str] = {
    CrowdState.LEARNING: QT_TRANSLATE_NOOP("texts", "Crowd: learning {0}/{1}, no comparison yet"),
    CrowdState.WATCHING: QT_TRANSLATE_NOOP("texts", "Crowd: skin {0} °C, {1} people in {2}"),
    CrowdState.FROZEN: QT_TRANSLATE_NOOP(
        "texts",
        "Crowd: frozen since {0} at skin {1} °C, now {2} °C; goes on when they agree again",
    ),
}

ROOMS: Mapping[RoomSource, str] = {
    RoomSource.ASSUMED: QT_TRANSLATE_NOOP("texts", "Room: assumed"),
    RoomSource.MEASURED: QT_TRANSLATE_NOOP("texts", "Room: measured {0}"),
}

LINKS: Mapping[LinkState, str] = {
    LinkState.OFFLINE: QT_TRANSLATE_NOOP("texts", "CDC: offline"),
    LinkState.CONNECTED: QT_TRANSLATE_NOOP("texts", "CDC: connected"),
    LinkState.REFUSED: QT_TRANSLATE_NOOP("texts", "CDC: refuses alerts"),
}

LINK_HINTS: Mapping[LinkState, str] = {
    LinkState.OFFLINE: QT_TRANSLATE_NOOP("texts", "alerts are kept here"),
    LinkState.CONNECTED: QT_TRANSLATE_NOOP("texts", "no alert waits"),
    LinkState.REFUSED: QT_TRANSLATE_NOOP("texts", "call a technician"),
}

CASES: Mapping[CaseState, str] = {
    CaseState.OPEN: QT_TRANSLATE_NOOP("texts", "Waiting for second check"),
    CaseState.REFERRED: QT_TRANSLATE_NOOP("texts", "Second reading taken"),
    CaseState.CONFIRMED: QT_TRANSLATE_NOOP("texts", "Fever confirmed"),
    CaseState.CLEARED: QT_TRANSLATE_NOOP("texts", "Cleared"),
    CaseState.UNRESOLVED: QT_TRANSLATE_NOOP("texts", "Unresolved"),
    CaseState.CLOSED: QT_TRANSLATE_NOOP("texts", "Closed"),
}

TRUSTS: Mapping[TrustClass, str] = {
    TrustClass.CONTACT: QT_TRANSLATE_NOOP("texts", "Contact"),
    TrustClass.TYMPANIC: QT_TRANSLATE_NOOP("texts", "Ear"),
    TrustClass.FOREHEAD: QT_TRANSLATE_NOOP("texts", "Forehead"),
    TrustClass.SURFACE: QT_TRANSLATE_NOOP("texts", "Surface only"),
}

DEVICES: Mapping[DeviceState, str] = {
    DeviceState.UNHEARD: QT_TRANSLATE_NOOP("texts", "{0}: nothing heard yet"),
    DeviceState.READY: QT_TRANSLATE_NOOP("texts", "{0}: ready"),
    DeviceState.DOUBTFUL: QT_TRANSLATE_NOOP("texts", "{0}: doubtful"),
    DeviceState.LOST: QT_TRANSLATE_NOOP("texts", "{0}: lost"),
}

DEVICE_HINTS: Mapping[DeviceState, str] = {
    DeviceState.UNHEARD: QT_TRANSLATE_NOOP("texts", "measure with it once to try it"),
    DeviceState.READY: QT_TRANSLATE_NOOP("texts", "can be used"),
    DeviceState.DOUBTFUL: QT_TRANSLATE_NOOP("texts", "call a technician"),
    DeviceState.LOST: QT_TRANSLATE_NOOP("texts", "check cable and power"),
}

DOUBTS: Mapping[DeviceDoubt, str] = {
    DeviceDoubt.STUCK: QT_TRANSLATE_NOOP("texts", "stands still: call a technician"),
    DeviceDoubt.DRIFTING: QT_TRANSLATE_NOOP("texts", "drifts: call a technician"),
    DeviceDoubt.UNSETTLED: QT_TRANSLATE_NOOP("texts", "not at its temperature yet: wait"),
    DeviceDoubt.OTHER_SET_POINT: QT_TRANSLATE_NOOP(
        "texts", "set to another temperature: call a technician"
    ),
    DeviceDoubt.SWITCHED_OFF: QT_TRANSLATE_NOOP("texts", "does not heat: switch it on"),
    DeviceDoubt.COMPLAINS: QT_TRANSLATE_NOOP("texts", "reports a fault: call a technician"),
    DeviceDoubt.IMPLAUSIBLE: QT_TRANSLATE_NOOP("texts", "impossible value: call a technician"),
    DeviceDoubt.CLOCK_SET: QT_TRANSLATE_NOOP("texts", "was set: compare it with a watch"),
}

LOSSES: Mapping[Loss, str] = {
    Loss.NO_ANSWER: QT_TRANSLATE_NOOP("texts", "Station not reachable: use the thermometer"),
    Loss.AGAIN: QT_TRANSLATE_NOOP(
        "texts", "Station not reachable again: use the thermometer, call a technician"
    ),
    Loss.OTHER_VERSION: QT_TRANSLATE_NOOP(
        "texts", "Station and kiosk do not fit: use the thermometer, call a technician"
    ),
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
        "texts", "A second reading with fever cannot be cleared: confirm it, or mark it unclear"
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
    Refusal.TYPED_APART: QT_TRANSLATE_NOOP(
        "texts", "The two readings that you typed differ: look again and type it twice"
    ),
    Refusal.TYPED_IMPLAUSIBLE: QT_TRANSLATE_NOOP(
        "texts", "No body temperature in °C: look at the unit and type it again"
    ),
    Refusal.NO_CHECK: QT_TRANSLATE_NOOP(
        "texts", "These readings are no daily check: measure the source three times"
    ),
    Refusal.RESTING: QT_TRANSLATE_NOOP(
        "texts", "The traveller rests: wait, or use an ear or contact thermometer"
    ),
    Refusal.NO_SITE: QT_TRANSLATE_NOOP(
        "texts", "Say where the contact thermometer was held: mouth or armpit"
    ),
    Refusal.TOO_FEW_READINGS: QT_TRANSLATE_NOOP("texts", "One more reading is needed"),
    Refusal.READINGS_DISAGREE: QT_TRANSLATE_NOOP(
        "texts", "The readings disagree: use an ear or contact thermometer"
    ),
    Refusal.NO_CAUSE: QT_TRANSLATE_NOOP("texts", "Choose why this case is cleared"),
    Refusal.NOT_ANSWERED: QT_TRANSLATE_NOOP(
        "texts", 'A question has no answer yet: ask, or choose "does not know"'
    ),
    Refusal.NO_RULE: QT_TRANSLATE_NOOP(
        "texts", "No rule allows taking this identity: leave it empty"
    ),
    Refusal.NOT_REGISTERED: QT_TRANSLATE_NOOP("texts", "Register the traveller first"),
    Refusal.NOT_ARRIVED: QT_TRANSLATE_NOOP("texts", "The traveller is not at the clinic yet"),
    Refusal.NOTHING_TO_TAKE_BACK: QT_TRANSLATE_NOOP("texts", "There is nothing to take back"),
    Refusal.NOT_SIGNED_IN: QT_TRANSLATE_NOOP("texts", "Nobody is signed in: sign in first"),
    Refusal.NOT_ALLOWED: QT_TRANSLATE_NOOP(
        "texts", "Your role does not allow this: ask the shift lead or a technician"
    ),
    Refusal.WRONG_PIN: QT_TRANSLATE_NOOP("texts", "Not recognised: try again"),
    Refusal.WAIT: QT_TRANSLATE_NOOP("texts", "Too many wrong PINs: wait a moment"),
    Refusal.BAD_NAME: QT_TRANSLATE_NOOP("texts", "This name cannot be used, or is taken"),
    Refusal.BAD_PIN: QT_TRANSLATE_NOOP(
        "texts", "6 to 12 digits, not all the same and no run like 123456"
    ),
    Refusal.BAD_CARD: QT_TRANSLATE_NOOP("texts", "No card number, or another person's card"),
    Refusal.SAME_PERSON: QT_TRANSLATE_NOOP("texts", "This takes a second person"),
    Refusal.THRESHOLD_RANGE: QT_TRANSLATE_NOOP("texts", "The settings do not allow this threshold"),
    Refusal.NO_PROPOSAL: QT_TRANSLATE_NOOP("texts", "This proposal is no longer open"),
    Refusal.NO_OFFER: QT_TRANSLATE_NOOP("texts", "This hand-over is no longer open"),
    Refusal.SESSION_OVER: QT_TRANSLATE_NOOP("texts", "The session is over: sign in"),
}

ROLES: Mapping[Role, str] = {
    Role.AUDITOR: QT_TRANSLATE_NOOP("texts", "auditor"),
    Role.OPERATOR: QT_TRANSLATE_NOOP("texts", "operator"),
    Role.SHIFT_LEAD: QT_TRANSLATE_NOOP("texts", "shift lead"),
    Role.TECHNICIAN: QT_TRANSLATE_NOOP("texts", "technician"),
}


PALETTE_WORDS: Mapping[PaletteName, str] = {
    PaletteName.BLUE_YELLOW: QT_TRANSLATE_NOOP("texts", "Blue to yellow"),
    PaletteName.GREY: QT_TRANSLATE_NOOP("texts", "Grey"),
    PaletteName.GLOW: QT_TRANSLATE_NOOP("texts", "Glow"),
}

SOUNDS: Mapping[Sound, str] = {
    Sound.GO_ON: QT_TRANSLATE_NOOP("texts", "Go on"),
    Sound.STEP_ASIDE: QT_TRANSLATE_NOOP("texts", "Second check"),
    Sound.STAFF: QT_TRANSLATE_NOOP("texts", "Staff needed"),
}

AUDIT_KINDS: Mapping[AuditKind, str] = {
    AuditKind.CHAIN_BEGUN: QT_TRANSLATE_NOOP("texts", "Trail begun"),
    AuditKind.CASE: QT_TRANSLATE_NOOP("texts", "Cases"),
    AuditKind.DEVICE_CHECK: QT_TRANSLATE_NOOP("texts", "Daily checks"),
    AuditKind.ACCOUNT: QT_TRANSLATE_NOOP("texts", "Accounts"),
    AuditKind.SIGN_IN: QT_TRANSLATE_NOOP("texts", "Signing in"),
    AuditKind.THRESHOLD: QT_TRANSLATE_NOOP("texts", "Skin threshold"),
    AuditKind.SHIFT: QT_TRANSLATE_NOOP("texts", "Shifts"),
    AuditKind.ROOM: QT_TRANSLATE_NOOP("texts", "Room"),
    AuditKind.REPORT: QT_TRANSLATE_NOOP("texts", "Daily figures"),
    AuditKind.SETTINGS: QT_TRANSLATE_NOOP("texts", "Settings"),
    AuditKind.DEVICE: QT_TRANSLATE_NOOP("texts", "Devices"),
    AuditKind.SALVAGE: QT_TRANSLATE_NOOP("texts", "Damaged ledger"),
    AuditKind.SIMULATION: QT_TRANSLATE_NOOP("texts", "Simulators"),
    AuditKind.COPY: QT_TRANSLATE_NOOP("texts", "Backups, files"),
}

CHAIN_FAULTS: Mapping[ChainFault, str] = {
    ChainFault.MISSING: QT_TRANSLATE_NOOP("texts", "a row is missing"),
    ChainFault.ALTERED: QT_TRANSLATE_NOOP("texts", "a row was altered"),
    ChainFault.EXCHANGED: QT_TRANSLATE_NOOP("texts", "a row was exchanged"),
    ChainFault.CUT_OFF: QT_TRANSLATE_NOOP(
        "texts", "rows were cut off at the end, or the witness is gone"
    ),
    ChainFault.REWRITTEN: QT_TRANSLATE_NOOP("texts", "rows were written anew"),
    ChainFault.DAMAGED: QT_TRANSLATE_NOOP(
        "texts", "rows of a damaged ledger could not be read; all others are whole"
    ),
    ChainFault.UNCHAINED: QT_TRANSLATE_NOOP("texts", "a record was changed beside the trail"),
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


def say_station(sentence: str) -> str:
    """Return what the station said, an English sentence, in the kiosk's language.

    A translator of Qt written in Python would be asked while Qt holds the lock that the end of any
    other translator waits for: the window would stand still for ever.
    """
    is_chinese = translate("texts", "English") != "English"
    return in_chinese(sentence) if is_chinese else sentence


def in_one_line(words: str) -> str:
    """Return the words of a button without its lines; Chinese has no spaces between words."""
    first, *rest = words.split("\n")
    for line in rest:
        first += f" {line}" if first.isascii() else line
    return first


def shortened(name: str, most: int = 14) -> str:
    """Return a name that settings may have made of any length, for where there is little room."""
    return name if len(name) <= most else f"{name[: most - 1]}…"
