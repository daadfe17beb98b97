"""What the station tells: frozen events that cross threads and the bridge to the kiosk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.about import StationDescribed
from station.core.camera_bias import CameraBias
from station.core.case_flow import CaseFlow
from station.core.cases import BodyReading, Case, Refusal
from station.core.cohort import CrowdStatus
from station.core.daily import DailyFigures
from station.core.faces import Box, Point
from station.core.handhelds import DeviceCheck
from station.core.health import DeviceDoubt
from station.core.passages import Passage
from station.core.people_events import AccountList, AuditPage, SessionChanged
from station.core.questions import Answer
from station.core.reference import ReferenceState
from station.core.room import Room
from station.core.screening import Outcome
from station.core.service_commands import CertificateList, LogPage, VersionList
from station.core.shift_commands import ShiftTold
from station.core.simulator_commands import SimulatorsTold
from station.core.stages import CaseStage
from station.core.threshold_commands import ThresholdTold
from station.core.trends import CameraTrend


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

    traveller: int
    """The number beside the box."""
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


@dataclass(frozen=True, slots=True)
class PassageRecorded:
    """A passage is durable in the ledger."""

    passage: Passage
    """The row."""


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """A case is durable in the ledger in this state."""

    case: Case
    """The case."""
    command_id: UUID | None = None
    """The command that it answers, if any."""


@dataclass(frozen=True, slots=True)
class FlowAnnounced:
    """How this site handles its cases; told before anything else, and when a threshold changes."""

    flow: CaseFlow
    """Rules, limits, questions, clinics."""


@dataclass(frozen=True, slots=True)
class CaseOverdue:
    """A case has waited too long; durable as a step of the case."""

    case_id: UUID
    """Which."""
    number: int
    """Its short number."""
    stage: CaseStage
    """What is due."""
    level: int
    """1 for the operator, 2 for the shift lead, 3 for the duty desk's telephone."""
    since: datetime
    """When that began to be due, aware, UTC."""
    at: datetime
    """When this was noticed, aware, UTC."""


@dataclass(frozen=True, slots=True)
class CasePictured:
    """A small thermal picture by which staff find a traveller; held in memory until it expires."""

    case_id: UUID
    """Whose."""
    shape: tuple[int, int]
    """Rows and columns."""
    pixels: str
    """Base64 of one byte a pixel, 0 the coldest; no temperatures can be read from it."""
    expires_at: datetime
    """When it is forgotten everywhere, aware, UTC."""


@dataclass(frozen=True, slots=True)
class CasePictureGone:
    """A case's picture has expired or is not needed any more: forget it."""

    case_id: UUID
    """Whose."""


@dataclass(frozen=True, slots=True)
class HandheldRead:
    """A handheld reading is durable in the ledger and waits to be attached."""

    reading: BodyReading
    """The reading."""


@dataclass(frozen=True, slots=True)
class DeviceChecked:
    """A thermometer's daily check is durable in the ledger."""

    check: DeviceCheck
    """How it ended."""
    command_id: UUID | None = None
    """The command that it answers, if any."""


class DeviceState(StrEnum):
    """Whether a device can be used."""

    CONNECTING = "connecting"
    """Being opened, or re-opened after a loss."""
    READY = "ready"
    """Open and answering."""
    DOUBTFUL = "doubtful"
    """Open and answering, and what it says is not believed."""
    LOST = "lost"
    """Not usable; the station keeps trying."""


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """A device came or went."""

    device_id: str
    """Its name in the settings."""
    at: datetime
    """When, aware, UTC."""
    state: DeviceState
    """Whether it can be used."""
    text: str
    """One sentence for staff; empty when ready."""
    doubt: DeviceDoubt | None = None
    """Why it is not believed, for the kiosk's own words; None unless doubtful."""


@dataclass(frozen=True, slots=True)
class TrendChanged:
    """A camera's curves have a further point."""

    trend: CameraTrend
    """All of them."""


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """A reference source on a wire has said how it is."""

    device_id: str
    """Its name in the settings."""
    at: datetime
    """When, aware, UTC."""
    temperature_c: float
    """The temperature that it tells, °C."""
    set_point_c: float
    """What it is set to, °C."""
    is_stable: bool
    """Whether it counts itself as settled."""
    is_heating: bool
    """Whether its output is on."""
    fault: str
    """What it complains of; empty when all is well."""
    doubt: DeviceDoubt | None = None
    """Why lanes do not measure by it; None if they may."""


