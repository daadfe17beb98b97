"""TaiDoc and FORA forehead thermometers over Bluetooth, values to readings, without I/O.

Source: two independent open decoders that agree, one checked against a FORA IR42 at 37.00 °C. What
was measured (`_OBJECTS`) and the number of records are told by one open gateway for FORA's
thermometers, the number also by one for the maker's meters. The same service serves glucose meters:
the name must match.
"""

import re
from dataclasses import dataclass

from drivers.errors import ProtocolError
from drivers.thermometers.ble_reading import BleReading, Write
from station.core.cases import ReadingMode, TrustClass

CHARACTERISTIC = "00001524-1212-efde-1523-785feabcd123"
"""Written to and notified."""
NAMES = re.compile(r"(FORA|TAIDOC)\s*(IR4[02]|TD-?1241|TD-?1261|TD-?1035)", re.IGNORECASE)
"""Thermometers of the family."""

_HEAD, _FROM_HOST, _FROM_DEVICE = 0x51, 0xA3, 0xA5
_DATE, _VALUE, _COUNT = 0x25, 0x26, 0x2B
_FRAME_BYTES = 8
_VALUE_MASK = 0x0FFF
# Three bits beside minute and hour tell what was measured: 4 an object's surface, 5 the room.
_OBJECTS = frozenset({4, 5})
# Values below are tenths, others hundredths.
_TENTHS_BELOW = 1000


@dataclass(frozen=True, slots=True)
class TaidocFrame:
    """One answer."""

    command: int
    """Which question it answers."""
    data: bytes
    """Its four bytes."""


def encode_request(command: int) -> bytes:
    """Return a question."""
    frame = bytes([_HEAD, command, 0, 0, 0, 0, _FROM_HOST])
    return frame + bytes([sum(frame) & 0xFF])


class TaidocParser:
    """Takes notifications in any chunking; the chunking changes nothing."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[TaidocFrame]:
        """Return each whole answer; what is no frame is skipped."""
        self._buffer += data
        found: list[TaidocFrame] = []
        while (start := self._buffer.find(_HEAD)) >= 0:
            del self._buffer[:start]
            if len(self._buffer) < _FRAME_BYTES:
                return found
            frame = bytes(self._buffer[:_FRAME_BYTES])
            is_whole = frame[6] == _FROM_DEVICE and frame[7] == sum(frame[:7]) & 0xFF
            del self._buffer[: _FRAME_BYTES if is_whole else 1]
            if is_whole:
                found.append(TaidocFrame(frame[1], frame[2:6]))
        self._buffer.clear()
        return found


def decode_value(data: bytes) -> float:
    """Return a temperature, °C: tenths below 1000, else hundredths.

    Hundredths fit only up to 40.95 °C; a hotter reading in hundredths would wrap, so that nothing
    below 30 °C is taken for a fever, and nothing wraps into the normal range: it would read 10 °C.

    Raises:
        ProtocolError: if there is no value.
    """
    count = int.from_bytes(data[:2], "little") & _VALUE_MASK
    if not count:
        raise ProtocolError("the thermometer tells no value", data)
    return count / 10 if count < _TENTHS_BELOW else count / 100


def decode_date(data: bytes) -> str:
    """Return the device's own date and minute as text; only to know a record again."""
    day, month = data[0] & 0x1F, data[0] >> 5 | (data[1] & 0x01) << 3
    hour, minute = data[3] & 0x1F, data[2] & 0x3F
    return f"{2000 + (data[1] >> 1):04}-{month:02}-{day:02}T{hour:02}:{minute:02}"


def decode_is_object(data: bytes) -> bool:
    """Return whether the date's four bytes say that no person was measured."""
    return (data[2] >> 6 | (data[3] >> 3) & 0x04) in _OBJECTS


class TaidocConversation:
    """Asks for the date of the latest record, how many there are, and the latest value.

    The number tells a second reading from the first one told again: the date has minutes only. A
    device that does not know the question is asked for the value all the same.
    """

    may_be_silent = False

    def __init__(self) -> None:
        self._parser = TaidocParser()
        self._date = b""
        self._number: int | None = None
        self._is_value_asked = False

    def begin(self) -> list[Write | BleReading | None]:
        """Ask for the date."""
        return [Write(CHARACTERISTIC, encode_request(_DATE))]

    def take(self, characteristic: str, data: bytes) -> list[Write | BleReading | None]:
        """Take an answer; after the value all is told."""
        if characteristic != CHARACTERISTIC:
            return []
        wishes: list[Write | BleReading | None] = []
        for frame in self._parser.feed(data):
            if frame.command == _DATE and not self._date:
                self._date = frame.data
                wishes.append(Write(CHARACTERISTIC, encode_request(_COUNT)))
            elif frame.command == _COUNT and self._date:
                self._number = int.from_bytes(frame.data[:2], "little")
                wishes += self.go_on()
            elif frame.command == _VALUE and self._is_value_asked:
                wishes += [self._reading(decode_value(frame.data)), None]
        return wishes

    def go_on(self) -> list[Write | BleReading | None]:
        """Ask for the value, once, when the number was told or is not going to be."""
        if not self._date or self._is_value_asked:
            return []
        self._is_value_asked = True
        return [Write(CHARACTERISTIC, encode_request(_VALUE))]

    def _reading(self, celsius: float) -> BleReading:
        is_object = decode_is_object(self._date)
        return BleReading(
            celsius,
            ReadingMode.SURFACE if is_object else ReadingMode.BODY,
            TrustClass.SURFACE if is_object else TrustClass.FOREHEAD,
            decode_date(self._date),
            self._number,
        )
