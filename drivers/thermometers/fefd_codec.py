"""The "FE FD" forehead gun: bytes to readings, without I/O.

Source: OEM document "Bluetooth Thermometer (IR) Communication Protocol". There is no checksum and
the value may hold the tail's bytes 0D 0A, so frames are cut by their fixed length of 8 bytes and
checked field by field.
"""

from dataclasses import dataclass

from drivers.errors import ProtocolError
from station.core.cases import ReadingMode

CONNECT = bytes.fromhex("FE FD AA A0 0D 0A")
"""Host to device: connect; repeat every 0.5 s, at most 3 times."""

_HEAD = b"\xfe\xfd"
_TAIL = b"\r\n"
_FRAME_BYTES = 8
_CELSIUS, _FAHRENHEIT = 0x1A, 0x15
_BODY, _OTHER, _ACKNOWLEDGE = 0x01, 0x00, 0xAA
# The acknowledge of "connect" and of "switch off": the complements of both command bytes.
_ACKNOWLEDGED = (b"\x55\x5f", b"\x55\x6e")
# Bytes without any frame before the port is said to hold another device.
_FOREIGN_BYTES = 64
_PLAUSIBLE_C = (30.0, 45.0)


@dataclass(frozen=True, slots=True)
class FefdReading:
    """One triggered reading."""

    temperature_c: float
    """°C, converted once, here."""
    mode: ReadingMode
    """Body mode, or any other mode, taken as surface."""
    is_plausible: bool
    """Whether a living person's forehead gun can show it (the page names no Lo/Hi codes)."""


class FefdParser:
    """Takes bytes in any chunking and returns what they hold; the chunking changes nothing."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._foreign = bytearray()
        self._frame_count = 0

    @property
    def frame_count(self) -> int:
        """Whole frames seen, acknowledges among them."""
        return self._frame_count

    @property
    def foreign(self) -> bytes:
        """Bytes since the last frame that belong to none."""
        return bytes(self._foreign)

    def feed(self, data: bytes) -> list[FefdReading | ProtocolError]:
        """Return, in the order of the bytes, each whole reading and each run of foreign bytes.

        A run of foreign bytes is a `ProtocolError` for the caller to raise when its turn comes,
        so that no reading beside it is lost. The parser goes on after it.
        """
        found: list[FefdReading | ProtocolError] = []
        for byte in data:
            self._buffer.append(byte)
            while self._buffer and not _may_begin(bytes(self._buffer)):
                self._foreign.append(self._buffer.pop(0))
                if len(self._foreign) > _FOREIGN_BYTES:
                    found.append(foreign_device(bytes(self._foreign)))
                    self._foreign.clear()
            if len(self._buffer) == _FRAME_BYTES:
                frame = bytes(self._buffer)
                self._buffer.clear()
                self._foreign.clear()
                self._frame_count += 1
                if frame[3] != _ACKNOWLEDGE:
                    found.append(_decode(frame))
        return found


def foreign_device(seen: bytes) -> ProtocolError:
    """Return the error for bytes of another device."""
    return ProtocolError(
        "this is no FE FD thermometer: choose another port or another driver", seen
    )


def _may_begin(start: bytes) -> bool:
    """Whether these bytes, at most a frame, can be the beginning of one."""
    if not _HEAD.startswith(start[:2]):
        return False
    is_unit = len(start) < 3 or start[2] in {_CELSIUS, _FAHRENHEIT}  # noqa: PLR2004
    is_flag = len(start) < 4 or start[3] in {_BODY, _OTHER, _ACKNOWLEDGE}  # noqa: PLR2004
    is_value = start[3:4] != bytes([_ACKNOWLEDGE]) or any(
        wanted.startswith(start[4:6]) for wanted in _ACKNOWLEDGED
    )
    return is_unit and is_flag and is_value and _TAIL.startswith(start[6:8])


def _decode(frame: bytes) -> FefdReading:
    """Decode a whole, checked frame: head, unit, flag, value x10 big-endian, tail."""
    value = int.from_bytes(frame[4:6], "big") / 10
    celsius = (value - 32) / 1.8 if frame[2] == _FAHRENHEIT else value
    low, high = _PLAUSIBLE_C
    mode = ReadingMode.BODY if frame[3] == _BODY else ReadingMode.SURFACE
    return FefdReading(round(celsius, 2), mode, low <= celsius <= high)
