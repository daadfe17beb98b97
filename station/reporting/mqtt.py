"""A thin MQTT 5 client: one object for each connection, no memory of its own that matters."""

import logging
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from station.core.errors import KnownError
from station.core.report import Channel, Encoded
from station.reporting.clients import guarded, without_delay
from station.reporting.express import Acks, ExpressClient, packed_properties
from station.reporting.payload import CONTENT_TYPE
from station.reporting.signing import SIGNATURE_PROPERTY, SigningKey, signature_among
from station.reporting.tls import TlsFiles, failure_log, tls_sentence
from station.reporting.topics import StationIdentity

_log = logging.getLogger(__name__)

KEEPALIVE_S = 15
"""The broker tells a station lost after one and a half times as many silent seconds."""
_CONNECT_TIMEOUT_S = 5.0
_CLOSE_TIMEOUT_S = 2.0
_TAKEN_OVER = 0x8E
# CONNACK and DISCONNECT codes that trying again does not mend.
_REFUSALS = frozenset({0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C, _TAKEN_OVER})


class Ready(NamedTuple):
    """Connected, and subscribed to the receipts."""

    receive_maximum: int | None


class Acknowledged(NamedTuple):
    """The broker acknowledged a packet."""

    mid: int
    reason_code: int


class Received(NamedTuple):
    """A message on the receipt topic, not checked yet."""

    payload: bytes
    signature: str | None = None


class Down(NamedTuple):
    """The connection ended, or never came about."""

    text: str
    is_refusal: bool


SinkEvent = Ready | Acknowledged | Received | Down


