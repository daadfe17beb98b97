"""What an Optris CT or CS says on its serial line, binary protocol.

Source: Optris command lists on protocol page 13: one byte asks, the answer is the bare value, 16
bit big-endian, (w-1000)/10 °C or, of high-resolution models, (w-10000)/100. A CT wants the XOR of
all bytes behind a setting, a CS does not. What an unplugged head gives is not known; the largest
word is taken.
"""

from simulators.devices.point_sensor import PointSensorDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_OBJECTS = (0x01, 0x03)
"""Object temperature, processed and of this moment."""
_OWN = (0x02, 0x09)
"""The head's and the box's own temperature."""
_SET_EMISSIVITY = 0x84
_BUS = 0xB0


class OptrisCtDialect(Dialect):
    """The thermometer's side of the line.

    Args:
        device: what it sees.
        faults: its switches.
        is_hs: whether it is a model of high resolution.
        has_check: whether settings carry a check byte (CT).
        bus_address: its address on RS-485, None on a line of its own.
    """

    other_device = b"t:   36.98 C\r\n"

    def __init__(
        self,
        device: PointSensorDevice,
        faults: Faults,
        *,
        is_hs: bool = False,
        has_check: bool = True,
        bus_address: int | None = None,
    ) -> None:
        self._device = device
        self._faults = faults
        self._is_hs = is_hs
        self._has_check = has_check
        self._bus_address = bus_address
        self._received = bytearray()

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole command."""
        self._received += data
        said = []
        while (length := self._length()) and len(self._received) >= length:
            command = bytes(self._received[:length])
            del self._received[:length]
            said.append(self._obey(command[0 if self._bus_address is None else 1 :]))
        return [message for message in said if message]

    def _length(self) -> int:
        """Return how many bytes the command that begins here has, 0 if none does."""
        prefix = b"" if self._bus_address is None else bytes([_BUS + self._bus_address])
        while self._received and not self._received.startswith(prefix):
            del self._received[0]
        rest = self._received[len(prefix) :]
        if not rest:
            return 0
        return len(prefix) + (3 + int(self._has_check) if rest[0] == _SET_EMISSIVITY else 1)

    def _obey(self, command: bytes) -> bytes:
        if command[0] == _SET_EMISSIVITY:
            return self._set_emissivity(command)
        if command[0] in _OBJECTS:
            is_lost = self._faults.has(Fault.SENTINEL)
            return b"\xff\xff" if is_lost else self._word(self._device.measure()[0])
        if command[0] in _OWN:
            return self._word(self._device.measure()[1])
        return {
            0x04: round(self._device.emissivity * 1000).to_bytes(2, "big"),
            0x05: (1000).to_bytes(2, "big"),
            0x0E: (8_123_456).to_bytes(3, "big"),
            0x0F: (217).to_bytes(2, "big"),
        }.get(command[0], b"")

    def _set_emissivity(self, command: bytes) -> bytes:
        value = int.from_bytes(command[1:3], "big")
        if self._has_check and command[3] != command[0] ^ command[1] ^ command[2]:
            return b""
        self._device.emissivity = value / 1000
        return command[1:3]

    def _word(self, value_c: float) -> bytes:
        word = round(value_c * 100) + 10000 if self._is_hs else round(value_c * 10) + 1000
        return word.to_bytes(2, "big")
