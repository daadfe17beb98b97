"""What the station tells: frozen events that cross threads and the bridge to the kiosk."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from station.core.about import StationDescribed
from station.core.camera_bias import CameraBias
from station.core.case_flow import CaseFlow
from station.core.cases import BodyReading, Case, Refusal
from station.core.handhelds import DeviceCheck
from station.core.health import DeviceDoubt
from station.core.lane_events import LaneFault, LaneUpdate
from station.core.link_events import DeliveryProgress, LinkChanged, ReportMade
from station.core.passages import Passage
from station.core.people_events import AccountList, AuditPage, SessionChanged
from station.core.questions import Answer
from station.core.room import Room
from station.core.salvage import SalvageTold
from station.core.service_commands import CertificateList, LogPage, VersionList
from station.core.shift_commands import ShiftTold
from station.core.simulator_commands import SimulatorsTold
from station.core.stages import CaseStage
from station.core.threshold_commands import ThresholdTold
from station.core.trends import CameraTrend


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

    UNHEARD = "unheard"
    """Open, and nothing has come yet by which the right device could be told from a wrong one."""
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
class LedgerFault:
    """The ledger cannot write; nothing is discarded and the station keeps trying."""

    at: datetime
    """When, aware, UTC."""
    text: str
    """One sentence: what happened and what to do."""
    carried_percent: int | None = None
    """How much of a damaged ledger is carried over by now; None for any other fault."""


@dataclass(frozen=True, slots=True)
class RecordsLost:
    """The disk has lost records that had been durable; found at the start, true until the next."""

    at: datetime
    """When it was found, aware, UTC."""
    messages: int
    """Messages to the CDC that are gone; the CDC may have some of them."""


@dataclass(frozen=True, slots=True)
class LedgerSalvaged:
    """A damaged ledger was set aside and a new one begun; true while the old one lies there."""

    told: SalvageTold
    """What became of it."""


@dataclass(frozen=True, slots=True)
class LedgerRecovered:
    """The ledger writes again."""

    at: datetime
    """When, aware, UTC."""


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
    | LedgerSalvaged
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
