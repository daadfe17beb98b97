"""Raytek MI3, MI and MID infrared thermometers on a serial port, ASCII protocol."""

import time
from collections.abc import Sequence

from drivers.api import Capability, DeviceInfo
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout, ProtocolError
from drivers.line_parser import LineParser
from drivers.thermometers import raytek_mi3_codec as codec
from drivers.thermometers.point import PolledThermometer
from drivers.thermometers.presentation import PointReading
from drivers.transport.serial_port import SerialTransport

_OPEN_TIMEOUT_S = 1.0
_CHUNK = 256
_QUIET_S = 0.05
# One question of so many is for the unit, one for the sensor's own temperature.
_EVERY = 10
_SAME_C = 0.5
_EMISSIVITIES = (0.1, 1.1)


class RaytekMi3(PolledThermometer):
    """Asks for the object temperature in poll mode.

    Args:
        port: serial device or URL.
        baud: 9600 on MI and MID; as set on the box of an MI3.
        head: 1 to 8 behind a box with several heads.
        box: 1 to 32 on a bus.
        emissivity: is set without writing the EEPROM, again after a reset; None leaves it.
        poll_s: seconds from one question to the next.
        idle_c: what it sees when nobody is there, °C; None takes its own temperature.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int = 9600,
        head: int | None = None,
        box: int | None = None,
        emissivity: float | None = None,
        poll_s: float = 0.1,
        idle_c: float | None = None,
        device_id: str = "handheld",
    ) -> None:
        super().__init__(poll_s=poll_s, idle_c=idle_c)
        if emissivity is not None and not _EMISSIVITIES[0] <= emissivity <= _EMISSIVITIES[1]:
            raise ValueError(f"emissivity must be 0.1 to 1.1: {emissivity:g}")
        self._port = port
        self._baud = baud
        self._address = codec.Address(head, box)
        self._emissivity = emissivity
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._parser = LineParser()
        self._serial_number = ""
        self._is_fahrenheit = False
        self._owed = False
        self._polls = 0

    def _open(self) -> DeviceInfo:
        self._begin()
        self._transport = SerialTransport(self._port, self._baud)
        self._polls = 0
        model = self._identify(self._transport)
        until_s = time.monotonic() + _OPEN_TIMEOUT_S
        self._serial_number = self._ask(codec.SERIAL_NUMBER, until_s)
        self._is_fahrenheit = codec.decode_unit(self._ask(codec.UNIT, until_s))
        self._keep_emissivity(until_s)
        for _ in range(2):
            self._note_own(self._temperature(codec.INTERNAL, until_s))
        return DeviceInfo(
            "raytek-mi3",
            f"Raytek {model}",
            self._serial_number,
            frozenset({Capability.SURFACE_MODE}),
        )

    def _identify(self, transport: SerialTransport) -> str:
        """Return the unit's name; a unit that was left in burst mode is called back."""
        try:
            return self._ask(codec.MODEL, time.monotonic() + _OPEN_TIMEOUT_S)
        except ProtocolError:
            transport.write(b" ")
            transport.write(self._address.command(codec.POLL_MODE))
            until_s = time.monotonic() + _OPEN_TIMEOUT_S
            while time.monotonic() < until_s and transport.read(_CHUNK, _QUIET_S):
                pass
            return self._ask(codec.MODEL, time.monotonic() + _OPEN_TIMEOUT_S)

    def _keep_emissivity(self, until_s: float) -> bool:
        """Return whether the emissivity is as it should be; set it if not.

        Raises:
            DeviceError: if the unit does not take it.
        """
        if self._emissivity is None:
            return True
        wanted = round(self._emissivity, 3)
        if codec.decode_number(self._ask(codec.EMISSIVITY, until_s)) == wanted:
            return True
        set_it = self._address.volatile(codec.EMISSIVITY, f"{wanted:.3f}")
        taken = codec.decode_number(self._exchange(set_it, codec.EMISSIVITY, until_s))
        if taken != wanted:
            raise DeviceError(
                f"The thermometer at {self._port} was set to the emissivity {wanted:g} and stays "
                f"at {taken:g}: check that its settings are not locked."
            )
        return False

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _poll(self, until_s: float) -> Sequence[PointReading]:
        self._fall_into_step(until_s)
        self._polls += 1
        if self._polls % _EVERY == 0:
            self._note_unit(until_s)
            return ()
        if self._polls % _EVERY == 1:
            self._note_own(self._temperature(codec.INTERNAL, until_s))
            return ()
        return (PointReading(self._temperature(codec.OBJECT, until_s), None, time.monotonic()),)

    def _confirm(self, object_c: float, until_s: float) -> bool:
        """Ask again, for there is no checksum; and whether the emissivity is the same.

        The unit may have been changed since it was last asked for; but a person in the other unit
        is none.
        """
        if not self._keep_emissivity(until_s):
            return False
        return abs(self._temperature(codec.OBJECT, until_s) - object_c) <= _SAME_C

    def _note_unit(self, until_s: float) -> None:
        """Begin anew if somebody has changed the unit."""
        is_fahrenheit = codec.decode_unit(self._ask(codec.UNIT, until_s))
        if is_fahrenheit != self._is_fahrenheit:
            self._is_fahrenheit = is_fahrenheit
            self._begin()

    def _temperature(self, parameter: str, until_s: float) -> float:
        text = self._ask(parameter, until_s)
        return codec.decode_temperature(text, is_fahrenheit=self._is_fahrenheit)

    def _fall_into_step(self, until_s: float) -> None:
        """After any fault, wait for the serial number: what comes before it comes late."""
        if not self._owed:
            return
        if self._ask(codec.SERIAL_NUMBER, until_s) != self._serial_number:
            self._owed = True
            raise ProtocolError("the thermometer tells another serial number: it was exchanged")

    def _ask(self, parameter: str, until_s: float) -> str:
        return self._exchange(self._address.query(parameter), parameter, until_s)

    def _exchange(self, message: bytes, parameter: str, until_s: float) -> str:
        """Send a message and return the value that comes for a parameter.

        Raises:
            DeviceTimeout: if nothing comes until a monotonic time.
            ProtocolError: if something else comes.
        """
        if self._transport is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        self._transport.discard()
        self._parser = LineParser()
        self._owed = True
        self._transport.write(message)
        heard = b""
        while (left_s := until_s - time.monotonic()) > 0:
            data = self._transport.read(_CHUNK, left_s)
            heard += data
            for line in self._parser.feed(data):
                value = self._address.value_of(line, parameter)
                if value is not None:
                    self._owed = False
                    return value
        if heard:
            raise ProtocolError(
                "this is no Raytek thermometer in poll mode: choose another port, speed or driver",
                heard,
            )
        raise DeviceTimeout(
            f"The thermometer at {self._port} does not answer: check its power, its cable and that "
            f"its speed is {self._baud}."
        )
