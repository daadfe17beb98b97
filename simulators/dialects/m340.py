"""What a LumaSense M340 says on its RS-485 bus.

Source: M340 manual's examples (protocol page 18): `#01R00<CR>` is answered by
`<LF>#01R00=20.0C<CR>`; R01 is the set point; `#01M01 0200C<CR>` sets 20.0 °C. How it answers a
set command is not printed: it says nothing here.
"""

import re

from simulators.devices.plain_source import PlainSourceDevice
from simulators.faults import Fault, Faults
from simulators.line import Dialect

_LONGEST_COMMAND = 40
_SET = re.compile(r"M01 (\d{4})C")


class M340Dialect(Dialect):
    """The source's side of the bus, and a neighbour's where that is asked for.

    Args:
        device: whose temperatures.
        faults: its switches.
        address: its number on the bus.
    """

    header = b"\n#"
    # What an M310 says on the same bus.
    other_device = b"%0101R0502.000J7\r"

    def __init__(self, device: PlainSourceDevice, faults: Faults, address: int = 1) -> None:
        self._device = device
        self._faults = faults
        self._address = address
        self._received = bytearray()

    def answer(self, data: bytes) -> list[bytes]:
        """Obey each whole line that bears the device's address."""
        said = []
        for byte in data:
            # The line carries seven bits.
            character = byte & 0x7F
            if character in b"\r\n":
                said += self._obey(self._received.decode("ascii"))
                self._received.clear()
            elif len(self._received) < _LONGEST_COMMAND:
                self._received.append(character)
        return [self._with_parity(message) for message in said]

    def _obey(self, line: str) -> list[bytes]:
        if not line.startswith(f"#{self._address:02d}"):
            return []
        command = line[3:]
        if order := _SET.fullmatch(command):
            self._device.set_point_c = int(order[1]) / 10
            return []
        if command not in {"R00", "R01"}:
            return []
        is_sensor = command == "R00"
        value_c = self._device.sensor_c() if is_sensor else self._device.set_point_c
        said = [self._say(self._address, command, value_c)]
        if self._faults.has(Fault.INTERLEAVED):
            # A neighbour's answer to another host, at 80 °C.
            said.insert(0, self._say((self._address + 1) % 100, command, 80.0))
        return said

    def _say(self, address: int, register: str, value_c: float) -> bytes:
        is_fahrenheit = self._faults.has(Fault.FAHRENHEIT)
        value, unit = (value_c * 1.8 + 32, "F") if is_fahrenheit else (value_c, "C")
        number = f"{value:.1f}"
        if self._faults.has(Fault.COMMA):
            number = number.replace(".", ",")
        return f"\n#{address:02d}{register}={number}{unit}\r".encode()

    def _with_parity(self, message: bytes) -> bytes:
        if not self._faults.has(Fault.PARITY):
            return message
        return bytes(b | 0x80 if b.bit_count() % 2 == 0 else b for b in message)
