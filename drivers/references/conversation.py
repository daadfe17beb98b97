"""A host's side of a line: commands out, lines in, one serial port."""

import time

from drivers.errors import DeviceDisconnected, DeviceTimeout, ProtocolError
from drivers.line_parser import LineParser
from drivers.transport.serial_port import SerialTransport

_CHUNK = 256


class Conversation:
    """Talks over one port; it opens with `begin` and may be closed in any state.

    Args:
        port: the port's name, for what is told to staff.
        speed: the line's settings, likewise.
    """

    def __init__(self, port: str, speed: str) -> None:
        self._port = port
        self._speed = speed
        self._transport: SerialTransport | None = None
        self._parser = LineParser()
        self._lines: list[bytes] = []

    def begin(self, transport: SerialTransport) -> None:
        """Talk over this port from now on."""
        self._transport = transport
        self._parser, self._lines = LineParser(), []

    def close(self) -> None:
        """Release the port; safe to call twice."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def tell(self, command: bytes) -> None:
        """Send what nobody answers."""
        self._wire().write(command)

    def ask(self, query: bytes, until_s: float) -> None:
        """Forget what came unasked until now, and send a query; at most until a monotonic time."""
        wire = self._wire()
        while time.monotonic() < until_s and wire.read(_CHUNK, 0):
            pass
        self._parser, self._lines = LineParser(), []
        wire.write(query)

    def next_line(self, until_s: float) -> bytes | None:
        """Return the next line, or None if none comes until a monotonic time."""
        wire = self._wire()
        while not self._lines:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._lines += self._parser.feed(wire.read(_CHUNK, left_s))
        return self._lines.pop(0)

    def no_answer(self) -> ProtocolError | DeviceTimeout:
        """Return the error for an answer that has not come, or not whole."""
        if self._parser.rest:
            return ProtocolError("the reference source's answer was torn", self._parser.rest)
        return DeviceTimeout(
            f"The reference source at {self._port} does not answer: check its power, cable and "
            f"that its speed is {self._speed}."
        )

    def _wire(self) -> SerialTransport:
        if self._transport is None:
            raise DeviceDisconnected("the reference source is not open: call open() first")
        return self._transport
