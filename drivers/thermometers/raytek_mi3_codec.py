"""Raytek (Fluke Process Instruments) MI3, MI and MID in ASCII: lines to values, without I/O.

Source: MI3 manual revisions F1 and G, chapter 18 "ASCII Programming", and the MI/MID manual;
protocol page 14, confidence HIGH. A question is `?` and a parameter, its answer `!`, the parameter
and the value; heads are named by a digit before the parameter, boxes on a bus by three digits
before the question, whose answers then have no `!`. What a unit sends for a value out of range is
not known: whatever is no number is no value.
"""

import re

from drivers.errors import ProtocolError

OBJECT = "T"
"""Object temperature, in the unit that is set."""
INTERNAL = "I"
"""The head's own temperature, in the unit that is set."""
UNIT = "U"
"""C or F."""
EMISSIVITY = "E"
"""Emissivity of the head."""
MODEL = "XU"
"""The unit's name; a box's, never a head's."""
SERIAL_NUMBER = "XV"
"""The unit's serial number; a box's, never a head's."""
POLL_MODE = "V=P"
"""Ends a burst, if any character came within the 3 seconds before."""

_OF_THE_BOX = frozenset({UNIT, MODEL, SERIAL_NUMBER})
_NUMBER = re.compile(r"[+-]?[0-9]{1,4}(\.[0-9]{1,3})?")
_POSSIBLE_C = (-50.0, 3300.0)
_ERROR = b"*Syntax Error"


class Address:
    """Which head of which box is meant.

    Args:
        head: 1 to 8 behind a box, None for the only one.
        box: 1 to 32 on a bus, None on a line of its own.

    Raises:
        ValueError: if one is out of its range, or both are named (their answer is not known).
    """

    def __init__(self, head: int | None = None, box: int | None = None) -> None:
        if head is not None and not 1 <= head <= 8:  # noqa: PLR2004
            raise ValueError(f"head must be 1 to 8: {head}")
        if box is not None and not 1 <= box <= 32:  # noqa: PLR2004
            raise ValueError(f"box must be 1 to 32: {box}")
        if head is not None and box is not None:
            raise ValueError("a head of a box on a bus is not supported: name one of the two")
        self._head = "" if head is None else str(head)
        self._box = "" if box is None else f"{box:03}"

    def query(self, parameter: str) -> bytes:
        """Return the bytes that ask for a parameter."""
        return f"{self._box}?{self._named(parameter)}\r".encode("ascii")

    def volatile(self, parameter: str, value: str) -> bytes:
        """Return the bytes that set a parameter without writing the EEPROM."""
        return f"{self._box}{self._named(parameter)}#{value}\r".encode("ascii")

    def command(self, text: str) -> bytes:
        """Return the bytes of a command to the box."""
        return f"{self._box}{text}\r".encode("ascii")

    def value_of(self, line: bytes, parameter: str) -> str | None:
        """Return the value if the line answers for that parameter, else None.

        Raises:
            ProtocolError: if the unit says that it did not understand.
        """
        if line.startswith(_ERROR):
            raise ProtocolError("the thermometer does not know what it was asked", line)
        head = f"{self._box or '!'}{self._named(parameter)}"
        text = line.decode("ascii", "replace")
        return text[len(head) :].strip() if text.startswith(head) else None

    def _named(self, parameter: str) -> str:
        return parameter if parameter in _OF_THE_BOX else self._head + parameter


def decode_number(text: str) -> float:
    """Return a number with a decimal point.

    Raises:
        ProtocolError: if it is none.
    """
    if not _NUMBER.fullmatch(text):
        raise ProtocolError("the thermometer tells no number", text.encode("utf-8"))
    return float(text)


def decode_temperature(text: str, *, is_fahrenheit: bool) -> float:
    """Return a temperature, °C, converted once, here.

    Raises:
        ProtocolError: if it is none, or none that a model of the family can have.
    """
    value = decode_number(text)
    value_c = (value - 32) / 1.8 if is_fahrenheit else value
    low_c, high_c = _POSSIBLE_C
    if not low_c <= value_c <= high_c:
        raise ProtocolError("the thermometer tells an impossible temperature", text.encode())
    return round(value_c, 2)


def decode_unit(text: str) -> bool:
    """Return whether the unit set is Fahrenheit.

    Raises:
        ProtocolError: if it is neither C nor F.
    """
    if text not in {"C", "F"}:
        raise ProtocolError("the thermometer tells no unit", text.encode("utf-8"))
    return text == "F"
