"""The receiver's connection: a kept session, and messages acknowledged by hand."""

import logging
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from station.core.errors import KnownError
from station.reporting.signing import SIGNATURE_PROPERTY
from station.reporting.tls import TlsFiles, tls_reason, tls_sentence
from station.reporting.topics import CDC_TOPICS

_log = logging.getLogger(__name__)

_KEEPALIVE_S = 15
_CONNECT_TIMEOUT_S = 5.0
_SESSION_EXPIRY_S = 24 * 3600
_RECEIVE_MAXIMUM = 500
_IN_FLIGHT = 20
_QUEUE_SIZE = 1000


class Arrived(NamedTuple):
    """One message, not acknowledged yet."""

    topic: str
    payload: bytes
    mid: int
    qos: int
    signature: str | None = None


class ReceiverConnection:
    """One connection to the broker, from connect to its end; never used twice.

    A packet number means nothing on another connection: acknowledging late would acknowledge
    somebody else's message. So the queue belongs to the connection and dies with it.
    """

    def __init__(
        self, host: str, port: int, client_id: str, *, tls: TlsFiles | None = None
    ) -> None:
        self._address = f"{host}:{port}"
        self._client_id = client_id
        self._tls = tls
        self._tls_reason: str | None = None
        self._queue: Queue[Arrived] = Queue(_QUEUE_SIZE)
        self._fault: str | None = None
        self.is_subscribed = Event()
        self.is_over = Event()
        self.fault = ""
        """One sentence once `is_over` is set."""
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=client_id,
            protocol=MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(_IN_FLIGHT)
        client.on_socket_open = _without_delay
        client.on_connect = self._guarded(self._on_connect)
        client.on_subscribe = self._guarded(self._on_subscribe)
        client.on_message = self._guarded(self._on_message)
        client.on_disconnect = self._guarded(self._on_disconnect)
        client.on_log = self._guarded(self._on_log)
        self._client = client
        self._thread = Thread(target=self._run, args=(host, port), name="mqtt", daemon=True)
        self._thread.start()

    def take(self, timeout_s: float) -> Arrived | None:
        """Return the next message, or None if none comes in time."""
        try:
            return self._queue.get(timeout=timeout_s)
        except Empty:
            return None

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a receipt; one that is lost is asked for again by the station's resending."""
        self._client.publish(topic, payload, qos=1)

    def acknowledge(self, messages: list[Arrived]) -> None:
        """Tell the broker that these are stored."""
        for message in messages:
            self._client.ack(message.mid, message.qos)

    def close(self) -> None:
        """End the connection; the session stays at the broker."""
        self.is_over.set()
        self._client.disconnect()
        self._thread.join(2.0)

    def _run(self, host: str, port: int) -> None:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        # Without an expiry the broker forgets the session at once, clean_start or not.
        properties.SessionExpiryInterval = _SESSION_EXPIRY_S
        properties.ReceiveMaximum = _RECEIVE_MAXIMUM
        fault = f"The broker at {self._address} hung up: connecting again."
        try:
            if self._tls is not None:
                self._client.tls_set_context(self._tls.context(self._client_id))
            self._client.connect(host, port, _KEEPALIVE_S, clean_start=False, properties=properties)
            if not self.is_over.is_set():
                self._client.loop_forever()
            if self._tls_reason is not None:
                fault = tls_sentence(self._tls_reason, self._address)
        except KnownError as error:
            fault = str(error)
        except ssl.SSLError as error:
            fault = tls_sentence(error, self._address)
        except OSError as error:
            fault = _sentence(error, self._address)
        except ValueError as error:
            fault = f"The broker's address {self._address} cannot be used ({error}): correct it."
        finally:
            # Also when hostile bytes break paho itself: the receiver must connect again.
            self.fault = self._fault or fault
            self.is_over.set()

    def _on_log(self, client: Client, _: Any, level: int, text: str) -> None:
        # The only place where paho tells why a read failed.
        self._tls_reason = tls_reason(text) or self._tls_reason

    def _on_connect(
        self, client: Client, _: Any, flags: ConnectFlags, code: ReasonCode, props: object
    ) -> None:
        if code.is_failure:
            self._fault = (
                f"The broker at {self._address} refuses this receiver ({code}): correct its access "
                "at the broker."
            )
            client.disconnect()
            return
        client.subscribe([(topic, 1) for topic in CDC_TOPICS])

    def _on_subscribe(
        self, client: Client, _: Any, mid: int, codes: list[ReasonCode], props: object
    ) -> None:
        if any(code.is_failure for code in codes):
            self._fault = (
                f"The broker at {self._address} does not let this receiver read "
                f"{', '.join(CDC_TOPICS)}: correct its access at the broker."
            )
            client.disconnect()
            return
        self.is_subscribed.set()

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        arrived = Arrived(
            message.topic, bytes(message.payload), message.mid, message.qos, _signature(message)
        )
        # Waiting here stops reading from the socket. mosquitto 2.0.11 was seen to send beyond the
        # Receive Maximum, so this is the only bound.
        while not self.is_over.is_set():
            try:
                self._queue.put(arrived, timeout=0.2)
            except Full:
                continue
            return

    def _on_disconnect(
        self, client: Client, _: Any, flags: DisconnectFlags, code: ReasonCode, props: object
    ) -> None:
        if self._fault is None and flags.is_disconnect_packet_from_server:
            self._fault = (
                f"The broker at {self._address} ended the connection ({code}): connecting again."
            )

    def _guarded(self, callback: Callable[..., None]) -> Callable[..., None]:
        """Keep paho's thread alive: it would die of an exception and still look connected."""

        def call(*arguments: Any) -> None:
            try:
                callback(*arguments)
            except Exception:
                # Not acknowledged, so nothing is lost: the broker sends it again.
                _log.exception("MQTT callback failed")

        return call


def _signature(message: MQTTMessage) -> str | None:
    """Return the signature that came with a message; several are none."""
    pairs = getattr(message.properties, "UserProperty", ())
    found = [value for name, value in pairs if name == SIGNATURE_PROPERTY]
    return found[0] if len(found) == 1 else None


def _without_delay(client: Client, _: Any, sock: Any) -> None:
    # Otherwise small receipts wait up to 42 ms for each other.
    with suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _sentence(error: OSError, address: str) -> str:
    where = "check that it runs, and --host and --port; trying again"
    match error:
        case ConnectionRefusedError():
            return f"No broker answers at {address}: {where}."
        case socket.gaierror():
            return f"The broker's name in {address} is unknown: {where}."
        case TimeoutError():
            return f"The broker at {address} does not answer in time: {where}."
        case _:
            return (
                f"The broker at {address} cannot be reached ({error.strerror or error}): {where}."
            )