class MqttSink:
    """The station's end of the broker's connection.

    Nothing but connect() starts a connection, and a lost one stays lost until it is called again:
    paho's own reconnecting would send again what the outbox sends again as well.

    Args:
        identity: the station; also its name at the broker.
        host: the broker's name or address.
        port: its port.
        tls: certificate and key; None connects without TLS.
        signing_key: signs each message; None sends them unsigned.
    """

    def __init__(
        self,
        identity: StationIdentity,
        host: str,
        port: int,
        *,
        tls: TlsFiles | None = None,
        signing_key: SigningKey | None = None,
    ) -> None:
        self._identity = identity
        self._host = host
        self._port = port
        self._tls = tls
        self._signing_key = signing_key
        self._connection: _Connection | None = None

    def connect(self, wake: Event, will: Encoded) -> None:
        """Start a new connection; its outcome comes out of poll(), and sets `wake`.

        Args:
            wake: set whenever something happens.
            will: the status that the broker publishes if the connection ends without a goodbye.
        """
        self.disconnect()
        self._connection = _Connection(
            self._identity,
            self._host,
            self._port,
            wake=wake,
            will=(will, self._signed(will.payload)),
            tls=self._tls,
        )

    def poll(self) -> list[SinkEvent]:
        """Return what happened on the current connection since the last call."""
        return self._connection.take() if self._connection else []

    def publish(self, messages: Sequence[tuple[Channel, bytes]]) -> list[int] | None:
        """Hand messages to the broker; return their packet numbers, or None if that fails."""
        if self._connection is None:
            return None
        signed = [(channel, payload, self._signed(payload)) for channel, payload in messages]
        return self._connection.publish(signed)

    def tell(self, status: Encoded) -> None:
        """Publish the status, retained; one that is lost is followed by the will."""
        if self._connection is not None:
            self._connection.tell(status, self._signed(status.payload))

    def disconnect(self) -> None:
        """Take the will back and end the connection; doing so twice is safe."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _signed(self, payload: bytes) -> str | None:
        return self._signing_key.sign(payload) if self._signing_key else None


class _Connection:
    def __init__(
        self,
        identity: StationIdentity,
        host: str,
        port: int,
        *,
        wake: Event,
        will: tuple[Encoded, str | None],
        tls: TlsFiles | None,
    ) -> None:
        self._identity = identity
        self._address = f"{host}:{port}"
        self._wake = wake
        self._tls = tls
        self._tls_reason: str | None = None
        self._events: SimpleQueue[SinkEvent] = SimpleQueue()
        self._receive_maximum: int | None = None
        self._down: Down | None = None
        self._is_ready = False
        self._is_closing = False
        self._topics = {channel: identity.topic(channel).encode() for channel in Channel}
        client = ExpressClient(
            CallbackAPIVersion.VERSION2,
            client_id=identity.station,
            protocol=MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = _CONNECT_TIMEOUT_S
        lost, signature = will
        client.will_set(
            identity.topic(lost.channel),
            lost.payload,
            qos=1,
            retain=True,
            properties=_properties(signature, PacketTypes.WILLMESSAGE),
        )
        client.on_socket_open = without_delay
        client.on_connect = guarded(self._on_connect)
        client.on_subscribe = guarded(self._on_subscribe)
        client.on_acks = guarded(self._on_acks)
        client.on_message = guarded(self._on_message)
        client.on_disconnect = guarded(self._on_disconnect)
        client.enable_logger(failure_log(self._note_tls))
        self._client = client
        self._thread = Thread(target=self._run, args=(host, port), name="mqtt", daemon=True)
        self._thread.start()

    def take(self) -> list[SinkEvent]:
        taken: list[SinkEvent] = []
        with suppress(Empty):
            while True:
                taken.append(self._events.get_nowait())
        return taken

    def publish(self, messages: Sequence[tuple[Channel, bytes, str | None]]) -> list[int] | None:
        express = self._client.express
        if express is None:
            return None
        return express.publish(
            [
                (self._topics[channel], packed_properties(signature), payload)
                for channel, payload, signature in messages
            ]
        )

    def tell(self, status: Encoded, signature: str | None) -> None:
        # QoS 0: it takes no place in the window.
        topic = self._identity.topic(status.channel)
        properties = _properties(signature)
        self._client.publish(topic, status.payload, retain=True, properties=properties)

    def close(self) -> None:
        self._is_closing = True
        self._client.disconnect()
        # A thread inside connect() ends by itself after the connect timeout.
        self._thread.join(_CLOSE_TIMEOUT_S if self._is_ready else 0)

    def _run(self, host: str, port: int) -> None:
        down = Down(f"The broker at {self._address} hung up.", False)
        try:
            if self._tls is not None:
                self._client.tls_set_context(self._tls.context(self._identity.station))
            self._client.connect(host, port, KEEPALIVE_S, clean_start=True)
            if not self._is_closing:
                self._client.loop_forever()
            down = self._down or down
            if self._tls_reason is not None:
                down = Down(tls_sentence(self._tls_reason, self._address), True)
        except KnownError as error:
            down = Down(str(error), True)
        except ssl.SSLError as error:
            down = Down(tls_sentence(error, self._address), True)
        except OSError as error:
            down = Down(_sentence(error, self._address), False)
        except ValueError as error:
            down = Down(f"The broker's address {self._address} cannot be used: {error}.", True)
        finally:
            # Also when hostile bytes break paho itself: the link must not wait for ever.
            self._is_ready = False
            self._put(down)

    def _note_tls(self, reason: str) -> None:
        self._tls_reason = reason

    def _put(self, event: SinkEvent) -> None:
        self._events.put(event)
        self._wake.set()

    def _end(self, text: str, *, is_refusal: bool) -> None:
        if self._down is None:
            self._down = Down(text, is_refusal)
        self._client.disconnect()

    def _on_connect(
        self,
        client: Client,
        _: Any,
        flags: ConnectFlags,
        code: ReasonCode,
        props: Properties | None,
    ) -> None:
        if code.is_failure:
            self._end(
                f"The broker at {self._address} refuses this station ({code}): check its name "
                "and its access at the broker.",
                is_refusal=code.value in _REFUSALS,
            )
            return
        self._receive_maximum = getattr(props, "ReceiveMaximum", None)
        client.subscribe(self._identity.receipt_topic, qos=1)

    def _on_subscribe(
        self, client: Client, _: Any, mid: int, codes: list[ReasonCode], props: Properties | None
    ) -> None:
        if any(code.is_failure for code in codes):
            self._end(
                f"The broker at {self._address} does not let this station read "
                f"{self._identity.receipt_topic}: correct its access at the broker.",
                is_refusal=True,
            )
            return
        self._is_ready = True
        self._put(Ready(self._receive_maximum))

    def _on_acks(self, acks: Acks) -> None:
        for mid, reason_code in acks:
            self._events.put(Acknowledged(mid, reason_code))
        self._wake.set()

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", ())
        self._put(Received(bytes(message.payload), signature_among(pairs)))

    def _on_disconnect(
        self,
        client: Client,
        _: Any,
        flags: DisconnectFlags,
        code: ReasonCode,
        props: Properties | None,
    ) -> None:
        if self._down is None and code.value == _TAKEN_OVER:
            text = (
                f"Another station connects as '{self._identity.station}': give each its own "
                "station_id."
            )
            self._down = Down(text, True)
        elif self._down is None and flags.is_disconnect_packet_from_server:
            self._down = Down(
                f"The broker at {self._address} ended the connection ({code}).",
                code.value in _REFUSALS,
            )
        elif self._down is None:
            self._down = Down(f"The connection to the broker at {self._address} is lost.", False)


def _properties(signature: str | None, packet: int = PacketTypes.PUBLISH) -> Properties:
    """Return what tells a receiver that the bytes are a CloudEvent in UTF-8, and who made them."""
    properties = Properties(packet)  # type: ignore[no-untyped-call]
    properties.ContentType = CONTENT_TYPE
    properties.PayloadFormatIndicator = 1
    if signature is not None:
        properties.UserProperty = (SIGNATURE_PROPERTY, signature)
    return properties


def _sentence(error: OSError, address: str) -> str:
    where = "check that it runs, and host and port in [link]"
    match error:
        case ConnectionRefusedError():
            return f"No broker answers at {address}: {where}."
        case socket.gaierror():
            return f"The broker's name in {address} is unknown: check host in [link], and the DNS."
        case TimeoutError():
            return f"The broker at {address} does not answer in time: {where}."
        case _:
            return (
                f"The broker at {address} cannot be reached ({error.strerror or error}): {where}."
            )
