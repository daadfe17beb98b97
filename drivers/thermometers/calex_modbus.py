"""Calex PyroMiniBus and PyroUSB, Omega OS-MINI and OS-MINIUSB over Modbus RTU."""

import time
from collections.abc import Sequence

from drivers.api import Capability, DeviceInfo
from drivers.errors import DeviceDisconnected, DeviceError
from drivers.thermometers import calex_registers as codec
from drivers.thermometers.point import PolledThermometer
from drivers.thermometers.presentation import PointReading
from drivers.transport.modbus_codec import READ_HOLDING, check_address
from drivers.transport.modbus_line import ModbusLine
from drivers.transport.serial_port import SerialTransport

_OPEN_TIMEOUT_S = 1.0


class CalexModbus(PolledThermometer):
    """Asks for the unfiltered object temperature; a status bit means that there is no value.

    Args:
        port: serial device or URL.
        baud: 9600 as delivered.
        address: the device's on the bus, 1 to 247.
        emissivity: is written to the volatile register, 0.1 to 1; None leaves it.
        poll_s: seconds from one question to the next.
        idle_c: what it sees when nobody is there, °C; None takes its own temperature, which may
            lie above the room's: its electronics warm it.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int = 9600,
        address: int = 1,
        emissivity: float | None = None,
        poll_s: float = 0.1,
        idle_c: float | None = None,
        device_id: str = "handheld",
    ) -> None:
        super().__init__(poll_s=poll_s, idle_c=idle_c)
        self._port = port
        self._baud = baud
        self._address = check_address(address)
        self._emissivity = None if emissivity is None else codec.encode_emissivity(emissivity)
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._line: ModbusLine | None = None
        self._identity: codec.Identity | None = None

    def _open(self) -> DeviceInfo:
        self._begin()
        self._transport = SerialTransport(self._port, self._baud)
        self._line = ModbusLine(self._transport, self._baud, self._address)
        until_s = time.monotonic() + _OPEN_TIMEOUT_S
        registers = self._line.read(READ_HOLDING, codec.IDENTITY, codec.IDENTITY_COUNT, until_s)
        self._identity = codec.decode_identity(registers)
        self._set_emissivity(self._line, self._identity.registers, until_s)
        return DeviceInfo(
            "calex-modbus",
            self._identity.model,
            self._identity.serial_number or f"{self._port} address {self._address}",
            frozenset({Capability.SURFACE_MODE}),
        )

    def _set_emissivity(
        self, line: ModbusLine, registers: codec.RegisterMap, until_s: float
    ) -> None:
        if self._emissivity is None:
            return
        if not line.write(registers.volatile_emissivity, self._emissivity, until_s):
            raise DeviceError(
                f"The thermometer at {self._port} does not take the emissivity: check its manual "
                "for the values that it allows."
            )

    def _close(self) -> None:
        self._line = self._identity = None
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _poll(self, until_s: float) -> Sequence[PointReading]:
        if self._line is None or self._identity is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        registers = self._line.read(
            READ_HOLDING, self._identity.registers.block, codec.BLOCK_COUNT, until_s
        )
        now = codec.decode_block(registers)
        if now.fault:
            raise DeviceError(
                f"The thermometer at {self._port} says that it cannot measure ({now.fault}): use "
                "another thermometer, and check this one's place and window."
            )
        return (PointReading(now.object_c, now.sensor_c, time.monotonic()),)

    def _confirm(self, object_c: float, until_s: float) -> bool:
        """Make sure that the emissivity still holds: it is lost with power."""
        if self._line is None or self._identity is None or self._emissivity is None:
            return True
        register = self._identity.registers.volatile_emissivity
        if self._line.read(READ_HOLDING, register, 1, until_s) == (self._emissivity,):
            return True
        self._set_emissivity(self._line, self._identity.registers, until_s)
        return False
