"""What stations and the CDC say to each other: the one source of every form and every schema.

Each message is a CloudEvents 1.0 event in structured JSON. `type` ends in the major version;
`data.schema_version` counts what was added since. A drill has types of its own, and says so once
more in its data. Source: CloudEvents 1.0.2, section "Context Attributes".
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.clock_quality import ClockQuality
from station.core.registration import Exposure, HubKind, Medicine, Symptom
from station.core.report import Channel, ReportKind
from station.core.screening import Outcome
from station.reporting.topics import SOURCE_PATTERN, StationIdentity

SCHEMA_VERSION: Final = "1.2"
"""The version that this program writes."""
CDC_SOURCE: Final = "/fs/cdc"
"""The `source` of receipts."""

# Without control characters: it ends on terminals.
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Celsius = Annotated[float, Field(allow_inf_nan=False, ge=-100, le=300)]
Uncertainty = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]
Number = Annotated[int, Field(ge=1, le=2**53)]
Count = Annotated[int, Field(ge=0, le=2**53)]


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True
    )


class SkinData(_Part):
    """What the thermograph said: a temperature of the skin's surface, never of the body."""

    skin_surface_temperature_c: Celsius | None
    """Skin surface, °C; null when not measured."""
    standard_uncertainty_c: Uncertainty | None
    """k=1, °C."""
    site: Text | None
    """Measuring site."""
    outcome: Outcome
    """The answer."""
    reasons: tuple[Text, ...]
    """Why not measured."""
    policy_id: Text
    """The threshold policy applied."""

    @model_validator(mode="after")
    def _doubt_has_no_temperature(self) -> Self:
        if (self.outcome is Outcome.NOT_MEASURED) != (self.skin_surface_temperature_c is None):
            raise ValueError("a temperature and the outcome not_measured exclude each other")
        return self


class BodyData(_Part):
    """One second reading: a clinical thermometer's body temperature."""

    body_temperature_c: Celsius
    """Body, °C."""
    taken_at: AwareDatetime
    """When."""
    device_id: Text
    """Which thermometer."""
    trust: TrustClass = TrustClass.FOREHEAD
    """What kind of thermometer: how far the reading may decide."""
    body_site: BodySite | None = None
    """Where on the body; version 1.1 did not say it."""


class HandoverData(_Part):
    """One step of the hand-over to the emergency service."""

    step: HandoverStep
    """How far it came."""
    at: AwareDatetime
    """When."""
    to: Text
    """The emergency service or the clinic, never a person; empty if nobody was named."""


class RegistrationData(_Part):
    """What the traveller was asked, without identity; an empty text or null was not asked."""

    hub: HubKind
    """What kind of journey."""
    number: Text
    """Train, coach or flight number; a car's plate is not told."""
    car: Text
    """Carriage."""
    seat: Text
    """The seat on the ticket."""
    seat_actual: Text
    """Where the traveller really sat."""
    symptoms: tuple[Symptom, ...] | None
    """Signs beside the fever."""
    medicine: Medicine | None
    """Whether a medicine may hide the fever."""
    medicine_hours: Count
    """The hours that this was asked for."""
    exposure: tuple[Exposure, ...] | None
    """What they may have met."""


class CaseData(_Part):
    """The case, without identity."""

    case_id: UUID
    """Its key."""
    number: Number
    """The short number that staff call out."""
    state: CaseState
    """Where it stands."""
    lane: Text
    """Where."""
    flagged_at: AwareDatetime
    """When the flag was raised."""


class _Data(_Part):
    schema_version: Annotated[str, Field(pattern=r"^1\.\d{1,6}$")]
    """Version of this schema."""
    is_drill: bool
    """Whether this is an exercise or a demonstration; the type says the same."""
    clock: ClockQuality = ClockQuality.NOT_KNOWN
    """How far the sender's times are to be believed; version 1.0 did not say it."""


class _Numbered(_Data):
    epoch: UUID
    """The ledger's epoch: a new one tells that messages of the one before may be missing."""
    sequence: Number
    """Counts the messages of an epoch from 1 without gaps, drills and daily figures included."""


