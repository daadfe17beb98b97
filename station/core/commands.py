"""What staff may ask of the station: frozen commands that cross the bridge."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.identity import Identity
from station.core.people_commands import PeopleCommand
from station.core.questions import CancelWork, Question
from station.core.registration import Registration
from station.core.service_commands import ServiceCommand
from station.core.shift_commands import ShiftCommand
from station.core.simulator_commands import SimulatorCommand
from station.core.threshold_commands import ThresholdCommand


@dataclass(frozen=True, slots=True)
class AttachReading:
    """Command: this reading belongs to this case."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case that the operator named."""
    reading_id: UUID
    """The reading that the operator named."""
    site: BodySite | None = None
    """Where a contact thermometer was held; the others have one place only."""


@dataclass(frozen=True, slots=True)
class ResolveCase:
    """Command: the verdict of the second check."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""
    verdict: CaseState
    """CONFIRMED, CLEARED or UNRESOLVED."""
    cause: str
    """The cause given, may be empty."""


@dataclass(frozen=True, slots=True)
class CheckByHand:
    """Command: open a case for a traveller who was not measured, so that nobody is missed."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    passage_id: UUID
    """The passage that ended in NOT_MEASURED."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Command: the hand-over of a case to the emergency service came one step further."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_number: int
    """The short number that staff call out."""
    step: HandoverStep
    """Which step."""
    to: str
    """The emergency service or the clinic, never a person; may be empty."""


@dataclass(frozen=True, slots=True)
class RestTraveller:
    """Command: a traveller rests before the second reading, or no longer."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""
    minutes: float
    """How long from now; 0 ends the rest."""


@dataclass(frozen=True, slots=True)
class RegisterCase:
    """Command: the traveller's answers."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""
    registration: Registration
    """The answers."""
    identity: Identity = field(default_factory=Identity)
    """Who they are, if a rule allows to ask; it goes into the ledger and nowhere else."""
    is_isolated: bool = False
    """Whether they are in the isolation room already: one touch for both."""


@dataclass(frozen=True, slots=True)
class IsolateCase:
    """Command: the traveller is in the isolation room."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Command: the clinic said what it found; the case is closed."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""
    outcome: CaseOutcome
    """What it found."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Command: the case's last step was a mistake; that becomes a step of its own."""

    command_id: UUID
    """Answered by CommandRefused, or by the CaseChanged that it causes."""
    case_id: UUID
    """The case."""


@dataclass(frozen=True, slots=True)
class TypeReading:
    """Command: a reading that staff read off a thermometer and typed in twice."""

    command_id: UUID
    """Answered by CommandRefused, or by the HandheldRead that it causes."""
    first_c: float
    """As typed first, °C."""
    second_c: float
    """As typed again, °C."""
    trust: TrustClass
    """What kind of thermometer it was."""


@dataclass(frozen=True, slots=True)
class RecordCheck:
    """Command: these readings were taken of a known temperature, as the daily check."""

    command_id: UUID
    """Answered by CommandRefused, or by the DeviceChecked that it causes."""
    reference_c: float
    """The known temperature, °C."""
    reading_ids: tuple[UUID, ...]
    """The readings, all of one thermometer."""


@dataclass(frozen=True, slots=True)
class SendReport:
    """Command: send one day's figures to the CDC now."""

    command_id: UUID
    """Answered by CommandRefused, or by the ReportMade that it causes."""
    day: date
    """The local day."""


@dataclass(frozen=True, slots=True)
class SetRoom:
    """Command: the room was measured; sensors say it the same way."""

    command_id: UUID
    """Answered by CommandRefused, or by the RoomChanged that it causes."""
    ambient_c: float
    """Temperature of air and walls, °C."""
    humidity_pct: float | None
    """Relative humidity, %; None if not measured."""
    outdoor_c: float | None
    """Outdoor temperature, °C; None if not measured."""


CaseCommand = (
    AttachReading
    | ResolveCase
    | CheckByHand
    | HandOver
    | RestTraveller
    | RegisterCase
    | IsolateCase
    | CloseCase
    | TakeBack
)
"""What staff may ask about travellers."""

ThermometerCommand = TypeReading | RecordCheck
"""What staff may ask about thermometers."""

Command = (
    CaseCommand
    | ThermometerCommand
    | SendReport
    | SetRoom
    | PeopleCommand
    | ThresholdCommand
    | ShiftCommand
    | Question
    | CancelWork
    | ServiceCommand
    | SimulatorCommand
)
"""What staff may ask of the station; `station.core.rights` says who may."""