class LinkState(StrEnum):
    """The way to the CDC."""

    OFFLINE = "offline"
    """No broker; alerts wait in the outbox."""
    CONNECTED = "connected"
    """The broker answers; whether the CDC does, only receipts tell."""
    REFUSED = "refused"
    """The broker or the CDC refuses alerts: a technician is needed."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link's state or the number of waiting alerts changed."""

    state: LinkState
    """The way to the CDC."""
    waiting: int
    """Alerts without the CDC's receipt."""
    oldest_waiting_at: datetime | None
    """Since when the oldest of them waits, aware, UTC."""
    set_aside: int
    """Alerts that the CDC rejected and a technician must look at."""
    text: str
    """One sentence for staff; empty when all is well."""


class DeliveryStage(StrEnum):
    """How far an alert has come."""

    DURABLE = "durable"
    """On the station's disk."""
    PUBLISHED = "published"
    """The broker acknowledged it."""
    DELIVERED = "delivered"
    """The CDC stored it and sent its receipt."""
    REJECTED = "rejected"
    """The CDC refused it; it is set aside."""


@dataclass(frozen=True, slots=True)
class BiasChanged:
    """The cameras' crowds were compared, and something changed."""

    at: datetime
    """When, aware, UTC."""
    found: tuple[CameraBias, ...]
    """Which cameras differ now; empty when all agree."""


class RoomSource(StrEnum):
    """Who says what the room is like."""

    ASSUMED = "assumed"
    """Nobody measures it: the settings' values."""
    MEASURED = "measured"
    """Somebody measured it, or a sensor does."""


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """The lanes reckon with this room from now on."""

    at: datetime
    """When, aware, UTC."""
    room: Room
    """The room."""
    source: RoomSource
    """Who says what its temperature is."""
    command_id: UUID | None = None
    """The command that it answers, if any."""
    sensor: str = ""
    """The sensor that measures its temperature; empty if none does."""


@dataclass(frozen=True, slots=True)
class DeliveryProgress:
    """One alert came one stage further."""

    report_id: UUID
    """The alert."""
    case_id: UUID | None
    """Its case; None for what is not about one."""
    kind: str
    """The report kind's stored value, or `daily_report`."""
    stage: DeliveryStage
    """How far."""
    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """The ledger cannot write; nothing is discarded and the station keeps trying."""

    at: datetime
    """When, aware, UTC."""
    text: str
    """One sentence: what happened and what to do."""


@dataclass(frozen=True, slots=True)
class RecordsLost:
    """The disk has lost records that had been durable; found at the start, true until the next."""

    at: datetime
    """When it was found, aware, UTC."""
    messages: int
    """Messages to the CDC that are gone; the CDC may have some of them."""


@dataclass(frozen=True, slots=True)
class LedgerRecovered:
    """The ledger writes again."""

    at: datetime
    """When, aware, UTC."""


@dataclass(frozen=True, slots=True)
class ReportMade:
    """A day's figures are durable and wait for the CDC."""

    figures: DailyFigures
    """What they say."""
    command_id: UUID | None = None
    """The command that it answers, if any."""


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """A command was not carried out."""

    command_id: UUID
    """Which."""
    text: str
    """One sentence: why and what to do."""
    refusal: Refusal = Refusal.OTHER
    """Why, for the kiosk's own words."""
    until: datetime | None = None
    """When it may be tried again, aware, UTC; None at once, or never."""


Event = (
    LaneUpdate
    | LaneFault
    | PassageRecorded
    | CaseChanged
    | FlowAnnounced
    | CaseOverdue
    | CasePictured
    | CasePictureGone
    | HandheldRead
    | DeviceChecked
    | DeviceChanged
    | SourceChanged
    | TrendChanged
    | StationDescribed
    | VersionList
    | CertificateList
    | LogPage
    | SimulatorsTold
    | LinkChanged
    | BiasChanged
    | RoomChanged
    | DeliveryProgress
    | LedgerFault
    | LedgerRecovered
    | RecordsLost
    | ReportMade
    | SessionChanged
    | AccountList
    | AuditPage
    | ThresholdTold
    | ShiftTold
    | CommandRefused
    | Answer
)
"""What the station tells."""
