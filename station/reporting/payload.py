"""Messages to bytes and back. Hostile bytes give an error of one printable sentence."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, ValidationError

from station.core.errors import KnownError
from station.core.report import Channel
from station.reporting.messages.catalogue import STATION_EVENTS
from station.reporting.messages.envelope import CDC_SOURCE, SCHEMA_VERSION, StationEvent, type_of
from station.reporting.messages.receipt import Receipt, ReceiptEvent
from station.reporting.topics import StationIdentity

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
"""MQTT's content type. Source: CloudEvents MQTT binding 1.0.2, section 3.2."""
MAX_PAYLOAD_BYTES = 65_536
"""A longer message is refused unread; ours have about 1,000 bytes."""

_SHOWN_FAULTS = 3
_OWN_MAJOR = 1
_OWN_MINOR = int(SCHEMA_VERSION.partition(".")[2])
_TYPE = re.compile(r"(org\.fever-station\.(?:[a-z]+\.)*[a-z]+\.v)(\d{1,6})")
_MODELS: dict[str, type[StationEvent]] = {type_of(model): model for model in STATION_EVENTS}
_BY_CHANNEL: dict[Channel, type[StationEvent]] = {model.channel: model for model in STATION_EVENTS}


class PayloadError(KnownError):
    """Bytes that are no message, or not the one that belongs here.

    Attributes:
        report_id: the message's id where it can be read, so that its sender can be told.
    """

    def __init__(self, message: str, report_id: UUID | None = None) -> None:
        super().__init__(message)
        self.report_id = report_id


class NewerPayload(PayloadError):
    """A message of a newer version that we cannot read: keep its bytes until we are updated."""


class UnknownType(PayloadError):
    """A message of a type that nobody here knows: set it aside."""


class _Head(BaseModel):
    """As much as any version of any message has."""

    id: UUID | None = None
    type: str | None = None


class _HeadId(BaseModel):
    id: UUID


class _Version(BaseModel):
    schema_version: str


class _Versioned(BaseModel):
    data: _Version


def encode_event(
    model: type[StationEvent],
    identity: StationIdentity,
    *,
    event_id: UUID,
    at: datetime,
    data: BaseModel,
) -> bytes:
    """Return the bytes of a station's message: `data` in its envelope.

    Raises:
        pydantic.ValidationError: if `data` is not what this message carries; see `sendable`.
    """
    message = model.model_validate(
        {
            "specversion": "1.0",
            "type": type_of(model),
            "datacontenttype": "application/json",
            "id": event_id,
            "source": identity.source,
            "time": at,
            "data": data,
        }
    )
    return message.model_dump_json().encode()


@contextmanager
def sendable(event_id: UUID) -> Iterator[None]:
    """Turn values that a message does not allow into one sentence.

    Raises:
        PayloadError: instead of pydantic's error.
    """
    try:
        yield
    except ValidationError as error:
        raise PayloadError(
            f"The message cannot be sent ({_faults(error)}): call a technician.", event_id
        ) from error


def decode_event(payload: bytes, channel: Channel) -> StationEvent:
    """Return the message in these bytes; fields added by a newer minor version are left out.

    Args:
        payload: the bytes.
        channel: where they came from. A drill on a real channel is refused, and the reverse.

    Raises:
        NewerPayload: if their version is newer and they cannot be read.
        UnknownType: if their type is not known.
        PayloadError: if they are no message, or one of another channel.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise PayloadError(f"The message has {len(payload)} bytes, {MAX_PAYLOAD_BYTES} at most.")
    # Nearly all are of our own version and on their own channel: one reading is enough for them.
    with suppress(KeyError, ValidationError, ValueError, RecursionError):
        return _BY_CHANNEL[channel].model_validate_json(payload)
    head = _head(payload)
    model = _model(head, channel)
    try:
        event = model.model_validate_json(payload, extra="ignore")
        if _minor(payload) <= _OWN_MINOR:
            # An unknown field in a version that we know is no later addition, but a fault.
            model.model_validate_json(payload)
    except (ValidationError, ValueError, RecursionError) as error:
        if head.id is not None and _minor(payload) > _OWN_MINOR:
            raise NewerPayload("The message has a newer version.", head.id) from error
        raise PayloadError(
            f"The message is no {channel.value} ({_faults(error)}).", head.id
        ) from error
    return event


def encode_receipt(receipt: Receipt, *, event_id: UUID, at: datetime) -> bytes:
    """Return the bytes of a receipt."""
    event = ReceiptEvent(
        specversion="1.0",
        id=event_id,
        source=CDC_SOURCE,
        type="org.fever-station.receipt.v1",
        time=at,
        datacontenttype="application/json",
        data=receipt,
    )
    return event.model_dump_json().encode()


def decode_receipt(payload: bytes) -> Receipt:
    """Return the receipt in these bytes; fields that we do not know are left out.

    Raises:
        PayloadError: if they are no receipt.
    """
    return _decoded(ReceiptEvent, payload, "receipt").data


_Model = TypeVar("_Model", bound=BaseModel)


def _decoded(model: type[_Model], payload: bytes, name: str) -> _Model:
    try:
        return model.model_validate_json(payload, extra="ignore")
    except (ValidationError, ValueError, RecursionError) as error:
        raise PayloadError(f"The message is no {name} ({_faults(error)}).") from error


def _head(payload: bytes) -> _Head:
    try:
        return _decoded(_Head, payload, "CloudEvent")
    except PayloadError as unreadable:
        raise PayloadError(str(unreadable), _id_alone(payload)) from unreadable


def _id_alone(payload: bytes) -> UUID | None:
    try:
        return _decoded(_HeadId, payload, "CloudEvent").id
    except PayloadError:
        return None


def _model(head: _Head, channel: Channel) -> type[StationEvent]:
    match = _TYPE.fullmatch(head.type or "")
    if match is None:
        raise UnknownType("The message's type is not one of a fever station's.", head.id)
    model = _MODELS.get(f"{match[1]}{_OWN_MAJOR}")
    if model is None:
        raise UnknownType(f"The message's type {match[0]} is not known.", head.id)
    if model.channel is not channel:
        raise PayloadError(
            f"The message is of type {match[0]} and came by the topic of {channel.value}.", head.id
        )
    if int(match[2]) > _OWN_MAJOR and head.id is not None:
        raise NewerPayload(f"The message has version {int(match[2])}.", head.id)
    if int(match[2]) != _OWN_MAJOR:
        raise PayloadError(f"The message's version {match[2]} is not known.", head.id)
    return model


def _minor(payload: bytes) -> int:
    """Return the minor version that the bytes name; 0 if they name none."""
    try:
        text = _Versioned.model_validate_json(payload).data.schema_version
    except (ValidationError, ValueError, RecursionError):
        return 0
    match = re.fullmatch(r"1\.(\d{1,6})", text, re.ASCII)
    return int(match[1]) if match else 0


def _faults(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return type(error).__name__
    # Never the input itself: hostile bytes must not reach logs, receipts or terminals.
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "faulty: " + ", ".join(_places(faults))


def _places(faults: Iterable[Any]) -> list[str]:
    places = (
        "/".join(str(part) for part in fault["loc"])[:60] or fault["type"] for fault in faults
    )
    return [_printable(place) for _, place in zip(range(_SHOWN_FAULTS), places, strict=False)]


def _printable(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode().replace("\x00", "")
