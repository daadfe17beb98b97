"""Air temperature and humidity from two Modbus registers; without I/O."""

from dataclasses import dataclass

from drivers.errors import ProtocolError
from drivers.transport.modbus_codec import to_signed

# Wider than any checkpoint, indoors or out.
_POSSIBLE_C = (-50.0, 70.0)
_POSSIBLE_PCT = (0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """What one count of a register is worth."""

    temperature_c: float = 0.1
    """°C a count, signed."""
    humidity_pct: float = 0.1
    """% relative humidity a count."""

    def __post_init__(self) -> None:
        if not (self.temperature_c > 0 and self.humidity_pct > 0):
            raise ValueError("a count must be worth more than 0")


def decode_temperature(register: int, scale: Scale) -> float:
    """Return the air's temperature, °C.

    Raises:
        ProtocolError: if no air is so warm or cold: another sensor, or another scale.
    """
    value_c = round(to_signed(register) * scale.temperature_c, 3)
    return _within(value_c, _POSSIBLE_C, f"an air temperature of {value_c:g} °C", register)


def decode_humidity(register: int, scale: Scale) -> float:
    """Return the relative humidity, %.

    Raises:
        ProtocolError: if it is none.
    """
    value_pct = round(register * scale.humidity_pct, 3)
    return _within(value_pct, _POSSIBLE_PCT, f"a humidity of {value_pct:g} %", register)


def _within(value: float, limits: tuple[float, float], said: str, register: int) -> float:
    if not limits[0] <= value <= limits[1]:
        raise ProtocolError(
            f"the room sensor tells {said}: check its register, scale and function in the settings",
            register.to_bytes(2, "big"),
        )
    return value
