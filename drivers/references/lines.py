"""What sources that speak in lines have in common: what is asked, text to numbers; without I/O."""

import re
from enum import StrEnum

from drivers.errors import ProtocolError

_NUMBER = re.compile(r"[+-]?\d{1,4}([.,]\d{1,6})?([eE][+-]?\d{1,2})?")
# Wider than any source that is known here (-30 to 500 °C): what lies outside is no temperature.
_POSSIBLE_C = (-40.0, 600.0)


class Quantity(StrEnum):
    """What can be asked; the value is the word for staff."""

    TEMPERATURE = "temperature"
    """What its own sensor measures."""
    SET_POINT = "set point"
    """What it is set to."""


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
