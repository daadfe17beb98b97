"""What the "FE FD" forehead gun says on its serial line.

Source: OEM document "Bluetooth Thermometer (IR) Communication Protocol".
"""

from simulators.devices.fefd_gun import FefdGunDevice, GunReading
from simulators.faults import Fault, Faults
from simulators.line import Dialect

CONNECT_REQUEST = b"\xfe\xfd\xaa\xa0\x0d\x0a"
"""Host to device: connect."""
CONNECT_ACKNOWLEDGE = b"\xfe\xfd\x1a\xaa\x55\x5f\x0d\x0a"
"""Device to host: 55 and 5F are the complements of AA and A0."""
SWITCH_OFF_REQUEST = b"\xfe\xfd\xaa\x91\x0d\x0a"
"""Host to device: switch off."""
SWITCH_OFF_ACKNOWLEDGE = b"\xfe\xfd\x1a\xaa\x55\x6e\x0d\x0a"
"""Device to host: 6E is the complement of 91."""
_FAHRENHEIT_UNIT = 0x15
_ANSWERS = {CONNECT_REQUEST: CONNECT_ACKNOWLEDGE, SWITCH_OFF_REQUEST: SWITCH_OFF_ACKNOWLEDGE}
_REQUEST_BYTES = 6


class FefdDialect(Dialect):
    """The gun's side of the line."""

    header = b"\xfe\xfd"
    other_device = b"Ta=+23.4C To=+36.6C\r\n" * 5

    def __init__(self, device: FefdGunDevice, faults: Faults) -> None:
        self._device = device
        self._faults = faults
        self._received = b""

    def answer(self, data: bytes) -> list[bytes]:
        """Acknowledge what is known."""
        self._received += data
        said = []
        while len(self._received) >= _REQUEST_BYTES:
            reply = _ANSWERS.get(self._received[:_REQUEST_BYTES])
            self._received = self._received[_REQUEST_BYTES if reply else 1 :]
            if reply:
                said.append(self._in_unit(reply))
        return said

    def measure(self, body_c: float) -> bytes:
        """Return what is sent when the trigger is pulled at a person of this temperature, °C."""
        return encode_result(self._device.pull_trigger(body_c))

    def _in_unit(self, acknowledge: bytes) -> bytes:
        """Return an acknowledge with the unit that is switched on."""
        if self._faults.has(Fault.FAHRENHEIT):
            return acknowledge[:2] + bytes([_FAHRENHEIT_UNIT]) + acknowledge[3:]
        return acknowledge


def encode_result(reading: GunReading) -> bytes:
    """Return the 8 bytes of one result: unit 1A/15, body flag, value x10 big-endian."""
    unit = _FAHRENHEIT_UNIT if reading.is_fahrenheit else 0x1A
    value = round(reading.value * 10)
    return b"\xfe\xfd" + bytes([unit, int(reading.is_body)]) + value.to_bytes(2, "big") + b"\r\n"
