"""What a lane tells with each picture, and when it fails."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.core.cohort import CrowdStatus
from station.core.faces import Box, Point
from station.core.reference import ReferenceState
from station.core.screening import Outcome


class LaneState(StrEnum):
    """What a lane can do right now."""

    STARTING = "starting"
    """No frame has come yet."""
    WARMING_UP = "warming_up"
    """The camera is not stable yet: nothing is measured."""
    SETTLING = "settling"
    """The shutter correction has just run: nothing is measured for some seconds."""
    BLOCKED = "blocked"
    """The room, the clock or a calibration forbids measuring."""
    NO_REFERENCE = "no_reference"
    """The reference source is not usable: nothing is measured."""
    READY = "ready"
    """Nobody is in view and everything is well."""
    TRACKING = "tracking"
    """Travellers are in view, none of them measured yet."""
    MEASURED = "measured"
    """At least one traveller in view has an answer."""
    FAULT = "fault"
    """The camera gives no usable frames: nothing is measured."""


@dataclass(frozen=True, slots=True)
class FaceView:
    """One face as the lane shows it."""

    traveller: int | None
    """The number beside the box, or None while it is not clear who it is."""
    box: Box
    """Where."""
    outcome: Outcome | None
    """The answer so far, or None while there is none."""
    skin_c: float | None
    """Skin temperature of this frame or the median so far, °C; None when not measured."""
    u_c: float | None
    """Standard uncertainty (k=1), °C."""
    reason: str | None
    """Why this frame gave no reading (a stored RejectReason value)."""
    point: Point | None
    """Where the reading was taken."""
    is_warm: bool = False
    """Whether the traveller is unusually warm against the crowd; the outcome stays as it is."""


@dataclass(frozen=True, slots=True)
class LaneUpdate:
    """One processed frame of a lane."""

    lane: str
    """The lane's name."""
    sequence: int
    """The frame's number; the picture with the same number belongs to it."""
    captured_at: datetime
    """The frame's time, aware, UTC."""
    shape: tuple[int, int]
    """Rows and columns of the picture."""
    state: LaneState
    """What the lane can do."""
    blocked: str | None
    """Why nothing in the whole frame may be measured (a stored RejectReason value), or None."""
    reference: ReferenceState
    """The reference source's state."""
    reference_box: Box | None
    """Where the reference source is."""
    reference_apparent_c: float | None
    """What the camera reads there, °C."""
    faces: tuple[FaceView, ...]
    """The travellers in view."""
    frames_per_s: float
    """Measured rate of processed frames."""
    dropped_frames: int
    """Frames dropped since the start because measuring was slower than the camera."""
    crowd: CrowdStatus | None = None
    """What the lane's crowd is known by; None if nobody watches it."""


class LaneFaultKind(StrEnum):
    """What is wrong with a lane; the kiosk has words for each in every language."""

    NO_PICTURES = "no_pictures"
    """The camera sends no pictures."""
    INTERNAL = "internal"
    """A part of the station crashed or hangs."""


@dataclass(frozen=True, slots=True)
class LaneFault:
    """A lane's camera or worker failed; the lane measures nothing until it recovers."""

    lane: str
    """The lane's name."""
    at: datetime
    """When, aware, UTC."""
    text: str
    """One sentence: what happened and what to do."""
    kind: LaneFaultKind = LaneFaultKind.INTERNAL
    """What is wrong, for the kiosk's own words."""
