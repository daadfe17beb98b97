"""What a GY-MCU90614 module says on its TTL port.

Source: the vendor's tables on protocol page 09: messages of 9 bytes 5A 5A 45 04, object and own
temperature in 0.01 °C, the sum; commands of 3 bytes, of which the last is the sum. Configuration
counts from the next power cycle on, so that a module here begins silent or streaming as told.
"""

from simulators.clock import SceneClock
from simulators.devices.point_sensor import PointSensorDevice
from simulators.line import Dialect

_PERIOD_S = 1 / 14
# After a pause of the host or a jump of scene time no more than this comes in a heap.
_MOST_AT_ONCE = 32
_COMMAND_BYTES = 3
_STREAM, _ONCE = b"\xa5\x45\xea", b"\xa5\x15\xba"


class GyMcu90614Dialect(Dialect):
    """The module's side of the line.

    Args:
        device: what it sees.
        clock: scene time.
        is_streaming: whether it streams from power-up on.
    """

    header = b"\x5a\x5a\x45\x04"
    # A cousin with other commands (same page).
    other_device = bytes.fromhex("66 66 45 04 0E 4A 09 E3 59") * 5

    def __init__(
        self, device: PointSensorDevice, clock: SceneClock, *, is_streaming: bool = False
    ) -> None:
        self._device = device
        self._clock = clock
        self._received = b""
        self._is_streaming = is_streaming
        self._starts = 0
        self._next_s: float | None = None

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole command; what is none is skipped."""
        self._notice_start()
        self._received += data
        said = []
        while len(self._received) >= _COMMAND_BYTES:
            command = self._received[:_COMMAND_BYTES]
            is_known = command in {_STREAM, _ONCE}
            self._received = self._received[_COMMAND_BYTES if is_known else 1 :]
            if command == _ONCE:
                said.append(self._message())
            elif command == _STREAM and self._next_s is None:
                self._next_s = self._clock.now_s()
        return said

    def due(self) -> list[bytes]:
        """Return the messages of the stream that are due."""
        self._notice_start()
        if self._next_s is None:
            return []
        now_s, messages = self._clock.now_s(), []
        self._next_s = max(self._next_s, now_s - _MOST_AT_ONCE * _PERIOD_S)
        while self._next_s <= now_s:
            messages.append(self._message())
            self._next_s += _PERIOD_S
        return messages

    def _notice_start(self) -> None:
        """Begin as configured whenever it was switched on."""
        if self._starts != self._device.starts:
            self._starts = self._device.starts
            self._next_s = self._clock.now_s() if self._is_streaming else None

    def _message(self) -> bytes:
        return encode(*self._device.measure())


def encode(object_c: float, own_c: float) -> bytes:
    """Return the 9 bytes of one message."""
    body = b"\x5a\x5a\x45\x04"
    for value_c in (object_c, own_c):
        body += round(value_c * 100).to_bytes(2, "big", signed=True)
    return body + bytes([sum(body) & 0xFF])
