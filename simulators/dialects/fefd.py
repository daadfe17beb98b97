"""What the "FE FD" forehead gun says on its serial line.

Source: OEM document "Bluetooth Thermometer (IR) Communication Protocol".
"""

from simulators.devices.fefd_gun import FefdGunDevice, GunReading
from simulators.faults import Fault, Faults

CONNECT_REQUEST = b"\xfe\xfd\xaa\xa0\x0d\x0a"
"""Host to device: connect."""
CONNECT_ACKNOWLEDGE = b"\xfe\xfd\x1a\xaa\x55\x5f\x0d\x0a"
"""Device to host: 55 and 5F are the complements of AA and A0."""
SWITCH_OFF_REQUEST = b"\xfe\xfd\xaa\x91\x0d\x0a"
"""Host to device: switch off."""
SWITCH_OFF_ACKNOWLEDGE = b"\xfe\xfd\x1a\xaa\x55\x6e\x0d\x0a"
"""Device to host: 6E is the complement of 91."""
OTHER_DEVICE = b"Ta=+23.4C To=+36.6C\r\n" * 5
"""What another thermometer on the same kind of plug may say."""
STRAY = b"\x00\xfe\x80"
"""Bytes of a bad contact, with half a head among them."""

_FAHRENHEIT_UNIT = 0x15
_ANSWERS = {CONNECT_REQUEST: CONNECT_ACKNOWLEDGE, SWITCH_OFF_REQUEST: SWITCH_OFF_ACKNOWLEDGE}
_REQUEST_BYTES = 6


class FefdDialect:
    """The gun's side of the line: bytes in, bytes out."""

    def __init__(self, device: FefdGunDevice, faults: Faults) -> None:
        self._device = device
        self._faults = faults
        self._received = b""

    def answer(self, data: bytes) -> bytes:
        """Return what the gun says to these bytes from the host, in any chunking."""
        self._received += data
        said = b""
        while len(self._received) >= _REQUEST_BYTES:
            reply = _ANSWERS.get(self._received[:_REQUEST_BYTES])
            self._received = self._received[_REQUEST_BYTES if reply else 1 :]
            said += self._in_unit(reply or b"")
        if self._faults.has(Fault.GARBAGE) and said:
            return OTHER_DEVICE
        return b"" if self._faults.has(Fault.SILENT) else said

    def measure(self, body_c: float) -> list[bytes]:
        """Return the pieces sent when the trigger is pulled at a person of this temperature, °C."""
        if self._faults.has(Fault.SILENT):
            return []
        message = encode_result(self._device.pull_trigger(body_c))
        if self._faults.has(Fault.TRUNCATED):
            message = message[:5]
        if self._faults.has(Fault.NOISY):
            message = STRAY + message
        if self._faults.has(Fault.GARBAGE):
            message = OTHER_DEVICE + message
        if self._faults.has(Fault.DUPLICATE):
            message += message
        return [message[:3], message[3:]] if self._faults.has(Fault.SPLIT) else [message]

    def _in_unit(self, acknowledge: bytes) -> bytes:
        """Return an acknowledge with the unit that is switched on."""
        if acknowledge and self._faults.has(Fault.FAHRENHEIT):
            return acknowledge[:2] + bytes([_FAHRENHEIT_UNIT]) + acknowledge[3:]
        return acknowledge


def encode_result(reading: GunReading) -> bytes:
    """Return the 8 bytes of one result: unit 1A/15, body flag, value x10 big-endian."""
    unit = _FAHRENHEIT_UNIT if reading.is_fahrenheit else 0x1A
    value = round(reading.value * 10)
    return b"\xfe\xfd" + bytes([unit, int(reading.is_body)]) + value.to_bytes(2, "big") + b"\r\n"