class AlertData(_Numbered):
    """What an alert says."""

    kind: ReportKind
    """What the alert tells."""
    case: CaseData
    """Whose."""
    skin: SkinData
    """What the thermograph said."""
    body: tuple[BodyData, ...]
    """Second readings so far, oldest first."""
    handover: tuple[HandoverData, ...] = ()
    """Steps of the hand-over so far, oldest first."""
    registration: RegistrationData | None = None
    """What the traveller was asked; added by version 1.2."""
    outcome: CaseOutcome | None = None
    """What the clinic found; added by version 1.2."""


class RealAlertData(AlertData):
    """What a real alert says."""

    is_drill: Literal[False]


class DrillAlertData(AlertData):
    """What an exercise's alert says."""

    is_drill: Literal[True]


class ReasonCount(_Part):
    """How many were not measured for one reason."""

    reason: Text
    """The reason that was met first."""
    count: Number
    """How many."""


class CaseCounts(_Part):
    """Cases opened on the day, by the state they are in now."""

    opened: Count
    """All of them."""
    open: Count
    """Waiting for the second reading."""
    referred: Count
    """With a second reading, without verdict."""
    confirmed: Count
    """Fever confirmed."""
    cleared: Count
    """Not confirmed."""
    unresolved: Count
    """Left, or readings disagree."""
    closed: Count
    """Nothing is left to do."""

    @model_validator(mode="after")
    def _states_add_up(self) -> Self:
        states = self.open + self.referred + self.confirmed
        if self.opened != states + self.cleared + self.unresolved + self.closed:
            raise ValueError("the cases' states must add up to those opened")
        return self


class DailyReportData(_Numbered):
    """The figures of one local day: zero is a report, too. The latest of a day counts."""

    day: date
    """The local day."""
    time_zone: Text
    """The station's time zone (IANA)."""
    since: AwareDatetime
    """The day's beginning."""
    until: AwareDatetime
    """What came before this moment is counted."""
    is_complete: bool
    """Whether that is the day's end."""
    screened: Count
    """Passages: everybody who walked through."""
    below: Count
    """Below the threshold."""
    above: Count
    """At the threshold or above."""
    repeat: Count
    """Inside the guard band: to be measured again."""
    not_measured: Count
    """Not measured."""
    not_measured_reasons: tuple[ReasonCount, ...]
    """The same by reason."""
    cases: CaseCounts
    """Cases opened on the day."""

    @model_validator(mode="after")
    def _sums_reconcile(self) -> Self:
        if self.screened != self.below + self.above + self.repeat + self.not_measured:
            raise ValueError("the answers must add up to everybody screened")
        if self.not_measured != sum(part.count for part in self.not_measured_reasons):
            raise ValueError("the reasons must add up to those not measured")
        return self


class RealDailyReportData(DailyReportData):
    """The figures of one day."""

    is_drill: Literal[False]


class DrillDailyReportData(DailyReportData):
    """The figures of one day of an exercise."""

    is_drill: Literal[True]


class StationState(StrEnum):
    """Whether a station is there."""

    ONLINE = "online"
    """Connected, and every lane may measure."""
    ATTENTION = "attention"
    """Connected, and something needs a human."""
    OFFLINE = "offline"
    """It said goodbye."""
    LOST = "lost"
    """Its connection ended without a goodbye: the broker says this in its name."""


class LaneData(_Part):
    """One lane."""

    lane: Text
    """Its name."""
    is_measuring: bool
    """Whether somebody who came now would be measured."""
    reason: Text
    """Why not; empty when it measures."""


class StatusData(_Data):
    """Whether a station is there and measures; retained, sent at connect and on change only."""

    state: StationState
    """The whole in one word."""
    lanes: tuple[LaneData, ...]
    """Every lane; none when the station is not there."""
    is_ledger_writing: bool
    """Whether passages and cases become durable; if not, they wait in memory."""


class RealStatusData(StatusData):
    """A station's status."""

    is_drill: Literal[False]


class DrillStatusData(StatusData):
    """A station's status during an exercise."""

    is_drill: Literal[True]


