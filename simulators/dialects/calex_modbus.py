"""What a Calex PyroMiniBus or PyroUSB says over Modbus RTU.

Source: Calex and Omega manuals on protocol page 15: tenths of a degree, emissivity in 0.0001, the
type in register 0, two maps. How its filter works is not told: each reading moves it half the way.
"""

from collections.abc import Callable, Mapping

from simulators.devices.point_sensor import PointSensorDevice
from simulators.dialects.modbus_rtu import (
    ILLEGAL_REGISTER,
    ILLEGAL_VALUE,
    ModbusRtuDialect,
    Refused,
    to_register,
)
from simulators.faults import Fault, Faults

PYRO_MINI_BUS, PYRO_USB = 17, 21
_SERIAL_NUMBER = 123456
_STATUS_ERROR = 0b1


class CalexModbusDialect(ModbusRtuDialect):
    """The thermometer's side of the line.

    Args:
        device: what it sees.
        faults: its switches.
        kind: its type, 16, 17 or 21 to 23.
        address: its address on the bus.
    """

    def __init__(
        self,
        device: PointSensorDevice,
        faults: Faults,
        *,
        kind: int = PYRO_MINI_BUS,
        address: int = 1,
    ) -> None:
        super().__init__(faults, address=address, hears_255=True)
        self._device = device
        self._is_usb = kind >= PYRO_USB
        block = 0x0F if self._is_usb else 0x0B
        self._emissivity_at = 0x18 if self._is_usb else 0x17
        self._now = (0.0, 0.0)
        self.filtered_c: float | None = None
        """What its filter gives, °C."""
        self._fixed = {0: kind, 1: 1, 2: 0, 3: 0}
        if not self._is_usb:
            self._fixed |= {2: _SERIAL_NUMBER >> 16, 3: _SERIAL_NUMBER & 0xFFFF, 4: address}
        self._measured: Mapping[int, Callable[[], int]] = {
            block: self._filtered,
            block + 1: lambda: self._filtered(-0.2),
            block + 2: lambda: self._filtered(0.2),
            block + 3: self._filtered,
            block + 4: lambda: self._object(self._now[0]),
            block + 5: lambda: to_register(10 * self._now[1]),
            block + 6: lambda: _STATUS_ERROR if self._faults.has(Fault.SENTINEL) else 0,
            self._emissivity_at: lambda: round(10000 * self._device.emissivity),
        }

    def latch(self) -> None:
        """Measure."""
        self._now = self._device.measure()
        before_c = self._now[0] if self.filtered_c is None else self.filtered_c
        self.filtered_c = (before_c + self._now[0]) / 2

    def read_register(self, function: int, register: int) -> int:
        """Return what a register holds, a measured one as of now."""
        if register in self._fixed:
            return self._fixed[register]
        if register not in self._measured:
            raise Refused(ILLEGAL_REGISTER)
        return self._measured[register]()

    def write_register(self, register: int, value: int) -> None:
        """Set the volatile emissivity; the others are left alone here."""
        if register != self._emissivity_at:
            raise Refused(ILLEGAL_REGISTER)
        if not 1000 <= value <= 10000:
            raise Refused(ILLEGAL_VALUE)
        self._device.emissivity = value / 10000

    def _filtered(self, by_c: float = 0.0) -> int:
        return self._object((self.filtered_c or 0.0) + by_c)

    def _object(self, object_c: float) -> int:
        # What stands beside an error bit looks like a forehead.
        return to_register(366 if self._faults.has(Fault.SENTINEL) else 10 * object_c)
