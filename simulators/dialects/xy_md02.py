"""What an XY-MD02 says over Modbus RTU.

Source: the maker's table as resellers print it (qariya.net SHT-20 Modbus): function 04, input
registers 1 temperature (signed) and 2 humidity, both in tenths; functions 03, 06 and 10 reach its
configuration only, which is left out here.
"""

from simulators.devices.room_air import RoomAirDevice
from simulators.dialects.modbus_rtu import (
    FAILURE,
    ILLEGAL_FUNCTION,
    ILLEGAL_REGISTER,
    ModbusRtuDialect,
    Refused,
    to_register,
)
from simulators.faults import Fault, Faults

_READ_INPUT = 4


class XyMd02Dialect(ModbusRtuDialect):
    """The sensor's side of the line.

    Args:
        device: the air.
        faults: its switches.
        address: its address on the bus.
    """

    def __init__(self, device: RoomAirDevice, faults: Faults, *, address: int = 1) -> None:
        super().__init__(faults, address=address)
        self._device = device
        self.header = bytes([address, _READ_INPUT])

    def read_register(self, function: int, register: int) -> int:
        """Return temperature or humidity."""
        if function != _READ_INPUT:
            raise Refused(ILLEGAL_FUNCTION)
        if self._faults.has(Fault.SENTINEL):
            # Its sensing chip does not answer.
            raise Refused(FAILURE)
        if register == 1:
            return to_register(10 * self._device.air_c())
        if register == 2:
            return to_register(10 * self._device.humidity_pct())
        raise Refused(ILLEGAL_REGISTER)