class RejectedReport(_Part):
    """One message that the CDC refuses."""

    id: UUID
    """Which."""
    reason: Text
    """One sentence."""


class Receipt(_Part):
    """The CDC's answer: what is on its disk, and what it refuses."""

    schema_version: Annotated[str, Field(pattern=r"^1\.\d{1,6}$")] = SCHEMA_VERSION
    """Version of this schema."""
    stored: tuple[UUID, ...] = ()
    """Stored now."""
    duplicate: tuple[UUID, ...] = ()
    """Stored earlier, and come again."""
    rejected: tuple[RejectedReport, ...] = ()
    """Never to be stored."""

    @property
    def kept(self) -> tuple[UUID, ...]:
        """All that is on the CDC's disk."""
        return self.stored + self.duplicate


class _Event(_Part):
    specversion: Literal["1.0"]
    """CloudEvents version."""
    id: UUID
    """Whoever stores it drops what comes twice with one id and source."""
    source: Annotated[str, Field(max_length=250)]
    """Who says it."""
    type: str
    """What it is, with its major version."""
    time: AwareDatetime
    """When it was made, by the sender's clock."""
    datacontenttype: Literal["application/json"]
    """How `data` is written."""


class StationEvent(_Event):
    """A message of a station."""

    channel: ClassVar[Channel]

    source: Annotated[str, Field(max_length=250, pattern=SOURCE_PATTERN)]
    """`/fs/region/site/station`."""
    data: _Data
    """What it says."""

    @property
    def identity(self) -> StationIdentity:
        """The station that `source` names."""
        identity = StationIdentity.from_source(self.source)
        assert identity is not None  # noqa: S101 - the pattern says so
        return identity


class Alert(StationEvent):
    """One message about one case, real or of a drill."""

    type: Literal["org.fever-station.alert.v1", "org.fever-station.drill.alert.v1"]
    data: AlertData


class RealAlert(Alert):
    """One message about one case."""

    channel = Channel.ALERT
    type: Literal["org.fever-station.alert.v1"]
    data: RealAlertData


class DrillAlert(Alert):
    """One message about one case of an exercise: nobody has a fever."""

    channel = Channel.DRILL_ALERT
    type: Literal["org.fever-station.drill.alert.v1"]
    data: DrillAlertData


class DailyReport(StationEvent):
    """One day's figures, real or of a drill."""

    type: Literal["org.fever-station.report.v1", "org.fever-station.drill.report.v1"]
    data: DailyReportData


class RealDailyReport(DailyReport):
    """One day's figures."""

    channel = Channel.REPORT
    type: Literal["org.fever-station.report.v1"]
    data: RealDailyReportData


class DrillDailyReport(DailyReport):
    """One day's figures of an exercise."""

    channel = Channel.DRILL_REPORT
    type: Literal["org.fever-station.drill.report.v1"]
    data: DrillDailyReportData


class Status(StationEvent):
    """A station's status, real or in a drill."""

    type: Literal["org.fever-station.status.v1", "org.fever-station.drill.status.v1"]
    data: StatusData


class RealStatus(Status):
    """A station's status."""

    channel = Channel.STATUS
    type: Literal["org.fever-station.status.v1"]
    data: RealStatusData


class DrillStatus(Status):
    """A station's status during an exercise."""

    channel = Channel.DRILL_STATUS
    type: Literal["org.fever-station.drill.status.v1"]
    data: DrillStatusData


class ReceiptEvent(_Event):
    """The CDC's answer to a station's messages, real or drill."""

    channel: ClassVar[Channel] = Channel.RECEIPT

    source: Literal["/fs/cdc"]
    """The CDC."""
    type: Literal["org.fever-station.receipt.v1"]
    data: Receipt
    """What it says."""


STATION_EVENTS: Final[tuple[type[StationEvent], ...]] = (
    RealAlert,
    DrillAlert,
    RealDailyReport,
    DrillDailyReport,
    RealStatus,
    DrillStatus,
)
"""All that a station sends."""


def type_of(model: type[BaseModel]) -> str:
    """Return the `type` of a message with one form."""
    name: str = model.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    return name
