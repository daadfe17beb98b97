"""Fluke/Hart 4180 and 4181 flat-plate blackbodies (SCPI): lines to values, without I/O.

Source: Fluke 4180/4181 technical guide (RS-232, SCPI). Commands end in CR; replies end in CR alone
unless somebody switched the line-feed on. The query forms of EMIS follow SCPI's rule that a
command's query is its name with "?"; the pages read do not print it.
"""

import re

from drivers.errors import ProtocolError
from drivers.references.lines import decode_number

IDENTITY = "*IDN?"
CLEAR_STATUS = "*CLS"
CELSIUS = "UNIT:TEMP C"
DECIMAL_POINT = "SYST:DEC:FORM 0"
NEXT_ERROR = "SYST:ERR?"
SET_POINT = "SOUR:SPO?"
TEMPERATURE = "SOUR:SENS:DATA?"
STABLE = "SOUR:STAB:TEST?"
EMISSIVITY = "SOUR:EMIS?"
OUTPUT = "OUTP:STAT?"
OUTPUT_ON = "OUTP:STAT 1"
OUTPUT_OFF = "OUTP:STAT 0"
CUT_OUT_TRIPPED = "SOUR:PROT:TRIP?"

_MAKERS = ("FLUKE", "HART")
_MODELS = ("4180", "4181")
_IDENTITY_PARTS = 4


def encode(command: str) -> bytes:
    """Return a command's bytes."""
    return command.encode("ascii") + b"\r"


def encode_set_point(set_point_c: float) -> bytes:
    """Return the command that sets the temperature, °C."""
    return encode(f"SOUR:SPO {set_point_c:.2f}")


def is_echo(line: bytes, command: str) -> bool:
    """Whether a line is the command itself, come back from a line that echoes."""
    return line.strip().upper() == command.encode("ascii").upper()


def other_device(seen: bytes) -> ProtocolError:
    """Return the error for the speech of another device."""
    return ProtocolError(
        "this is no Fluke 4180 or 4181: choose another port, speed or driver", seen
    )


def decode_identity(line: bytes) -> tuple[str, str]:
    """Return (model, serial number) of the answer to `*IDN?`.

    Raises:
        ProtocolError: if it is another device.
    """
    parts = [part.strip() for part in line.decode("ascii", "replace").split(",")]
    if len(parts) != _IDENTITY_PARTS or parts[0].upper() not in _MAKERS or parts[1] not in _MODELS:
        raise other_device(line)
    if not parts[2].isprintable():
        raise other_device(line)
    return f"{parts[0].title()} {parts[1]}", parts[2]


def decode_emissivity(line: bytes) -> float:
    """Return an emissivity, above 0 and at most 1.

    Raises:
        ProtocolError: if it is none.
    """
    value = decode_number(line)
    if not 0 < value <= 1:
        raise ProtocolError("the reference source tells an impossible emissivity", line)
    return value


def decode_flag(line: bytes) -> bool:
    """Return a flag sent as 0 or 1.

    Raises:
        ProtocolError: if it is neither.
    """
    value = decode_number(line)
    if value not in {0.0, 1.0}:
        raise ProtocolError("the reference source answers neither 0 nor 1", line)
    return value == 1


def decode_error(line: bytes) -> str:
    """Return the text of the oldest error in the device's queue, empty if there is none.

    Raises:
        ProtocolError: if the answer is no error entry.
    """
    number, _, text = line.decode("ascii", "replace").partition(",")
    number = number.strip()
    if not re.fullmatch(r"[+-]?\d{1,5}", number):
        raise ProtocolError("the reference source does not tell its errors", line)
    return "" if int(number) == 0 else text.strip(' "') or f"error {number}"
