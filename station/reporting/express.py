"""Alerts and their acknowledgements pass beside paho, which takes 50 µs for each of them.

A backlog is 100,000 alerts of which each is a small packet there and a smaller one back. They are
written many at once and read many at once, by fewer bytes of code than a broker's round trip takes;
all else on the connection stays paho's: connecting, TLS, subscribing, receipts, keepalive, goodbye.
"""

import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from socket import socket
from threading import Lock
from typing import Any, cast

from paho.mqtt.client import Client

from station.reporting.payload import CONTENT_TYPE
from station.reporting.signing import SIGNATURE_PROPERTY

Acks = Sequence[tuple[int, int]]
"""Packet numbers, each with its reason code."""

_READ_BYTES = 65_536
_LAST_NUMBER = 65_535
_FIRST_NUMBER = 32_768
# Source: MQTT 5.0, sections 2.1.2 and 2.2.1: paho's packets that carry a number where they begin,
# SUBSCRIBE and UNSUBSCRIBE, and PUBLISH with its QoS.
_SUBSCRIBING, _PUBLISH, _QOS_BITS = (0x80, 0xA0), 0x30, 0x06
_TYPE_BITS = 0xF0
# Source: MQTT 5.0, section 2.1.2: PUBLISH with QoS 1, PUBACK.
_PUBLISH_QOS_1 = b"\x32"
_PUBACK = 0x40
_NUMBER_BYTES = 2
_MOST_LENGTH_BYTES = 4
_MORE = 0x80


