"""A Modbus RTU slave: what every one says, whatever its registers hold.

Source: Modbus over Serial Line 1.02 (frame, CRC with polynomial A001 from FFFF, low byte first) and
Modbus Application Protocol 1.1b3 (functions 03, 04, 06, 10 and their exceptions).
"""

from abc import abstractmethod

from simulators.faults import Fault, Faults
from simulators.line import Dialect

ILLEGAL_FUNCTION, ILLEGAL_REGISTER, ILLEGAL_VALUE, FAILURE = 1, 2, 3, 4
_READS = (0x03, 0x04)
_WRITE_ONE, _WRITE_MANY = 0x06, 0x10
_MOST_REGISTERS = 125
_BROADCAST, _WHOEVER = 0, 255


class Refused(Exception):
    """The slave answers with an exception.

    Attributes:
        code: 1 to 4.
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"exception {code}")
        self.code = code


class ModbusRtuDialect(Dialect):
    """The slave's side of the line; subclasses say what its registers hold.

    Args:
        faults: its switches.
        address: its address on the bus.
        hears_255: whether it answers requests to 255, too.
    """

    other_device = b"Temperature: 23.4 C, Humidity: 40.1 %\r\n"

    def __init__(self, faults: Faults, *, address: int = 1, hears_255: bool = False) -> None:
        self._faults = faults
        self._address = address
        self._own = {address, _WHOEVER} if hears_255 else {address}
        self._received = bytearray()
        self.header = bytes([address, 3])

    @abstractmethod
    def read_register(self, function: int, register: int) -> int:
        """Return what a register holds, 0 to 65535.

        Raises:
            Refused: if there is no such function or register.
        """

    def latch(self) -> None:
        """Measure once for all registers that the next request reads."""

    def write_register(self, register: int, value: int) -> None:
        """Set a register.

        Raises:
            Refused: if it cannot be set so.
        """
        raise Refused(ILLEGAL_FUNCTION)

    def answer(self, data: bytes) -> list[bytes]:
        """Answer each whole request for this slave; what is none is skipped byte by byte."""
        self._received += data
        said = []
        while len(self._received) >= 4:
            length = self._length()
            if len(self._received) < length:
                break
            frame = bytes(self._received[:length])
            if crc(frame[:-2]) != frame[-2:]:
                del self._received[0]
                continue
            del self._received[:length]
            said.append(self._obey(frame))
        return [message for message in said if message]

    def _length(self) -> int:
        if self._received[1] == _WRITE_MANY and len(self._received) > 6:
            return 9 + self._received[6]
        return 8

    def _obey(self, frame: bytes) -> bytes:
        address, function = frame[0], frame[1]
        if address not in {*self._own, _BROADCAST}:
            return b""
        register, value = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
        try:
            if self._faults.has(Fault.BUSY):
                raise Refused(FAILURE)
            body = self._carry_out(function, register, value, frame)
        except Refused as refused:
            body = bytes([function | 0x80, refused.code])
        if address == _BROADCAST:
            return b""
        whole = bytes([self._address]) + body
        return whole + crc(whole)

    def _carry_out(self, function: int, register: int, value: int, frame: bytes) -> bytes:
        if function in _READS:
            if not 1 <= value <= _MOST_REGISTERS:
                raise Refused(ILLEGAL_VALUE)
            self.latch()
            held = [self.read_register(function, register + each) for each in range(value)]
            return bytes([function, 2 * value]) + b"".join(each.to_bytes(2, "big") for each in held)
        if function == _WRITE_ONE:
            self.write_register(register, value)
            return frame[1:6]
        if function == _WRITE_MANY:
            for each in range(value):
                at = 7 + 2 * each
                self.write_register(register + each, int.from_bytes(frame[at : at + 2], "big"))
            return frame[1:6]
        raise Refused(ILLEGAL_FUNCTION)


def crc(data: bytes) -> bytes:
    """Return the two bytes of the checksum, as they stand behind the data."""
    value = 0xFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value.to_bytes(2, "little")


def to_register(value: float) -> int:
    """Return a signed number as a register's 16 bits."""
    return round(value) & 0xFFFF
