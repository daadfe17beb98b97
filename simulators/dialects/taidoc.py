"""What a TaiDoc TD-1241 (sold as FORA IR42) says over Bluetooth.

Source: protocol notes of two open gateways for this family: eight bytes, 51 first, A3 from the host
and A5 from the device before the sum; 25 asks for the date part of the latest record, 26 for its
value, 2B for the number of records. By a third one, for FORA's thermometers, three bits beside
minute and hour tell what was measured: 1 is a forehead, 4 the surface of an object.
"""

from datetime import UTC, datetime

from simulators.faults import Fault, Faults
from simulators.gatt import GattDialect, Value

CHARACTERISTIC = "00001524-1212-efde-1523-785feabcd123"
"""The only one."""

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_MINUTE_BITS, _HOUR_BITS = 6, 5
_FOREHEAD, _OBJECT = 1, 4


class TaidocDialect(GattDialect):
    """The thermometer with its latest record.

    Args:
        faults: its switches.
        in_hundredths: whether it tells hundredths of a degree.
    """

    name = "FORA IR42"

    def __init__(self, faults: Faults, *, in_hundredths: bool = False) -> None:
        self._faults = faults
        self._in_hundredths = in_hundredths
        self._records: list[tuple[datetime, float]] = []

    def connected(self) -> list[Value]:
        """Wait to be asked."""
        return []

    def measured(self, body_c: float) -> list[Value]:
        """Keep a record; a device that stores nothing new keeps the old one."""
        at = _FIRST if self._faults.has(Fault.CLOCK) else datetime.now(UTC)
        if not (self._faults.has(Fault.STUCK) and self._records):
            self._records.append((at, body_c))
        return []

    def written(self, characteristic: str, data: bytes) -> list[Value]:
        """Answer a question about the latest record."""
        is_whole = len(data) == 8 and data[7] == sum(data[:7]) & 0xFF
        if characteristic != CHARACTERISTIC or not is_whole or data[6] != 0xA3:
            return []
        at, body_c = self._records[-1] if self._records else (_FIRST, 0.0)
        match data[1]:
            case 0x25:
                packed = at.day | at.month << 5 | (at.year - 2000) << 9
                kind = _OBJECT if self._faults.has(Fault.SURFACE_MODE) else _FOREHEAD
                minute = at.minute | (kind & 3) << _MINUTE_BITS
                hour = at.hour | (kind >> 2) << _HOUR_BITS
                return [_answer(0x25, packed.to_bytes(2, "little") + bytes([minute, hour]))]
            case 0x26:
                count = round(body_c * (100 if self._in_hundredths else 10))
                if self._faults.has(Fault.SENTINEL):
                    count = 0
                return [_answer(0x26, count.to_bytes(2, "little") + b"\x00\x00")]
            case 0x2B:
                return [_answer(0x2B, len(self._records).to_bytes(2, "little") + b"\x00\x00")]
        return []


def _answer(command: int, data: bytes) -> Value:
    frame = bytes([0x51, command]) + data + b"\xa5"
    return CHARACTERISTIC, frame + bytes([sum(frame) & 0xFF])
