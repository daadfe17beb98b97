"""Optris CT, CTlaser, CS and CSmicro (also sold as Micro-Epsilon): bytes to values, without I/O.

Source: Optris CS manuals and the command list for CT of April 2020; protocol page 13, confidence
HIGH. A command is one byte; an answer has no head, no length and no checksum, so that a caller must
know how many bytes to expect and prove the number by other means. Bursts are not used.
"""

from drivers.errors import ProtocolError

OBJECT = 0x01
"""Object temperature, after the device's own processing; 2 bytes."""
HEAD = 0x02
"""The sensing head's own temperature; 2 bytes."""
MOMENTARY = 0x03
"""Object temperature of this moment; 2 bytes."""
EMISSIVITY = 0x04
"""Emissivity x1000; 2 bytes."""
SERIAL_NUMBER = 0x0E
"""3 bytes."""
FIRMWARE = 0x0F
"""2 bytes."""
SET_EMISSIVITY = 0x84
"""Followed by emissivity x1000; the answer is the value."""

VALUE_BYTES = 2
"""Length of an answer that is a value."""
SERIAL_NUMBER_BYTES = 3
"""Length of the serial number."""

# Wider than any head of the family; protocol page 13.
_POSSIBLE_C = (-50.0, 1030.0)
_BUS_PREFIX = 0xB0


def encode_query(command: int, bus_address: int | None = None) -> bytes:
    """Return the bytes that ask for a value.

    Args:
        command: one of the names above.
        bus_address: 1 to 15 on RS-485, None on a line of its own.
    """
    return _prefix(bus_address) + bytes([command])


def encode_emissivity(
    emissivity: float, *, has_check: bool, bus_address: int | None = None
) -> bytes:
    """Return the bytes that set the emissivity.

    Args:
        emissivity: 0.1 to 1.1.
        has_check: whether the device wants the XOR of all bytes behind them (CT, not CS).
        bus_address: as for `encode_query`; it is left out of the XOR.
    """
    body = bytes([SET_EMISSIVITY]) + round(emissivity * 1000).to_bytes(2, "big")
    check = bytes([body[0] ^ body[1] ^ body[2]]) if has_check else b""
    return _prefix(bus_address) + body + check


def decode_temperature(answer: bytes, *, is_hs: bool) -> float:
    """Return a temperature, °C.

    Args:
        answer: the 2 bytes.
        is_hs: whether the model is one of high resolution, which cannot be seen from a value.

    Raises:
        ProtocolError: if no head can have it: the wrong kind of model, shifted bytes, no head.
    """
    word = int.from_bytes(answer, "big")
    value_c = (word - 10000) / 100 if is_hs else (word - 1000) / 10
    low_c, high_c = _POSSIBLE_C
    if not low_c <= value_c <= high_c:
        raise ProtocolError(
            "the thermometer tells an impossible temperature: check its head, and whether it is "
            "a high-resolution (hs) model",
            answer,
        )
    return value_c


def decode_emissivity(answer: bytes) -> float:
    """Return an emissivity."""
    return int.from_bytes(answer, "big") / 1000


def _prefix(bus_address: int | None) -> bytes:
    return b"" if bus_address is None else bytes([_BUS_PREFIX + bus_address])
