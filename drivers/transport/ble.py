"""Where a Bluetooth thermometer's events come from: the machine's radio, or a peer over TCP.

`open_ble` gives the radio through the library bleak (the optional extra `bluetooth`), or, for
`tcp://host:port`, a peer that speaks the same events as lines of text; radio, pairing and the
discovery of services are not exercised there.

The lines: `AWAKE name`, `CONNECTED`, `NOTIFY characteristic hex` and `GONE reason` come from the
peer; `CONNECT`, `WRITE characteristic hex` and `DISCONNECT` go to it.
"""

import select
import socket
import time
from collections import deque

from drivers import wire_tap
from drivers.errors import DeviceDisconnected, OpenFailed, ProtocolError
from drivers.transport.ble_events import (
    Awake,
    BleEvent,
    BleTransport,
    Connected,
    Gone,
    Notified,
)

STREAM_SCHEME = "tcp://"
"""Addresses that begin so are streams of events; any other is a Bluetooth address."""

_CONNECT_TIMEOUT_S = 3.0
_LONGEST_LINE = 4096


class StreamBle:
    """Events over TCP.

    Args:
        address: `tcp://host:port`.

    Raises:
        OpenFailed: if nobody answers there.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._buffer = bytearray()
        self._events: deque[BleEvent] = deque()
        host, _, port = address.removeprefix(STREAM_SCHEME).rpartition(":")
        try:
            self._socket = socket.create_connection((host, int(port)), _CONNECT_TIMEOUT_S)
        except (OSError, ValueError, OverflowError) as error:
            raise OpenFailed(
                f"The event stream at {address} cannot be opened ({error}): check the address."
            ) from error

    def next_event(self, timeout_s: float) -> BleEvent | None:
        """See `BleTransport.next_event`."""
        until_s = time.monotonic() + timeout_s
        while not self._events:
            left_s = max(0.0, until_s - time.monotonic())
            try:
                if not select.select([self._socket], [], [], left_s)[0]:
                    return None
                data = self._socket.recv(_LONGEST_LINE)
            except (OSError, ValueError) as error:
                raise self._lost(str(error)) from error
            if not data:
                raise self._lost("the other side closed it")
            self._feed(data)
        return self._events.popleft()

    def connect(self) -> None:
        """See `BleTransport.connect`."""
        self._say("CONNECT")

    def write(self, characteristic: str, data: bytes) -> None:
        """See `BleTransport.write`."""
        wire_tap.sent(self._address, data)
        self._say(f"WRITE {characteristic} {data.hex()}")

    def disconnect(self) -> None:
        """See `BleTransport.disconnect`."""
        self._say("DISCONNECT")

    def close(self) -> None:
        """Release the connection."""
        self._socket.close()

    def _feed(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            event = decode_event(line)
            if isinstance(event, Notified):
                wire_tap.heard(self._address, event.data)
            self._events.append(event)
        if len(self._buffer) > _LONGEST_LINE:
            seen = bytes(self._buffer)
            self._buffer.clear()
            raise ProtocolError(f"{self._address} is no event stream", seen)

    def _say(self, line: str) -> None:
        try:
            self._socket.sendall(line.encode("ascii") + b"\n")
        except OSError as error:
            raise self._lost(str(error)) from error

    def _lost(self, why: str) -> DeviceDisconnected:
        return DeviceDisconnected(
            f"The event stream at {self._address} is gone ({why}): plug the radio in again."
        )


def decode_event(line: bytes) -> BleEvent:
    """Return the event of a line.

    Raises:
        ProtocolError: if it is none.
    """
    word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
    match word:
        case "AWAKE":
            return Awake(rest)
        case "CONNECTED":
            return Connected()
        case "GONE":
            return Gone(rest)
        case "NOTIFY":
            characteristic, _, value = rest.partition(" ")
            try:
                return Notified(characteristic.lower(), bytes.fromhex(value))
            except ValueError:
                pass
    raise ProtocolError("this is no Bluetooth event: choose another address", line)


def open_ble(address: str, characteristics: tuple[str, ...]) -> BleTransport:
    """Listen for one device.

    Args:
        address: its Bluetooth address, or `tcp://host:port`.
        characteristics: what to subscribe to as soon as it is connected, UUIDs.

    Raises:
        DriverUnavailable: if the library is not installed.
        OpenFailed: if there is no radio.
    """
    if address.startswith(STREAM_SCHEME):
        return StreamBle(address)
    # An optional extra: only loaded for a real radio.
    from drivers.transport.ble_radio import RadioBle  # noqa: PLC0415

    return RadioBle(address, characteristics)
