"""The message to the CDC and its receipt: the one place that says what they hold.

An alert is a CloudEvents 1.0 message in structured JSON. `type` ends in the major version;
`data.schema_version` counts what was added since. Source: CloudEvents 1.0.2, section "Context
Attributes".
"""

import re
from contextlib import suppress
from typing import Annotated, Final, Literal, Self, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from station.core.cases import CaseState, TrustClass
from station.core.errors import KnownError
from station.core.report import BodyFinding, Report, ReportKind, SkinFinding
from station.core.screening import Outcome
from station.reporting.topics import StationIdentity

ALERT_TYPE: Final = "org.fever-station.alert.v1"
"""What an alert is, with its major version."""
SCHEMA_VERSION = "1.0"
"""The version that this program writes."""
MAX_PAYLOAD_BYTES = 65_536
"""A longer message is refused unread; ours have about 1,000 bytes."""

_SHOWN_FAULTS = 3
_MAJOR = re.compile(r"org\.fever-station\.alert\.v(\d{1,6})")
_OWN_MAJOR = 1


class PayloadError(KnownError):
    """Bytes that are no alert, or no receipt.

    Attributes:
        report_id: the message's id where it can be read, so that its sender can be told.
    """

    def __init__(self, message: str, report_id: UUID | None = None) -> None:
        super().__init__(message)
        self.report_id = report_id


class NewerPayload(PayloadError):
    """An alert of a newer major version: keep its bytes until the program is updated."""


def _is_source(source: str) -> str:
    if StationIdentity.from_source(source) is None:
        raise ValueError("must be /fs/region/site/station")
    return source


# Without control characters: it ends on terminals.
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Celsius = Annotated[float, Field(allow_inf_nan=False, ge=-100, le=300)]
Uncertainty = Annotated[float, Field(allow_inf_nan=False, ge=0, le=100)]
Count = Annotated[int, Field(ge=1, le=2**53)]


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class SkinData(_Message):
    """What the thermograph said: a temperature of the skin's surface, never of the body."""

    skin_surface_temperature_c: Celsius | None
    """Skin surface, °C; None when not measured."""
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


class BodyData(_Message):
    """One second reading: a clinical thermometer's body temperature."""

    body_temperature_c: Celsius
    """Body, °C."""
    taken_at: AwareDatetime
    """When."""
    device_id: Text
    """Which thermometer."""
    trust: TrustClass = TrustClass.FOREHEAD
    """What kind of thermometer: how far the reading may decide."""


class CaseData(_Message):
    """The case, without identity."""

    case_id: UUID
    """Its key."""
    number: Count
    """The short number that staff call out."""
    state: CaseState
    """Where it stands."""
    lane: Text
    """Where."""
    flagged_at: AwareDatetime
    """When the flag was raised."""


class AlertData(_Message):
    """What an alert says."""

    schema_version: Annotated[str, Field(pattern=r"^1\.\d{1,6}$")]
    """Version of this schema."""
    epoch: UUID
    """The ledger's epoch."""
    sequence: Count
    """Counts the messages of an epoch from 1 without gaps."""
    is_drill: bool
    """Whether this is an exercise or a demonstration."""
    kind: ReportKind
    """What the alert tells."""
    case: CaseData
    """Whose."""
    skin: SkinData
    """What the thermograph said."""
    body: tuple[BodyData, ...]
    """Second readings so far, oldest first."""


class Alert(_Message):
    """One message about one case, as CloudEvent."""

    specversion: Literal["1.0"]
    """CloudEvents version."""
    id: UUID
    """The report's id: whoever stores it drops what comes twice."""
    source: Annotated[str, Field(max_length=250), AfterValidator(_is_source)]
    """`/fs/region/site/station`."""
    type: Literal["org.fever-station.alert.v1"]
    """What it is."""
    time: AwareDatetime
    """When the report was made."""
    datacontenttype: Literal["application/json"]
    """How `data` is written."""
    data: AlertData
    """What it says."""

    @property
    def identity(self) -> StationIdentity:
        """The station that `source` names."""
        identity = StationIdentity.from_source(self.source)
        assert identity is not None  # noqa: S101 - validated above
        return identity


class RejectedReport(_Message):
    """One message that the CDC refuses."""

    id: UUID
    """Which."""
    reason: Text
    """One sentence."""


class Receipt(_Message):
    """The CDC's answer: what is stored on its disk, and what it refuses."""

    type: Literal["org.fever-station.receipt.v1"] = "org.fever-station.receipt.v1"
    """What it is."""
    stored: tuple[UUID, ...] = ()
    """Stored now or earlier."""
    rejected: tuple[RejectedReport, ...] = ()
    """Never to be stored."""


