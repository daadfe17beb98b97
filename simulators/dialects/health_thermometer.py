"""What a thermometer with the Bluetooth SIG's Health Thermometer service says.

Source: GATT specification supplement, Temperature Measurement: flags, FLOAT of IEEE 11073-20601,
time stamp, type. At the connection it sends again what it has stored, as such devices do.
"""

from datetime import UTC, datetime, timedelta

from simulators.faults import Fault, Faults
from simulators.gatt import GattDialect, Value

MEASUREMENT = "00002a1c-0000-1000-8000-00805f9b34fb"
"""Temperature Measurement."""

_KEPT = 3
_NAN = bytes.fromhex("FFFF7F00")
_DEAD_CLOCK = timedelta(days=-9000)


class HealthThermometerDialect(GattDialect):
    """The thermometer with its stored records.

    Args:
        faults: its switches.
        site: the type that it tells, 1 to 9; 0 for none.
    """

    name = "FT95"

    def __init__(self, faults: Faults, *, site: int = 3) -> None:
        self._faults = faults
        self._site = site
        self._stored: list[bytes] = []
        self._count = 0

    def connected(self) -> list[Value]:
        """Tell what is stored, the oldest first."""
        return [(MEASUREMENT, record) for record in self._stored]

    def written(self, characteristic: str, data: bytes) -> list[Value]:
        """Take nothing."""
        return []

    def measured(self, body_c: float) -> list[Value]:
        """Measure, store and tell."""
        record = self._encode(body_c)
        self._stored = [*self._stored[1 - _KEPT :], record]
        return [(MEASUREMENT, record)]

    def _encode(self, body_c: float) -> bytes:
        is_fahrenheit = self._faults.has(Fault.FAHRENHEIT)
        self._count += 1
        # A second apart, however fast somebody measures: the stamp has no smaller part.
        at = datetime.now(UTC) + timedelta(seconds=self._count)
        if self._faults.has(Fault.CLOCK):
            at += _DEAD_CLOCK
        shown = body_c * 1.8 + 32 if is_fahrenheit else body_c
        mantissa = round(shown * 10).to_bytes(3, "little", signed=True)
        value = _NAN if self._faults.has(Fault.SENTINEL) else mantissa + b"\xff"
        stamp = at.year.to_bytes(2, "little")
        stamp += bytes([at.month, at.day, at.hour, at.minute, at.second])
        kind = bytes([self._site]) if self._site else b""
        flags = int(is_fahrenheit) | 0x02 | (0x04 if self._site else 0)
        return bytes([flags]) + value + stamp + kind