class ExpressSocket:
    """What paho takes for its socket: it shares the connection with alerts.

    Packets go out whole and in order, whoever writes them. Any thread may call.

    Alerts have the upper half of the packet numbers, paho the lower: neither takes an
    acknowledgement of the other's for its own.

    Args:
        connection: the connected socket, encrypted or not.
        on_acks: told of acknowledgements; called by the thread that reads.
    """

    def __init__(self, connection: socket, on_acks: Callable[[Acks], None]) -> None:
        self._connection = connection
        self._on_acks = on_acks
        # One at a time also for reading: OpenSSL allows no two calls on one connection.
        self._lock = Lock()
        self._out = bytearray()
        self._in = bytearray()
        self._rest = bytearray()
        self._number = _LAST_NUMBER

    def publish(self, messages: Sequence[tuple[bytes, bytes, bytes]]) -> list[int] | None:
        """Send messages of (topic, packed properties, payload) with QoS 1.

        Returns:
            Their packet numbers, or None if the connection is lost.
        """
        numbers = []
        with self._lock:
            for topic, properties, payload in messages:
                self._number = _FIRST_NUMBER + (self._number + 1) % _FIRST_NUMBER
                numbers.append(self._number)
                number = self._number.to_bytes(2, "big")
                length = 2 + len(topic) + 2 + len(properties) + len(payload)
                self._out += b"".join(
                    (
                        _PUBLISH_QOS_1,
                        encoded_length(length),
                        len(topic).to_bytes(2, "big"),
                        topic,
                        number,
                        properties,
                        payload,
                    )
                )
            try:
                self._flush()
            except OSError:
                return None
        return numbers

    @property
    def has_more(self) -> bool:
        """Whether something could not be sent yet."""
        return bool(self._out)

    def flush(self) -> None:
        """Send what could not be sent before."""
        with self._lock, suppress(OSError):
            self._flush()

    def send(self, data: bytes) -> int:
        """Take a packet of paho's.

        Raises:
            ConnectionError: if it carries a number of the alerts'. paho counts from 1 on each
                connection: the next one has room again.
        """
        if _number_of(data) >= _FIRST_NUMBER:
            raise ConnectionError("paho has used up its packet numbers")
        with self._lock:
            self._out += data
            self._flush()
        return len(data)

    def recv(self, most_bytes: int) -> bytes:
        """Return what is paho's.

        Raises:
            BlockingIOError: if there is nothing for it.
        """
        if not self._rest:
            acks: list[tuple[int, int]] = []
            with self._lock:
                data = self._connection.recv(_READ_BYTES)
            if not data:
                return b""
            self._in += data
            self._part(acks)
            if acks:
                self._on_acks(acks)
            if not self._rest:
                raise BlockingIOError
        taken = bytes(self._rest[:most_bytes])
        del self._rest[:most_bytes]
        return taken

    def pending(self) -> int:
        """Return how many bytes can be read without waiting for the network."""
        held = self._connection.pending() if isinstance(self._connection, ssl.SSLSocket) else 0
        return len(self._rest) + held

    def __getattr__(self, name: str) -> Any:
        # fileno, setblocking, close, and whatever else a socket has.
        return getattr(self._connection, name)

    def _flush(self) -> None:
        with suppress(BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            while self._out:
                # A copy: OpenSSL wants the same bytes again, and these must not move meanwhile.
                sent = self._connection.send(bytes(self._out))
                del self._out[:sent]

    def _part(self, acks: list[tuple[int, int]]) -> None:
        """Take the acknowledgements out of what came; leave the rest to paho, packet by packet."""
        data, at = self._in, 0
        while (found := packet_at(data, at)) is not None:
            body, end = found
            if data[at] & _TYPE_BITS == _PUBACK and _number_at(data, body, end) >= _FIRST_NUMBER:
                acks.append(_read_ack(data[body:end]))
            else:
                self._rest += data[at:end]
            at = end
        del data[:at]


class ExpressClient(Client):
    """A paho client whose socket carries alerts as well."""

    express: ExpressSocket | None = None
    """The socket, once there is one."""
    on_acks: Callable[[Acks], None]
    """Told of acknowledgements."""

    def want_write(self) -> bool:
        """Whether the network loop has something to send."""
        is_held = self.express is not None and self.express.has_more
        return is_held or bool(super().want_write())

    def loop_write(self) -> Any:
        """Send what waits."""
        if self.express is not None:
            self.express.flush()
        return super().loop_write()

    def _create_socket(self) -> Any:
        self.express = ExpressSocket(cast(socket, super()._create_socket()), self.on_acks)
        return self.express


def packed_properties(signature: str | None) -> bytes:
    """Return an alert's properties with their length: what tells a receiver how to read it."""
    told = _SAME_PACKED
    if signature is not None:
        told += _SIGNATURE_NAME + _text(signature)
    return encoded_length(len(told)) + told


def encoded_length(length: int) -> bytes:
    """Return a length as a variable byte integer. Source: MQTT 5.0, section 1.5.5."""
    told = bytearray()
    while length >= _MORE:
        told.append(length % _MORE | _MORE)
        length //= _MORE
    told.append(length)
    return bytes(told)


def packet_at(data: bytearray, at: int) -> tuple[int, int] | None:
    """Return where the body of the packet that begins here begins and ends, or None before that."""
    length, factor = 0, 1
    for place in range(at + 1, min(at + 1 + _MOST_LENGTH_BYTES, len(data))):
        length += data[place] % _MORE * factor
        factor *= _MORE
        if data[place] < _MORE:
            body = place + 1
            return (body, body + length) if body + length <= len(data) else None
    if len(data) > at + _MOST_LENGTH_BYTES:
        # No length at all. paho finds that out as well, and ends the connection.
        return len(data), len(data)
    return None


def _number_of(packet: bytes) -> int:
    """Return the number of one of paho's packets, as it begins; 0 for one without."""
    kind = packet[0] & _TYPE_BITS
    if kind not in _SUBSCRIBING and not (kind == _PUBLISH and packet[0] & _QOS_BITS):
        return 0
    found = packet_at(bytearray(packet), 0)
    if found is None:
        return 0
    body, end = found
    if kind == _PUBLISH:
        body += _NUMBER_BYTES + _number_at(packet, body, end)
    return _number_at(packet, body, end)


def _number_at(data: bytes | bytearray, at: int, end: int) -> int:
    return int.from_bytes(data[at : at + _NUMBER_BYTES], "big") if end - at >= _NUMBER_BYTES else 0


def _read_ack(body: bytearray) -> tuple[int, int]:
    """Return packet number and reason code. Source: MQTT 5.0, section 3.4.2."""
    number = int.from_bytes(body[:_NUMBER_BYTES], "big")
    # Success needs no code.
    return number, body[_NUMBER_BYTES] if len(body) > _NUMBER_BYTES else 0


def _text(value: str) -> bytes:
    data = value.encode()
    return len(data).to_bytes(2, "big") + data


# Source: MQTT 5.0, section 3.3.2.3: format indicator 0x01, content type 0x03, user property 0x26.
_SAME_PACKED = b"\x01\x01\x03" + _text(CONTENT_TYPE)
_SIGNATURE_NAME = b"\x26" + _text(SIGNATURE_PROPERTY)
