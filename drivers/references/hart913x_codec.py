"""Hart 9132 and 9133 blackbodies: lines to values, without I/O.

Source: Hart 9132/9133 manuals (protocol page 17): short ASCII commands end in CR; `s` asks for the
set point (`set: 37.00 C`), `t` for the temperature (`t: 36.98 C`), `s=37.0` sets, `u=c` takes
Celsius. By the sister instruments' manuals it echoes what it hears (full duplex) and sends `t:`
lines unasked, unless somebody switched that off; how many blanks stand before a number is not
printed on the pages read.
"""

import re

from drivers.errors import ProtocolError
from drivers.references.lines import Quantity, decode_temperature

CELSIUS = b"u=c\r"
QUERIES = {Quantity.SET_POINT: b"s\r", Quantity.TEMPERATURE: b"t\r"}

_LABELS = {"set": Quantity.SET_POINT, "t": Quantity.TEMPERATURE}
_ANSWER = re.compile(r"(set|t):\s*([+-]?\d{1,3}[.,]\d{1,2})\s*([CF])", re.IGNORECASE)
_ECHO = re.compile(r"s|t|u=c|s=[\d.]{1,8}", re.IGNORECASE)


def encode_set_point(set_point_c: float) -> bytes:
    """Return the command that sets the temperature, °C, where the unit is Celsius."""
    return f"s={set_point_c:.2f}\r".encode()


def other_device(seen: bytes) -> ProtocolError:
    """Return the error for the speech of another device, or for a torn line."""
    return ProtocolError("this is no Hart 9132 or 9133: choose another port, speed or driver", seen)


def decode(line: bytes) -> tuple[Quantity, float] | None:
    """Return what a line tells and its value, °C, or None for an echo of ours.

    Raises:
        ProtocolError: if it is anything else.
    """
    text = line.decode("ascii", "replace").strip()
    if _ECHO.fullmatch(text):
        return None
    answer = _ANSWER.fullmatch(text)
    if answer is None:
        raise other_device(line)
    label, number, unit = answer.groups()
    return _LABELS[label.lower()], decode_temperature(number.encode(), unit.upper())
