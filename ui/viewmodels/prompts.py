"""What travellers are told: one short friendly wish at a time, never a temperature, never blame."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from station.core.extraction import RejectReason
from station.core.lane_events import FaceView, LaneState, LaneUpdate
from station.core.screening import Outcome
from ui.model import KioskModel
from ui.texts import QT_TRANSLATE_NOOP
from ui.viewmodels.lanes import Ages, is_covered


class Prompt(StrEnum):
    """One wish; its stored value names its drawing and its spoken files."""

    WALK_SLOWLY = "walk_slowly"
    """Nobody is in view."""
    COME_CLOSER = "come_closer"
    """Too far for a reading."""
    LOOK_HERE = "look_here"
    """Turned away."""
    TO_THE_MIDDLE = "to_the_middle"
    """At the edge of the picture."""
    REMOVE_GLASSES = "remove_glasses"
    """Glasses hide the inner canthi."""
    UNCOVER_EYES = "uncover_eyes"
    """Hair or a hat hides them."""
    ONE_BY_ONE = "one_by_one"
    """Faces too near each other."""
    STAND_STILL = "stand_still"
    """Too fast, or readings disagree."""
    INTO_THE_SHADE = "into_the_shade"
    """Sun or a reflection on the face."""
    REST_INSIDE = "rest_inside"
    """Chilled by the way here."""
    STEP_ASIDE = "step_aside"
    """A second check follows: the same words whatever the reason."""
    GO_ON = "go_on"
    """Below the threshold."""
    WAIT = "wait"
    """The camera needs a moment."""
    STAFF = "staff"
    """The lane measures nobody: staff do it by hand."""


PROMPTS: Mapping[Prompt, str] = {
    Prompt.WALK_SLOWLY: QT_TRANSLATE_NOOP("prompts", "Please walk slowly and look ahead"),
    Prompt.COME_CLOSER: QT_TRANSLATE_NOOP("prompts", "Please come a little closer"),
    Prompt.LOOK_HERE: QT_TRANSLATE_NOOP("prompts", "Please look at the camera"),
    Prompt.TO_THE_MIDDLE: QT_TRANSLATE_NOOP("prompts", "Please walk in the middle"),
    Prompt.REMOVE_GLASSES: QT_TRANSLATE_NOOP("prompts", "Please take off your glasses"),
    Prompt.UNCOVER_EYES: QT_TRANSLATE_NOOP("prompts", "Please uncover your eyes"),
    Prompt.ONE_BY_ONE: QT_TRANSLATE_NOOP("prompts", "One at a time, please"),
    Prompt.STAND_STILL: QT_TRANSLATE_NOOP("prompts", "Please stand still for a moment"),
    Prompt.INTO_THE_SHADE: QT_TRANSLATE_NOOP("prompts", "Please step into the shade"),
    Prompt.REST_INSIDE: QT_TRANSLATE_NOOP(
        "prompts", "Welcome! Please rest inside for a few minutes, then come again"
    ),
    Prompt.STEP_ASIDE: QT_TRANSLATE_NOOP(
        "prompts", "Please step aside for a second check. Our staff will help you"
    ),
    Prompt.GO_ON: QT_TRANSLATE_NOOP("prompts", "Thank you, please go on"),
    Prompt.WAIT: QT_TRANSLATE_NOOP("prompts", "One moment, please"),
    Prompt.STAFF: QT_TRANSLATE_NOOP(
        "prompts", "Thank you for waiting. Our staff will take your temperature"
    ),
}

LANE = QT_TRANSLATE_NOOP("prompts", "Lane {0}")
"""Above the signs of several lanes."""

OF_REASON: Mapping[RejectReason, Prompt] = {
    RejectReason.NOT_RADIOMETRIC: Prompt.STAFF,
    RejectReason.STALE_FRAME: Prompt.STAFF,
    RejectReason.SHUTTER: Prompt.WAIT,
    RejectReason.WARMING_UP: Prompt.STAFF,
    RejectReason.NO_REFERENCE: Prompt.STAFF,
    RejectReason.REFERENCE_UNSTABLE: Prompt.WAIT,
    RejectReason.REFERENCE_MOVED: Prompt.STAFF,
    RejectReason.REFERENCE_OUT_OF_BAND: Prompt.STAFF,
    RejectReason.TOO_FAR: Prompt.COME_CLOSER,
    RejectReason.TURNED_AWAY: Prompt.LOOK_HERE,
    RejectReason.AT_EDGE: Prompt.TO_THE_MIDDLE,
    RejectReason.GLASSES: Prompt.REMOVE_GLASSES,
    RejectReason.COVERED_EYES: Prompt.UNCOVER_EYES,
    RejectReason.FACES_TOO_NEAR: Prompt.ONE_BY_ONE,
    RejectReason.BLURRED: Prompt.STAND_STILL,
    RejectReason.SUN_OR_REFLECTION: Prompt.INTO_THE_SHADE,
    RejectReason.COLD_ARRIVAL: Prompt.REST_INSIDE,
    RejectReason.IMPLAUSIBLE: Prompt.STAFF,
    RejectReason.UNSTEADY: Prompt.STAND_STILL,
    RejectReason.TOO_FEW_FRAMES: Prompt.STAND_STILL,
    RejectReason.ROOM_OUT_OF_BAND: Prompt.STAFF,
    RejectReason.CLOCK: Prompt.WAIT,
    RejectReason.CALIBRATION_EXPIRED: Prompt.STAFF,
    RejectReason.NO_POLICY: Prompt.STAFF,
}

_OF_LANE: Mapping[LaneState, Prompt] = {
    LaneState.STARTING: Prompt.STAFF,
    LaneState.WARMING_UP: Prompt.STAFF,
    LaneState.SETTLING: Prompt.WAIT,
    LaneState.BLOCKED: Prompt.STAFF,
    LaneState.NO_REFERENCE: Prompt.STAFF,
    LaneState.READY: Prompt.WALK_SLOWLY,
    LaneState.TRACKING: Prompt.STAND_STILL,
    LaneState.MEASURED: Prompt.WALK_SLOWLY,
    LaneState.FAULT: Prompt.STAFF,
}
_MEASURES = {LaneState.READY, LaneState.TRACKING, LaneState.MEASURED}
_SECOND_CHECK = {Outcome.ABOVE, Outcome.REPEAT}

# Long enough to be read in passing; who must step aside has often left the picture by then.
_LEAST_S = 1.5
_STEP_ASIDE_S = 6.0


def prompt_of(model: KioskModel, lane: str, ages: Ages) -> Prompt:
    """Return what the travellers of a lane are told now."""
    update, age_s = model.lanes.get(lane), ages.get(lane)
    if model.loss is not None or model.has_ledger_fault or lane in model.lane_faults:
        return Prompt.STAFF
    if update is None or age_s is None:
        return Prompt.WAIT
    if is_covered(model, lane, age_s):
        return Prompt.STAFF
    if update.state not in _MEASURES:
        return _OF_LANE[update.state]
    return _of_faces(update)


def _of_faces(update: LaneUpdate) -> Prompt:
    faces = sorted(update.faces, key=lambda face: face.box.width, reverse=True)
    if any(face.outcome in _SECOND_CHECK for face in faces):
        return Prompt.STEP_ASIDE
    # The nearest who can still do something; then the nearest who is done.
    told = [prompt for face in faces if (prompt := _wish(face)) is not None]
    if told:
        return told[0]
    return Prompt.GO_ON if faces else _OF_LANE[update.state]


def _wish(face: FaceView) -> Prompt | None:
    if face.outcome is Outcome.BELOW:
        return None
    return OF_REASON[RejectReason(face.reason)] if face.reason else Prompt.STAND_STILL


@dataclass(slots=True)
class Steady:
    """Keeps a prompt long enough to be read: no flicker, and nobody misses the second check."""

    shown: Prompt = Prompt.WAIT
    """What is told."""
    since_s: float = float("-inf")
    """Since when, on the monotonic clock."""

    def take(self, wanted: Prompt, now_s: float) -> Prompt:
        """Return what to tell now."""
        if wanted is self.shown:
            if wanted is Prompt.STEP_ASIDE:
                self.since_s = now_s
            return wanted
        least_s = _STEP_ASIDE_S if self.shown is Prompt.STEP_ASIDE else _LEAST_S
        if wanted is Prompt.STEP_ASIDE or now_s - self.since_s >= least_s:
            self.shown, self.since_s = wanted, now_s
        return self.shown
