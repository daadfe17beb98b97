"""LumaSense (Mikron) M340 blackbodies: lines to values, without I/O.

Source: M340 manual's examples (protocol page 18): `#01R00<CR>` asks for the temperature, the answer
is `<LF>#01R00=20.0C<CR>`; `#01R01` asks for the set point; `#01M01 0200C<CR>` sets it to tenths of
a degree. Register and address stand in every answer. What answers a set command is not printed.
"""

import re

from drivers.errors import DeviceError, ProtocolError
from drivers.references.lines import Quantity, decode_temperature

_REGISTERS = {Quantity.TEMPERATURE: "R00", Quantity.SET_POINT: "R01"}
_BY_REGISTER = {register: quantity for quantity, register in _REGISTERS.items()}
_TALK = re.compile(r"#(\d\d)([RM]\d\d)(.*)")
_VALUE = re.compile(r"=\s*([+-]?\d{1,3}[.,]\d)([CF])", re.IGNORECASE)
_HIGH_BIT = 0x80


def encode_query(address: int, quantity: Quantity) -> bytes:
    """Return the question to one device on the bus, 0 to 99."""
    return f"#{address:02d}{_REGISTERS[quantity]}\r".encode()


def encode_set_point(address: int, set_point_c: float) -> bytes:
    """Return the command that sets the temperature, °C.

    Raises:
        DeviceError: if it is no whole tenth of a degree, which is all that the command carries.
    """
    tenths = round(set_point_c * 10)
    if abs(tenths / 10 - set_point_c) > 1e-6:  # noqa: PLR2004 - the rounding of a float
        raise DeviceError(
            f"The M340 takes whole tenths of a degree, not {set_point_c:g} °C: choose another one."
        )
    return f"#{address:02d}M01 {tenths:04d}C\r".encode()


def other_device(seen: bytes) -> ProtocolError:
    """Return the error for the speech of another device, or for a torn line."""
    return ProtocolError("this is no M340: choose another port, address or driver", seen)


def decode(line: bytes, address: int) -> tuple[Quantity, float] | None:
    """Return what a line tells and its value, °C; None for echoes, set commands and others' talk.

    Raises:
        ProtocolError: if it is no line of this bus, or the line's parity is set wrongly.
    """
    if any(byte & _HIGH_BIT for byte in line):
        raise ProtocolError(
            "the M340's bytes come with a parity bit: set the port to 1200 baud, 7 data bits, odd "
            "parity",
            line,
        )
    talk = _TALK.fullmatch(line.decode("ascii").strip())
    if talk is None:
        raise other_device(line)
    told_address, register, rest = talk.groups()
    is_answer = rest and register in _BY_REGISTER
    if int(told_address) != address or not is_answer:
        return None
    value = _VALUE.fullmatch(rest)
    if value is None:
        raise other_device(line)
    number, unit = value.groups()
    return _BY_REGISTER[register], decode_temperature(number.encode(), unit.upper())
