"""A stand-in for the CDC that receipts every alert at once and stores nothing.

It asks less of the processor than any client library: what is measured beside it on two cores is
the station, not the one that answers it.
"""

import re
import select
import socket
import sys
from datetime import UTC, datetime
from uuid import UUID, uuid4

from station.reporting.express import encoded_length, packet_at
from station.reporting.messages.receipt import Receipt
from station.reporting.payload import encode_receipt

_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
_AT_ONCE, _WITHIN_S = 100, 0.01
_READ_BYTES = 262_144
_CONNECT, _SUBSCRIBE, _SUBACK, _PUBACK, _TYPE_BITS = 0x10, 0x82, 0x90, 0x40, 0xF0
_PUBLISH, _PUBLISH_QOS_1 = 0x30, 0x32


def receipt_all(port: int, alerts: str, receipts: str) -> None:
    """Answer every alert in batches until the broker hangs up.

    Args:
        port: the broker's, on this machine.
        alerts: the topic to listen to.
        receipts: the topic to answer on.
    """
    with socket.create_connection(("127.0.0.1", port)) as link:
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # MQTT 5, a clean start, no keepalive, no properties; then one subscription with QoS 1.
        link.sendall(_packet(_CONNECT, _text(b"MQTT") + b"\x05\x02\0\0\0" + _text(b"receipting")))
        link.sendall(_packet(_SUBSCRIBE, b"\0\x01\0" + _text(alerts.encode()) + b"\x01"))
        _answer(link, _Answers(_text(receipts.encode())))


def _answer(link: socket.socket, answers: "_Answers") -> None:
    data = bytearray()
    while True:
        is_more = bool(select.select([link], [], [], _WITHIN_S)[0])
        if is_more:
            got = link.recv(_READ_BYTES)
            if not got:
                return
            data += got
        at, acks = 0, bytearray()
        while (found := packet_at(data, at)) is not None:
            body, end = found
            kind = data[at] & _TYPE_BITS
            if kind == _PUBLISH:
                acks += answers.take(bytes(data[body:end]))
            elif kind == _SUBACK:
                sys.stdout.write("ready\n")
                sys.stdout.flush()
            at = end
        del data[:at]
        acks += answers.due(is_forced=not is_more)
        if acks:
            link.sendall(acks)


class _Answers:
    def __init__(self, topic: bytes) -> None:
        self._topic = topic
        self._waiting: list[UUID] = []
        self._number = 0

    def take(self, body: bytes) -> bytes:
        """Return the acknowledgement of an alert."""
        self._waiting.append(UUID(_ID.search(body)[1].decode()))
        place = 2 + int.from_bytes(body[:2], "big")
        return _packet(_PUBACK, body[place : place + 2])

    def due(self, *, is_forced: bool) -> bytes:
        """Return the receipt that is due."""
        if not self._waiting or (len(self._waiting) < _AT_ONCE and not is_forced):
            return b""
        receipt = Receipt(stored=tuple(self._waiting))
        self._waiting.clear()
        answer = encode_receipt(receipt, event_id=uuid4(), at=datetime.now(UTC))
        self._number = self._number % 65_535 + 1
        number = self._number.to_bytes(2, "big")
        return _packet(_PUBLISH_QOS_1, self._topic + number + b"\0" + answer)


def _packet(head: int, body: bytes) -> bytes:
    return bytes([head]) + encoded_length(len(body)) + body


def _text(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
