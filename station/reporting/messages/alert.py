"""An alert: one message about one case, without identity but for what is sealed for the CDC."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from station.core.cases import BodySite, CaseOutcome, CaseState, HandoverStep, TrustClass
from station.core.registration import Exposure, HubKind, Medicine, Symptom
from station.core.report import Channel, ReportKind
from station.core.screening import Outcome
from station.reporting.messages.envelope import (
    Celsius,
    Count,
    Number,
    NumberedData,
    Part,
    StationEvent,
    Text,
    Uncertainty,
)


class SkinData(Part):
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


class BodyData(Part):
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


class HandoverData(Part):
    """One step of the hand-over to the emergency service."""

    step: HandoverStep
    """How far it came."""
    at: AwareDatetime
    """When."""
    to: Text
    """The emergency service or the clinic, never a person; empty if nobody was named."""


class RegistrationData(Part):
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


class CaseData(Part):
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


class SealedPerson(Part):
    """Who the traveller is, for the CDC alone: taken, told and deleted by a rule of the site."""

    jwe: Annotated[str, Field(max_length=8192, pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*){4}$")]
    """Compact JWE (RFC 7516, ECDH-ES+A256KW, A256GCM) of a JSON object that names this alert."""
    delete_at: AwareDatetime
    """When whoever keeps it must have deleted it, by the sender's clock."""


class AlertData(NumberedData):
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
    person_sealed: SealedPerson | None = Field(default=None, exclude_if=lambda one: one is None)
    """Who the traveller is, where a rule of the site lets the CDC be told; added by version 1.3."""


class RealAlertData(AlertData):
    """What a real alert says."""

    is_drill: Literal[False]


class DrillAlertData(AlertData):
    """What an exercise's alert says."""

    is_drill: Literal[True]
    person_sealed: None = Field(default=None, exclude_if=lambda one: one is None)
    """An exercise has nobody's identity."""


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
