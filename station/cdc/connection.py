"""The receiver's connection: a kept session, shared with other receivers, acknowledged by hand."""

import logging
import socket
import ssl
from queue import Empty, SimpleQueue
from threading import Event, Semaphore, Thread
from typing import Any, NamedTuple

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from station.cdc.canary import canary_arrives
from station.cdc.client import BulkClient
from station.core.errors import KnownError
from station.reporting.clients import guarded, without_delay
from station.reporting.signing import SIGNATURE_PROPERTY, SigningKey, signature_among
from station.reporting.tls import TlsFiles, failure_log, tls_sentence
from station.reporting.topics import CDC_TOPICS

_log = logging.getLogger(__name__)

_KEEPALIVE_S = 15
_CONNECT_TIMEOUT_S = 5.0
_CANARY_TIMEOUT_S = 3.0
_SESSION_EXPIRY_S = 24 * 3600
# A restart fits in. mosquitto 2.0.11 goes on dealing alerts to a receiver that is away: one that
# never comes back must not hold them for long. The stations send again what is not receipted.
_SHARED_SESSION_EXPIRY_S = 15 * 60
# Twice a batch: the next one comes while one is stored.
_RECEIVE_MAXIMUM = 1000
_IN_FLIGHT = 20
_MOST_UNACKNOWLEDGED = 1000
_PLAIN_SHARE = "cdc"


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
        self,
        host: str,
        port: int,
        client_id: str,
        *,
        is_alone: bool,
        is_proven: bool = False,
        tls: TlsFiles | None = None,
        signing_key: SigningKey | None = None,
    ) -> None:
        """Start connecting.

        Args:
            host: the broker.
            port: its port.
            client_id: this receiver's name at the broker.
            is_alone: whether no other receiver shares the alerts with this one.
            is_proven: whether the broker has delivered a shared subscription before.
            tls: certificate and key; None connects without TLS.
            signing_key: the CDC's, signs all answers and hides the share; None does neither.
        """
        self._address = f"{host}:{port}"
        self._client_id = client_id
        self._is_alone = is_alone
        self.is_proven = is_proven
        """Whether the broker delivers shared subscriptions."""
        self._signing_key = signing_key
        # mosquitto's access list says nothing of shares: whoever knows its name may join, and is
        # dealt alerts that nobody then reads. So the name is one that only receivers can make.
        self._share = signing_key.secret_name("share") if signing_key else _PLAIN_SHARE
        self._topics = CDC_TOPICS if is_alone else _shared(self._share)
        self._queue: SimpleQueue[Arrived] = SimpleQueue()
        self._room = Semaphore(_MOST_UNACKNOWLEDGED)
        self._tls = tls
        self._tls_reason: str | None = None
        self._fault: str | None = None
        self.is_subscribed = Event()
        self.is_over = Event()
        self.fault = ""
        """One sentence once `is_over` is set."""
        client = self._new_client()
        client.max_inflight_messages_set(_IN_FLIGHT)
        client.on_connect = guarded(self._on_connect)
        client.on_subscribe = guarded(self._on_subscribe)
        client.on_message = guarded(self._on_message)
        client.on_disconnect = guarded(self._on_disconnect)
        self._client = client
        self._thread = Thread(target=self._run, args=(host, port), name="mqtt", daemon=True)
        self._thread.start()

    def take(self, timeout_s: float) -> Arrived | None:
        """Return the next message, or None if none comes in time; 0 does not wait."""
        try:
            return self._queue.get(timeout_s > 0, timeout_s)
        except Empty:
            return None

    def publish(self, topic: str, payload: bytes) -> None:
        """Send a receipt; one that is lost is asked for again by the station's resending."""
        properties = None
        if self._signing_key is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            properties.UserProperty = (SIGNATURE_PROPERTY, self._signing_key.sign(payload))
        self._client.publish(topic, payload, qos=1, properties=properties)

    def acknowledge(self, messages: list[Arrived]) -> None:
        """Tell the broker that these are stored; what was published before goes out with it."""
        self._client.acknowledge(one.mid for one in messages if one.qos)
        self._room.release(len(messages))
        self._client.flush()

    def close(self) -> None:
        """End the connection; the session stays at the broker."""
        self.is_over.set()
        self._client.disconnect()
        self._thread.join(2.0)

    def _run(self, host: str, port: int) -> None:
        fault = f"The broker at {self._address} hung up: connecting again."
        try:
            if self._may_subscribe(host, port) and not self.is_over.is_set():
                self._connect(self._client, host, port)
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

    def _new_client(self) -> BulkClient:
        client = BulkClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = _CONNECT_TIMEOUT_S
        client.on_socket_open = without_delay
        client.enable_logger(failure_log(self._note_tls))
        return client

    def _connect(self, client: Client, host: str, port: int) -> None:
        if self._tls is not None:
            client.tls_set_context(self._tls.context(self._client_id))
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        # Without an expiry the broker forgets the session at once, clean_start or not.
        properties.SessionExpiryInterval = (
            _SESSION_EXPIRY_S if self._is_alone else _SHARED_SESSION_EXPIRY_S
        )
        properties.ReceiveMaximum = _RECEIVE_MAXIMUM
        client.connect(host, port, _KEEPALIVE_S, clean_start=False, properties=properties)

    def _may_subscribe(self, host: str, port: int) -> bool:
        """Whether the subscription will deliver: a shared one only if this broker does it.

        A lone receiver needs none, and is better off: a certified client may join any share and
        take alerts out of it, and with the broker in a wheel connections were seen to end once the
        last client had left a share.
        """
        if self._is_alone or self.is_proven:
            return True
        # A broker that names clients by their certificate gives the canary the receiver's own
        # session, whatever it is called; a fresh start would drop the alerts that wait there.
        canary = self._new_client()
        self._connect(canary, host, port)
        share = f"{self._client_id}-{self._share}"
        arrives = canary_arrives(canary, self._client_id, share, _CANARY_TIMEOUT_S, self._refused)
        if arrives is None:
            return False
        if arrives:
            self.is_proven = True
            return True
        trouble = (
            f"The broker at {self._address} grants a shared subscription and delivers nothing "
            f"(or does not let '{self._client_id}' use its topic fs/v1/cdc/cdc/{self._client_id}/"
            "canary)"
        )
        self._fault = (
            f"{trouble}: take a broker that delivers it, as mosquitto does, or run one receiver "
            "with --receivers 1."
        )
        return False

    def _refused(self, code: ReasonCode) -> None:
        self._fault = (
            f"The broker at {self._address} refuses this receiver ({code}): correct its access "
            "at the broker."
        )

    def _note_tls(self, reason: str) -> None:
        self._tls_reason = reason

    def _on_connect(
        self, client: Client, _: Any, flags: ConnectFlags, code: ReasonCode, props: object
    ) -> None:
        if code.is_failure:
            self._refused(code)
            client.disconnect()
            return
        client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(
        self, client: Client, _: Any, mid: int, codes: list[ReasonCode], props: object
    ) -> None:
        if any(code.is_failure for code in codes):
            self._fault = (
                f"The broker at {self._address} does not let this receiver read "
                f"{', '.join(self._topics)}: correct its access at the broker."
            )
            client.disconnect()
            return
        # The kept session may hold others, from an earlier start: alerts would come twice.
        others = {*CDC_TOPICS, *_shared(_PLAIN_SHARE), *_shared(self._share)}
        client.unsubscribe(sorted(others.difference(self._topics)))
        self.is_subscribed.set()

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        pairs = getattr(message.properties, "UserProperty", ())
        signature = signature_among(pairs)
        payload = bytes(message.payload)
        arrived = Arrived(message.topic, payload, message.mid, message.qos, signature)
        # Waiting here stops reading from the socket. mosquitto 2.0.11 was seen to send beyond the
        # Receive Maximum, so this is the only bound.
        while not self.is_over.is_set():
            if self._room.acquire(timeout=0.2):
                self._queue.put(arrived)
                return

    def _on_disconnect(
        self, client: Client, _: Any, flags: DisconnectFlags, code: ReasonCode, props: object
    ) -> None:
        if self._fault is None and flags.is_disconnect_packet_from_server:
            self._fault = (
                f"The broker at {self._address} ended the connection ({code}): connecting again."
            )


def _shared(share: str) -> tuple[str, ...]:
    return tuple(f"$share/{share}/{topic}" for topic in CDC_TOPICS)


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
