"""Whether stations are there: what they, or their last wills, say retained at the broker."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.reasoncodes import ReasonCode

from station.cdc.trust import Refusals, StationKeys
from station.core.errors import KnownError
from station.core.report import Channel
from station.reporting.messages.status import StationState, Status
from station.reporting.payload import decode_event
from station.reporting.signing import SignatureError, signature_among
from station.reporting.tls import TlsFiles
from station.reporting.topics import StationIdentity, channel_of

_log = logging.getLogger(__name__)

_CHANNELS = (Channel.STATUS, Channel.DRILL_STATUS)

STATUS_TOPICS = tuple(f"fs/v1/+/+/+/{channel}" for channel in _CHANNELS)
"""Where stations say how they are."""

_KEEPALIVE_S = 15
_RECONNECT_S = (1, 10)
_MOST_STATIONS = 10_000


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

    state: StationState
    """The whole in one word."""
    since: datetime | None
    """Since when, aware; None if it was so before we looked."""
    lanes: tuple[LanePresence, ...] = ()
    """Its lanes, as far as it tells."""
    is_ledger_writing: bool = True
    """Whether what it measures becomes durable."""
    is_drill: bool = False
    """Whether this is an exercise."""


def read_status(
    topic: str, payload: bytes, received_at: datetime, *, is_retained: bool
) -> tuple[StationIdentity, Presence] | None:
    """Return whose status it is and what it says, or None if it is none.

    Args:
        topic: where it came from.
        payload: as it came.
        received_at: when, aware.
        is_retained: whether the broker had kept it since before we asked.
    """
    channel = channel_of(topic)
    if channel not in _CHANNELS:
        return None
    try:
        event = decode_event(payload, channel)
    except KnownError as error:
        _log.info("a status was not understood: %s", error)
        return None
    if not isinstance(event, Status) or StationIdentity.from_topic(topic) != event.identity:
        return None
    status = event.data
    # A last will was written when the station connected: its own time says nothing.
    told_at = None if status.state is StationState.LOST else event.time
    return event.identity, Presence(
        state=status.state,
        since=told_at if is_retained else received_at,
        lanes=tuple(LanePresence(one.lane, one.is_measuring, one.reason) for one in status.lanes),
        is_ledger_writing=status.is_ledger_writing,
        is_drill=status.is_drill,
    )


class Roll:
    """The last word of each station, in earnest and in an exercise apart.

    Args:
        most: how many are kept; whoever the broker lets in could make up stations without end.
    """

    def __init__(self, most: int = _MOST_STATIONS) -> None:
        self._most = most
        self._known: dict[tuple[bool, StationIdentity], Presence] = {}

    def take(self, identity: StationIdentity, presence: Presence) -> bool:
        """Take what a station says; return whether there was room for it.

        Who says the same again has been so since it was said first.
        """
        key = (presence.is_drill, identity)
        before = self._known.get(key)
        if before is None and len(self._known) >= self._most:
            return False
        if before is not None and before.state is presence.state:
            presence = replace(presence, since=before.since)
        self._known[key] = presence
        return True

    def clear(self) -> None:
        """Forget everything."""
        self._known.clear()

    def stations(self) -> dict[StationIdentity, Presence]:
        """Return each station; what it says in earnest comes before what it says in an exercise."""
        drills_first = sorted(self._known.items(), key=lambda item: not item[0][0])
        return {identity: presence for (_, identity), presence in drills_first}


class PresenceWatch:
    """Listens to the broker on paho's thread and remembers the last word of each station.

    Nothing is stored: the broker keeps each station's status for whoever asks.

    Args:
        host: the broker.
        port: its port.
        now: the CDC's clock, aware.
        tls: certificate and key, a receiver's; None connects without TLS.
        keys: which stations are believed; None believes whoever the broker let in.

    Raises:
        KnownError: if the address or the certificate cannot be used at all.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        now: Callable[[], datetime],
        tls: TlsFiles | None = None,
        keys: StationKeys | None = None,
    ) -> None:
        self._now = now
        self._keys = keys
        self._refusals = Refusals()
        self._lock = Lock()
        self._roll = Roll()
        self._changes = 0
        self._is_connected = False
        name = tls.name() if tls else ""
        client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTv5)
        if tls is not None:
            client.tls_set_context(tls.context(name))
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
            return self._roll.stations() if self._is_connected else None

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
            self._roll.clear()
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
        payload, at = bytes(message.payload), self._now()
        if not self._is_believed(message, payload):
            return
        heard = read_status(message.topic, payload, at, is_retained=message.retain)
        if heard is None:
            return
        with self._lock:
            self._changes += self._roll.take(*heard)

    def _is_believed(self, message: MQTTMessage, payload: bytes) -> bool:
        if self._keys is None:
            return True
        station = StationIdentity.from_topic(message.topic)
        pairs = getattr(message.properties, "UserProperty", ())
        try:
            if station is None:
                raise SignatureError("The topic is not one of a station.")
            self._keys.check(payload, signature_among(pairs), station)
        except SignatureError as error:
            self._refusals.note(str(error), message.topic)
            return False
        return True
