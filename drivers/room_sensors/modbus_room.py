"""Room sensors over Modbus RTU: XY-MD02, and others by their registers.

Source: the maker's table for XY-MD02 (SHT20 or SHT40) as resellers print it (qariya.net SHT-20
Modbus, domoticx.com, accautomation.ca); e-tinkers/Modbus-RTU, examples/SHT20, whose author put the
maker's document right on a sensor of his own; t-teja/Sensors; ya-modbus, driver XYMD1. They agree
on function 04, input registers 1 and 2, address 1, 9600 8N1 (confidence HIGH). Clones were seen
that count in hundredths or have even parity, so that all of it is an option (which one a shop
sends: LOW). One that counts in hundredths is refused with the defaults, for no air is so warm.
"""

import time
from datetime import UTC, datetime

from drivers.api import DeviceInfo, RoomSample, RoomSensor
from drivers.errors import DeviceDisconnected
from drivers.room_sensors import modbus_room_codec as codec
from drivers.transport.modbus_codec import READ_HOLDING, READ_INPUT, check_address
from drivers.transport.modbus_line import ModbusLine
from drivers.transport.serial_port import SerialTransport

_OPEN_TIMEOUT_S = 2.0
_REGISTERS = (0, 0xFFFF)


class ModbusRoomSensor(RoomSensor):
    """Reads two registers; the defaults are those of an XY-MD02.

    Args:
        port: serial device or URL.
        baud: bits a second.
        parity: N, E or O.
        address: the device's on the bus, 1 to 247.
        function: 4 for input registers, 3 for holding registers.
        temperature_register: where the temperature is, counted from 0.
        humidity_register: where the humidity is: its neighbour, for both are read in one piece.
        has_humidity: whether it has one.
        temperature_scale_c: °C a count.
        humidity_scale_pct: % a count.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int = 9600,
        parity: str = "N",
        address: int = 1,
        function: int = READ_INPUT,
        temperature_register: int = 1,
        humidity_register: int = 2,
        has_humidity: bool = True,
        temperature_scale_c: float = 0.1,
        humidity_scale_pct: float = 0.1,
        device_id: str = "room",
    ) -> None:
        super().__init__()
        if function not in {READ_HOLDING, READ_INPUT}:
            raise ValueError(f"function must be 3 or 4: {function}")
        for register in (temperature_register, humidity_register):
            if not _REGISTERS[0] <= register <= _REGISTERS[1]:
                raise ValueError(f"a register must be 0 to 65535: {register}")
        if has_humidity and abs(temperature_register - humidity_register) != 1:
            raise ValueError(
                "temperature_register and humidity_register must be neighbours: set has_humidity "
                "to false to read the temperature alone"
            )
        self._port = port
        self._baud = baud
        self._parity = parity
        self._address = check_address(address)
        self._function = function
        self._registers = temperature_register, humidity_register
        self._has_humidity = has_humidity
        self._scale = codec.Scale(temperature_scale_c, humidity_scale_pct)
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._line: ModbusLine | None = None

    def _open(self) -> DeviceInfo:
        self._transport = SerialTransport(self._port, self._baud, parity=self._parity)
        self._line = ModbusLine(self._transport, self._baud, self._address)
        # It tells no name: whoever answers with air that can be so is taken for it.
        self._read(_OPEN_TIMEOUT_S)
        return DeviceInfo(
            "modbus-room", "Modbus room sensor", f"{self._port} address {self._address}"
        )

    def _close(self) -> None:
        self._line = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _read(self, timeout_s: float) -> RoomSample:
        until_s = time.monotonic() + timeout_s
        temperature, humidity = self._ask(until_s)
        return RoomSample(
            codec.decode_temperature(temperature, self._scale),
            None if humidity is None else codec.decode_humidity(humidity, self._scale),
            datetime.now(UTC),
        )

    def _ask(self, until_s: float) -> tuple[int, int | None]:
        """Return the registers of temperature and humidity."""
        if self._line is None:
            raise DeviceDisconnected("the room sensor is not open: call open() first")
        at, humidity_at = self._registers
        if not self._has_humidity:
            return self._line.read(self._function, at, 1, until_s)[0], None
        pair = self._line.read(self._function, min(at, humidity_at), 2, until_s)
        return (pair[0], pair[1]) if at < humidity_at else (pair[1], pair[0])
