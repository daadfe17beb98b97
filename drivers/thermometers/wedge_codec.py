"""Thermometers and adapters that type their reading like a keyboard: key events to readings.

Source: linux/input.h and linux/input-event-codes.h (struct input_event on 64-bit machines). What is
typed differs from maker to maker: a number with one or two decimals, point or comma, perhaps a
unit, then Enter or Tab.
"""

import re
import struct
from dataclasses import dataclass

from drivers.errors import ProtocolError

_EVENT = struct.Struct("<qqHHi")
_KEY, _PRESSED = 0x01, 1
# Synchronisation, key, raw scan code, lamp and repetition: what keyboards send.
_TYPES = frozenset({0x00, 0x01, 0x04, 0x11, 0x14})
_LARGEST_CODE = 0x2FF
_ENDS = frozenset({28, 96, 15})  # Enter, keypad Enter, Tab
_CHARACTERS = {
    **{code: str(code - 1) for code in range(2, 11)},
    **{11: "0", 52: ".", 51: ",", 33: "F", 46: "C", 57: " "},
    **dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73, 83), "0123456789.", strict=True)),
}
# Shift and the like say nothing by themselves.
_SILENT_KEYS = frozenset({42, 54, 29, 97, 56, 100, 58, 69})
_READING = re.compile(r"\s*(\d{2,3})[.,](\d{1,2})\s*([CF]?)\s*")
_LONGEST_LINE = 24
_FOREIGN_BYTES = 96
# Without a unit the number itself tells it: no person has 86 °C.
_CELSIUS, _FAHRENHEIT = (30.0, 45.0), (86.0, 113.0)


@dataclass(frozen=True, slots=True)
class TypedReading:
    """One reading that was typed."""

    temperature_c: float
    """°C, converted once, here."""
    is_plausible: bool
    """Whether a person's thermometer can show it."""


class WedgeParser:
    """Takes key events in any chunking; the chunking changes nothing."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._foreign = bytearray()
        self._line = ""

    def feed(self, data: bytes) -> list[TypedReading | ProtocolError]:
        """Return, in order, each whole reading and each line or run of bytes that is none."""
        self._bytes += data
        found: list[TypedReading | ProtocolError] = []
        while len(self._bytes) >= _EVENT.size:
            _, _, kind, code, value = _EVENT.unpack_from(self._bytes)
            if not _is_event(kind, code, value):
                self._foreign.append(self._bytes.pop(0))
                if len(self._foreign) > _FOREIGN_BYTES:
                    found.append(_foreign(bytes(self._foreign)))
                    self._foreign.clear()
                continue
            del self._bytes[: _EVENT.size]
            if kind == _KEY and value == _PRESSED:
                found += self._press(code)
        return found

    def forget(self) -> None:
        """Drop a line or an event that was begun: a wedge types faster than any hand."""
        self._line = ""
        self._bytes.clear()

    def _press(self, code: int) -> list[TypedReading | ProtocolError]:
        if code in _SILENT_KEYS:
            return []
        if code not in _ENDS:
            # A key that no reading has spoils its line.
            self._line = (self._line + _CHARACTERS.get(code, "?"))[:_LONGEST_LINE]
            return []
        line, self._line = self._line, ""
        return [decode_line(line)] if line.strip() else []


def _is_event(kind: int, code: int, value: int) -> bool:
    is_known = kind in _TYPES and code <= _LARGEST_CODE
    return is_known and (kind != _KEY or value in {0, 1, 2})


def decode_line(line: str) -> TypedReading | ProtocolError:
    """Return the reading of a typed line, or the error for a line that is none."""
    match = _READING.fullmatch(line)
    if match is None:
        return _foreign(line.encode())
    value, unit = float(f"{match[1]}.{match[2]}"), match[3]
    is_fahrenheit = unit == "F" or (not unit and _FAHRENHEIT[0] <= value <= _FAHRENHEIT[1])
    celsius = (value - 32) / 1.8 if is_fahrenheit else value
    low_c, high_c = _CELSIUS
    return TypedReading(round(celsius, 2), low_c <= celsius <= high_c)


def _foreign(seen: bytes) -> ProtocolError:
    return ProtocolError(
        "this keyboard types no temperature: choose another input device or driver", seen
    )
