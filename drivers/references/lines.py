"""What sources that speak in lines have in common: bytes to lines, text to numbers; without I/O."""

import re
from enum import StrEnum

from drivers.errors import ProtocolError

_NUMBER = re.compile(r"[+-]?\d{1,4}([.,]\d{1,6})?([eE][+-]?\d{1,2})?")
# Wider than any source that is known here (-30 to 500 °C): what lies outside is no temperature.
_POSSIBLE_C = (-40.0, 600.0)
_LONGEST_LINE = 200


class Quantity(StrEnum):
    """What can be asked; the value is the word for staff."""

    TEMPERATURE = "temperature"
    """What its own sensor measures."""
    SET_POINT = "set point"
    """What it is set to."""


class LineParser:
    """Takes bytes in any chunking and returns the lines; the chunking changes nothing."""

    def __init__(self) -> None:
        self._line = bytearray()

    @property
    def rest(self) -> bytes:
        """What has come since the last end of a line."""
        return bytes(self._line)

    def feed(self, data: bytes) -> list[bytes]:
        """Return each whole line, without its CR or LF; empty lines are left out.

        What is longer than any line of these devices comes in pieces, for the decoders to refuse:
        raised here, the error would cost the lines that came with it.
        """
        lines = []
        for byte in data:
            if byte in b"\r\n":
                if self._line:
                    lines.append(bytes(self._line))
                self._line.clear()
                continue
            self._line.append(byte)
            if len(self._line) > _LONGEST_LINE:
                lines.append(bytes(self._line))
                self._line.clear()
        return lines


def decode_number(line: bytes) -> float:
    """Return a number with a decimal point or, as some users set it, a comma.

    Raises:
        ProtocolError: if it is none.
    """
    text = line.decode("ascii", "replace").strip()
    if not _NUMBER.fullmatch(text):
        raise ProtocolError("the reference source answers something that is no number", line)
    return float(text.replace(",", "."))


def decode_temperature(line: bytes, unit: str = "C") -> float:
    """Return a temperature, °C.

    Args:
        line: the number.
        unit: C or F, as the device tells it.

    Raises:
        ProtocolError: if it is none, or none that a source can have.
    """
    value = decode_number(line)
    temperature_c = (value - 32) / 1.8 if unit == "F" else value
    low, high = _POSSIBLE_C
    if not low <= temperature_c <= high:
        raise ProtocolError("the reference source tells an impossible temperature", line)
    return temperature_c