class _Head(BaseModel):
    """As much as any version of the message has."""

    id: UUID | None = None
    type: str | None = None


class _HeadId(BaseModel):
    id: UUID


def encode_report(
    report: Report, identity: StationIdentity, epoch: UUID, sequence: int, *, is_drill: bool
) -> bytes:
    """Return the bytes that the outbox keeps and sends, every time the same.

    Raises:
        PayloadError: if a value of the report is outside what the message allows.
    """
    try:
        alert = Alert(
            specversion="1.0",
            type=ALERT_TYPE,
            datacontenttype="application/json",
            id=report.report_id,
            source=identity.source,
            time=report.reported_at,
            data=AlertData(
                schema_version=SCHEMA_VERSION,
                epoch=epoch,
                sequence=sequence,
                is_drill=is_drill,
                kind=report.kind,
                case=CaseData(
                    case_id=report.case_id,
                    number=report.case_number,
                    state=report.case_state,
                    lane=report.lane,
                    flagged_at=report.flagged_at,
                ),
                skin=_skin_data(report.skin),
                body=tuple(_body_data(finding) for finding in report.body),
            ),
        )
    except ValidationError as error:
        raise PayloadError(
            f"The report cannot be sent ({_faults(error)}): call a technician.", report.report_id
        ) from error
    return alert.model_dump_json().encode()


def decode_report(payload: bytes) -> Alert:
    """Return the alert in these bytes; fields added by a newer minor version are left out.

    Raises:
        NewerPayload: if they are an alert of a newer major version.
        PayloadError: if they are no alert.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise PayloadError(f"The message has {len(payload)} bytes, {MAX_PAYLOAD_BYTES} at most.")
    # Nearly all are of our own version: one reading is enough for them.
    with suppress(ValidationError, ValueError, RecursionError):
        return Alert.model_validate_json(payload)
    try:
        alert = Alert.model_validate_json(payload, extra="ignore")
        if alert.data.schema_version == SCHEMA_VERSION:
            Alert.model_validate_json(payload)
    except (ValidationError, ValueError, RecursionError) as error:
        raise _refusal(payload, error) from error
    return alert


def encode_receipt(receipt: Receipt) -> bytes:
    """Return the bytes of a receipt."""
    return receipt.model_dump_json().encode()


def decode_receipt(payload: bytes) -> Receipt:
    """Return the receipt in these bytes; fields that we do not know are left out.

    Raises:
        PayloadError: if they are no receipt.
    """
    receipt = _decoded(Receipt, payload, "receipt")
    if "type" not in receipt.model_fields_set:
        raise PayloadError("The message is no receipt (faulty: type).")
    return receipt


_Model = TypeVar("_Model", bound=BaseModel)


def _decoded(model: type[_Model], payload: bytes, name: str) -> _Model:
    try:
        return model.model_validate_json(payload, extra="ignore")
    except (ValidationError, ValueError, RecursionError) as error:
        raise PayloadError(f"The message is no {name} ({_faults(error)}).") from error


def _refusal(payload: bytes, error: Exception) -> PayloadError:
    try:
        head = _decoded(_Head, payload, "alert")
    except PayloadError as unreadable:
        return PayloadError(str(unreadable), _id_alone(payload))
    major = _MAJOR.fullmatch(head.type or "")
    if major is not None and int(major[1]) > _OWN_MAJOR and head.id is not None:
        return NewerPayload(f"The message has version {int(major[1])}.", head.id)
    return PayloadError(f"The message is no alert ({_faults(error)}).", head.id)


def _id_alone(payload: bytes) -> UUID | None:
    try:
        return _decoded(_HeadId, payload, "alert").id
    except PayloadError:
        return None


def _faults(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return type(error).__name__
    # Never the input itself: hostile bytes must not reach logs, receipts or terminals.
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    places = (
        "/".join(str(part) for part in fault["loc"])[:60] or fault["type"] for fault in faults
    )
    return "faulty: " + ", ".join(
        _printable(place) for _, place in zip(range(_SHOWN_FAULTS), places, strict=False)
    )


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\x00", "")


def _skin_data(skin: SkinFinding) -> SkinData:
    return SkinData(
        skin_surface_temperature_c=skin.skin_c,
        standard_uncertainty_c=skin.u_c,
        site=skin.site,
        outcome=Outcome(skin.outcome),
        reasons=skin.reasons,
        policy_id=skin.policy_id,
    )


def _body_data(finding: BodyFinding) -> BodyData:
    return BodyData(
        body_temperature_c=finding.body_c,
        taken_at=finding.taken_at,
        device_id=finding.device_id,
        trust=finding.trust,
    )
