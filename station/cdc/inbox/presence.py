"""Whether stations are there: what they, or their last wills, say retained at the broker."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Annotated, Any, Literal

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from station.core.errors import KnownError
from station.reporting.topics import StationIdentity

_log = logging.getLogger(__name__)

STATUS_TOPICS = ("fs/v1/+/+/+/status", "fs/v1/+/+/+/drill/status")
"""Where stations say how they are."""

_KEEPALIVE_S = 15
_RECONNECT_S = (1, 10)
_IDENTITY_PARTS = slice(2, 5)
_LONGEST_PAYLOAD = 65_536
_MOST_STATIONS = 10_000

_Text = Annotated[str, Field(max_length=200)]


class _Lane(BaseModel):
    lane: _Text
    is_measuring: bool
    reason: _Text = ""


class _Status(BaseModel):
    state: Literal["online", "attention", "offline", "lost"]
    lanes: tuple[_Lane, ...] = ()
    is_ledger_writing: bool = True


class _Event(BaseModel):
    data: _Status
    time: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class LanePresence:
    """One lane."""

    lane: str
    """Its name."""
    is_measuring: bool
    """Whether it measures."""
    reason: str
    """Why not, as stored value; empty when it measures."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether one station is there."""

    state: str
    """`online`, `attention`, `offline` or `lost`."""
    since: datetime | None
    """Since when, aware; None if it was so before we looked."""
    lanes: tuple[LanePresence, ...] = ()
    """Its lanes, as far as it tells."""
    is_ledger_writing: bool = True
    """Whether what it measures becomes durable."""

    @property
    def is_there(self) -> bool:
        """Whether it is connected."""
        return self.state in ("online", "attention")


def decode_status(payload: bytes, received_at: datetime, *, is_retained: bool) -> Presence | None:
    """Return what a status says, or None if it is none.

    A station's first version says its state alone, later ones a whole event.

    Args:
        payload: as it came.
        received_at: when, aware.
        is_retained: whether the broker had kept it since before we asked.
    """
    if len(payload) > _LONGEST_PAYLOAD:
        return None
    try:
        event = _Event.model_validate_json(payload)
    except ValidationError:
        try:
            event = _Event(data=_Status.model_validate_json(payload))
        except ValidationError:
            return None
    status = event.data
    # A last will was written when the station connected: its own time says nothing.
    told_at = None if status.state == "lost" else event.time
    return Presence(
        state=status.state,
        since=told_at if is_retained else received_at,
        lanes=tuple(LanePresence(one.lane, one.is_measuring, one.reason) for one in status.lanes),
        is_ledger_writing=status.is_ledger_writing,
    )


class PresenceWatch:
    """Listens to the broker on paho's thread and remembers the last word of each station.

    Nothing is stored: the broker keeps each station's status for whoever asks.

    Raises:
        KnownError: if the address cannot be used at all.
    """

    def __init__(self, host: str, port: int, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = Lock()
        self._known: dict[StationIdentity, Presence] = {}
        self._changes = 0
        self._is_connected = False
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        client.reconnect_delay_set(*_RECONNECT_S)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        self._client = client
        try:
            client.connect_async(host, port, _KEEPALIVE_S)
        except ValueError as error:
            raise KnownError(
                f"The broker's address {host}:{port} cannot be used: {error}."
            ) from error
        client.loop_start()

    @property
    def changes(self) -> int:
        """Counts what has been heard, so that others see that there is news."""
        return self._changes

    def known(self) -> dict[StationIdentity, Presence] | None:
        """Return the last word of each station; None while the broker does not answer."""
        with self._lock:
            return dict(self._known) if self._is_connected else None

    def close(self) -> None:
        """End the connection."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self, client: Client, _: Any, flags: object, code: ReasonCode, props: object
    ) -> None:
        if code.is_failure:
            _log.warning("the broker refuses the inbox page: %s", code)
            return
        with self._lock:
            # What was heard before may have changed meanwhile; the broker tells it all again.
            self._known.clear()
            self._is_connected = True
            self._changes += 1
        client.subscribe([(topic, 1) for topic in STATUS_TOPICS])

    def _on_disconnect(
        self, client: Client, _: Any, flags: object, code: ReasonCode, props: object
    ) -> None:
        with self._lock:
            self._is_connected = False
            self._changes += 1

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        try:
            identity = StationIdentity(*message.topic.split("/")[_IDENTITY_PARTS])
        except (KnownError, TypeError, UnicodeDecodeError):
            return
        heard = decode_status(bytes(message.payload), self._now(), is_retained=message.retain)
        if heard is None:
            return
        with self._lock:
            before = self._known.get(identity)
            if before is None and len(self._known) >= _MOST_STATIONS:
                return
            if before is not None and before.state == heard.state:
                heard = replace(heard, since=before.since)
            self._known[identity] = heard
            self._changes += 1
