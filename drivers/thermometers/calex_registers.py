"""Registers of Calex PyroMiniBus, PMB hub and PyroUSB, and of Omega OS-MINI; without I/O.

Source: Calex and Omega manuals, whose registers are the same; protocol page 15, confidence HIGH.
Temperatures are int16 in tenths of a degree, emissivities in 0.0001. The first register tells the
type, and the type which of two maps holds. Routine settings go to the volatile registers alone: the
others wear out an EEPROM.
"""

from dataclasses import dataclass

from drivers.errors import ProtocolError
from drivers.transport.modbus_codec import to_signed

IDENTITY = 0x00
"""Type, field of view, serial number (two registers, high first)."""
IDENTITY_COUNT = 4
"""How many registers these are."""
BLOCK_COUNT = 7
"""Average, lowest, highest, filtered, unfiltered, sensor, status: in one piece on both maps."""

_UNFILTERED, _SENSOR, _STATUS = 4, 5, 6
_BROKEN_BITS = {0: "a measuring error", 1: "its sensor is too cold", 2: "its sensor is too hot"}
_OBJECT_BITS = 0b11000
# Wider than any of the family: objects to 1000 °C, sensors from 0 to 120 °C.
_OBJECT_C = (-50.0, 1100.0)
_SENSOR_C = (-40.0, 150.0)


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """Where a type keeps what is asked for."""

    block: int
    """First of the `BLOCK_COUNT` registers of measurement."""
    volatile_emissivity: int
    """Emissivity until power is lost."""


_MINI = RegisterMap(block=0x0B, volatile_emissivity=0x17)
_PYRO_USB = RegisterMap(block=0x0F, volatile_emissivity=0x18)
_TYPES = {
    16: ("OS-MINIUSB or PyroMini USB", _MINI),
    17: ("PyroMiniBus", _MINI),
    21: ("PyroUSB PUA8", _PYRO_USB),
    22: ("PyroUSB PUA2", _PYRO_USB),
    23: ("PyroUSB PUA5", _PYRO_USB),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers."""

    model: str
    """Its type in words."""
    serial_number: str
    """Its serial number; empty where the map does not tell it."""
    registers: RegisterMap
    """Where it keeps what is asked for."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One reading."""

    object_c: float | None
    """Unfiltered object temperature, °C: no hold mode bends it. None where it is out of range."""
    sensor_c: float
    """The sensor's own temperature, °C."""
    fault: str
    """Why nothing may be believed; empty when all is well."""


def decode_identity(registers: tuple[int, ...]) -> Identity:
    """Return who answers.

    Raises:
        ProtocolError: if the type is none of the family.
    """
    kind, _, high, low = registers
    if kind not in _TYPES:
        raise ProtocolError(
            f"the Modbus device is no Calex or Omega thermometer (type {kind}): choose another "
            "port, address or driver",
            b"".join(each.to_bytes(2, "big") for each in registers),
        )
    model, layout = _TYPES[kind]
    # The manual of the PyroUSB does not say where its serial number is.
    serial_number = str((high << 16) + low) if layout is _MINI else ""
    return Identity(model, serial_number, layout)


def decode_block(registers: tuple[int, ...]) -> Measurement:
    """Return one reading.

    Raises:
        ProtocolError: if a temperature is one that no device of the family can tell.
    """
    object_c = to_signed(registers[_UNFILTERED]) / 10
    sensor_c = to_signed(registers[_SENSOR]) / 10
    status = registers[_STATUS]
    fault = ", ".join(text for bit, text in _BROKEN_BITS.items() if status >> bit & 1)
    is_object_out = bool(status & _OBJECT_BITS)
    is_possible = _OBJECT_C[0] <= object_c <= _OBJECT_C[1]
    if not fault and not (
        (is_possible or is_object_out) and _SENSOR_C[0] <= sensor_c <= _SENSOR_C[1]
    ):
        raise ProtocolError(
            "the thermometer tells an impossible temperature",
            b"".join(each.to_bytes(2, "big") for each in registers),
        )
    return Measurement(None if fault or is_object_out else object_c, sensor_c, fault)


def encode_emissivity(emissivity: float) -> int:
    """Return an emissivity, 0.1 to 1, as its register's value.

    Raises:
        ValueError: if it is out of its range.
    """
    if not 0.1 <= emissivity <= 1.0:  # noqa: PLR2004
        raise ValueError(f"emissivity must be 0.1 to 1: {emissivity:g}")
    return round(emissivity * 10000)
