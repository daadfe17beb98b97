"""The Bluetooth SIG's Health Thermometer service (0x1809), values to readings, without I/O.

Source: Bluetooth SIG GATT specification supplement, Temperature Measurement; IEEE 11073-20601,
FLOAT.
"""

from math import isfinite

from drivers.errors import ProtocolError
from drivers.thermometers.ble_reading import BleReading, Write
from station.core.cases import ReadingMode, TrustClass

MEASUREMENT = "00002a1c-0000-1000-8000-00805f9b34fb"
"""Temperature Measurement, indicated."""

_FAHRENHEIT, _HAS_TIME, _HAS_TYPE = 0x01, 0x02, 0x04
_FLOAT_BYTES, _TIME_BYTES = 5, 7
# NaN, not at this resolution, plus and minus infinity, reserved: no temperatures.
_NO_VALUE = frozenset({0x7FFFFF, 0x800000, 0x7FFFFE, 0x800002, 0x800001})
_TRUST_BY_TYPE = {
    1: TrustClass.CONTACT,  # armpit
    2: TrustClass.FOREHEAD,  # body, in general: forehead thermometers say so
    3: TrustClass.TYMPANIC,  # ear
    4: TrustClass.SURFACE,  # finger
    5: TrustClass.CONTACT,  # gastro-intestinal tract
    6: TrustClass.CONTACT,  # mouth
    7: TrustClass.CONTACT,  # rectum
    8: TrustClass.SURFACE,  # toe
    9: TrustClass.TYMPANIC,  # tympanum
}
_LARGEST_EXPONENT = 4


def decode_measurement(data: bytes, untyped: TrustClass) -> BleReading | None:
    """Return the reading of one Temperature Measurement; None if the device has no value.

    Args:
        data: the characteristic's value.
        untyped: the trust of a reading that does not tell its site.

    Raises:
        ProtocolError: if it is shorter than its flags say, or no temperature.
    """
    if len(data) < _FLOAT_BYTES:
        raise ProtocolError("this is no temperature measurement", data)
    flags = data[0]
    mantissa = int.from_bytes(data[1:4], "little")
    exponent = int.from_bytes(data[4:5], "little", signed=True)
    # What follows the fields that the flags name is the maker's own and left alone.
    needed = _FLOAT_BYTES + _TIME_BYTES * bool(flags & _HAS_TIME) + bool(flags & _HAS_TYPE)
    if len(data) < needed:
        raise ProtocolError("a temperature measurement was torn", data)
    if mantissa in _NO_VALUE:
        return None
    signed = mantissa - (1 << 24) if mantissa & 0x800000 else mantissa
    if abs(exponent) > _LARGEST_EXPONENT:
        raise ProtocolError("a temperature measurement has an impossible exponent", data)
    value = signed * 10.0**exponent
    celsius = (value - 32) / 1.8 if flags & _FAHRENHEIT else value
    if not isfinite(celsius):
        raise ProtocolError("a temperature measurement is no number", data)
    trust = untyped
    if flags & _HAS_TYPE:
        trust = _TRUST_BY_TYPE.get(data[needed - 1], untyped)
    mode = ReadingMode.SURFACE if trust is TrustClass.SURFACE else ReadingMode.BODY
    return BleReading(round(celsius, 2), mode, trust, _device_time(data, flags))


def _device_time(data: bytes, flags: int) -> str:
    """Return the device's own time as text; empty if it has none, or does not know it."""
    if not flags & _HAS_TIME:
        return ""
    stamp = data[_FLOAT_BYTES : _FLOAT_BYTES + _TIME_BYTES]
    year, (month, day, hour, minute, second) = int.from_bytes(stamp[:2], "little"), stamp[2:]
    if 0 in {year, month, day}:
        return ""
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


class HealthConversation:
    """Nothing is asked: the device indicates what it has.

    Args:
        untyped: the trust of a reading that does not tell its site.
    """

    may_be_silent = True

    def __init__(self, untyped: TrustClass) -> None:
        self._untyped = untyped

    def begin(self) -> list[Write | BleReading | None]:
        """Ask nothing."""
        return []

    def take(self, characteristic: str, data: bytes) -> list[Write | BleReading | None]:
        """Decode a measurement; other characteristics say nothing about temperature."""
        if characteristic != MEASUREMENT:
            return []
        reading = decode_measurement(data, self._untyped)
        return [] if reading is None else [reading]

    def go_on(self) -> list[Write | BleReading | None]:
        """Wait for what it has."""
        return []
