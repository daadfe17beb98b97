"""What a Calex PyroMiniBus or PyroUSB says over Modbus RTU.

Source: Calex and Omega manuals on protocol page 15: tenths of a degree, emissivity in 0.0001, the
type in register 0, two maps. The device's own filter is left out: filtered and unfiltered agree.
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
        self.emissivity = 9500
        """Volatile emissivity in 0.0001."""
        block = 0x0F if self._is_usb else 0x0B
        self._emissivity_at = 0x18 if self._is_usb else 0x17
        self._now = (0.0, 0.0)
        self._fixed = {0: kind, 1: 1, 2: 0, 3: 0}
        if not self._is_usb:
            self._fixed |= {2: _SERIAL_NUMBER >> 16, 3: _SERIAL_NUMBER & 0xFFFF, 4: address}
        self._measured: Mapping[int, Callable[[], int]] = {
            block: self._object,
            block + 1: lambda: self._object(-0.2),
            block + 2: lambda: self._object(0.2),
            block + 3: self._object,
            block + 4: self._object,
            block + 5: lambda: to_register(10 * self._now[1]),
            block + 6: lambda: _STATUS_ERROR if self._faults.has(Fault.SENTINEL) else 0,
            self._emissivity_at: lambda: self.emissivity,
        }

    def latch(self) -> None:
        """Measure."""
        self._now = self._device.measure()

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
        self.emissivity = value

    def _object(self, by_c: float = 0.0) -> int:
        # What stands beside an error bit looks like a forehead.
        object_c = 36.6 if self._faults.has(Fault.SENTINEL) else self._now[0]
        return to_register(10 * (object_c + by_c))
