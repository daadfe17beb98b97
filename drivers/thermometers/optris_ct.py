"""Optris CT, CTlaser, CS and CSmicro infrared thermometers on a serial port, binary protocol."""

import time
from collections.abc import Sequence

from drivers.api import Capability, DeviceInfo
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout, ProtocolError
from drivers.thermometers import optris_ct_codec as codec
from drivers.thermometers.point import PolledThermometer
from drivers.thermometers.presentation import PointReading
from drivers.transport.serial_port import SerialTransport

_OPEN_TIMEOUT_S = 2.0
_CHUNK = 256
# After a lost byte everything is shifted: wait until nothing more comes (protocol page 13).
_QUIET_S = 0.05
# Sooner another device's talk is not over.
_PROVE_S = 0.02
# The processed and the momentary value of something that stands still (chosen).
_SAME_C = 0.5
_HEAD_EVERY = 10
_EMISSIVITIES = (0.1, 1.1)
_BUS_ADDRESSES = (1, 15)


class OptrisCt(PolledThermometer):
    """Asks for the object temperature; nothing is believed that came unasked or does not agree.

    Args:
        port: serial device or URL.
        baud: 115200 on a new CT, 9600 on CS and CSmicro.
        family: "ct" or "cs": a CT wants a check byte behind settings.
        is_hs: whether the model is one of high resolution ("hs"): no value tells it.
        bus_address: 1 to 15 on RS-485; None on a line of its own.
        emissivity: is set if the device has another one; None leaves it.
        poll_s: seconds from one question to the next.
        idle_c: what it sees when nobody is there, °C; None takes its head's own temperature.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if an option is out of its range.
    """

    def __init__(
        self,
        *,
        port: str,
        baud: int = 115200,
        family: str = "ct",
        is_hs: bool = False,
        bus_address: int | None = None,
        emissivity: float | None = None,
        poll_s: float = 0.1,
        idle_c: float | None = None,
        device_id: str = "handheld",
    ) -> None:
        super().__init__(poll_s=poll_s, idle_c=idle_c)
        if family not in {"ct", "cs"}:
            raise ValueError(f"family must be 'ct' or 'cs': {family!r}")
        if bus_address is not None and not _BUS_ADDRESSES[0] <= bus_address <= _BUS_ADDRESSES[1]:
            raise ValueError(f"bus_address must be 1 to 15: {bus_address}")
        if emissivity is not None and not _EMISSIVITIES[0] <= emissivity <= _EMISSIVITIES[1]:
            raise ValueError(f"emissivity must be 0.1 to 1.1: {emissivity:g}")
        self._port = port
        self._baud = baud
        self._family = family
        self._is_hs = is_hs
        self._bus_address = bus_address
        self._emissivity = emissivity
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._serial_number = b""
        self._owed = False
        self._polls = 0

    def _open(self) -> DeviceInfo:
        self._begin()
        self._transport = SerialTransport(self._port, self._baud)
        self._transport.discard()
        self._owed, self._polls = False, 0
        until_s = time.monotonic() + _OPEN_TIMEOUT_S
        self._serial_number = self._ask(codec.SERIAL_NUMBER, until_s, codec.SERIAL_NUMBER_BYTES)
        firmware = int.from_bytes(self._ask(codec.FIRMWARE, until_s), "big")
        self._temperature(codec.OBJECT, until_s)
        if self._emissivity is not None:
            self._set_emissivity(self._emissivity, until_s)
        for _ in range(2):
            self._note_own(self._temperature(codec.HEAD, until_s))
        return DeviceInfo(
            "optris-ct",
            f"Optris {self._family.upper()} firmware {firmware}",
            str(int.from_bytes(self._serial_number, "big")),
            frozenset({Capability.SURFACE_MODE}),
        )

    def _set_emissivity(self, emissivity: float, until_s: float) -> None:
        """Set it, unless it is so: whether it is kept in an EEPROM that wears is not known."""
        wanted = round(emissivity, 3)
        if codec.decode_emissivity(self._ask(codec.EMISSIVITY, until_s)) == wanted:
            return
        has_check = self._family == "ct"
        command = codec.encode_emissivity(
            wanted, has_check=has_check, bus_address=self._bus_address
        )
        self._exchange(command, until_s, codec.VALUE_BYTES)
        if codec.decode_emissivity(self._ask(codec.EMISSIVITY, until_s)) != wanted:
            raise DeviceError(
                f"The thermometer at {self._port} does not take the emissivity {wanted:g}: check "
                "the option family, and that its settings are not locked."
            )

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _poll(self, until_s: float) -> Sequence[PointReading]:
        self._fall_into_step(until_s)
        self._polls += 1
        if self._polls % _HEAD_EVERY == 0:
            self._note_own(self._temperature(codec.HEAD, until_s))
            return ()
        return (PointReading(self._temperature(codec.OBJECT, until_s), None, time.monotonic()),)

    def _confirm(self, object_c: float, until_s: float) -> bool:
        momentary_c = self._temperature(codec.MOMENTARY, until_s)
        return abs(momentary_c - object_c) <= _SAME_C

    def _temperature(self, command: int, until_s: float) -> float:
        answer = self._ask(command, until_s)
        try:
            return codec.decode_temperature(answer, is_hs=self._is_hs)
        except ProtocolError:
            self._owed = True
            raise

    def _ask(self, command: int, until_s: float, count: int = codec.VALUE_BYTES) -> bytes:
        return self._exchange(codec.encode_query(command, self._bus_address), until_s, count)

    def _exchange(self, message: bytes, until_s: float, count: int) -> bytes:
        """Send a message and return its answer of so many bytes.

        Raises:
            DeviceTimeout: if nothing comes until a monotonic time.
            ProtocolError: if fewer or more bytes come.
        """
        wire = self._wire()
        # What comes unasked says that the answers before it were not what they seemed.
        unasked = wire.discard()
        self._owed = True
        if not unasked:
            wire.write(message)
            answer = wire.read(count, max(0.0, until_s - time.monotonic()))
            while len(answer) < count and (left_s := until_s - time.monotonic()) > 0:
                answer += wire.read(count - len(answer), left_s)
            if not answer:
                raise DeviceTimeout(
                    f"The thermometer at {self._port} does not answer: check its power, its cable "
                    f"and that its speed is {self._baud}."
                )
            if len(answer) < count:
                raise ProtocolError("the thermometer's answer was torn", answer)
            unasked = wire.read(_CHUNK, _PROVE_S)
            if not unasked:
                self._owed = False
                return answer
            unasked = answer + unasked
        raise ProtocolError(
            "this is no Optris thermometer, or its line is disturbed: choose another port, speed "
            "or driver",
            unasked,
        )

    def _fall_into_step(self, until_s: float) -> None:
        """After any fault, wait for the serial number: what comes before it comes late."""
        if not self._owed:
            return
        wire = self._wire()
        heard = b""
        while time.monotonic() < until_s and (late := wire.read(_CHUNK, _QUIET_S)):
            heard += late
        wire.write(codec.encode_query(codec.SERIAL_NUMBER, self._bus_address))
        answer = b""
        while (left_s := until_s - time.monotonic()) > 0:
            answer += wire.read(_CHUNK, left_s)
            while answer.endswith(self._serial_number):
                if not (more := wire.read(_CHUNK, _QUIET_S)):
                    self._owed = False
                    return
                answer += more
        if heard or answer:
            raise ProtocolError(
                "the thermometer does not tell its serial number any more: choose another port, "
                "speed or driver",
                heard + answer,
            )
        raise DeviceTimeout(
            f"The thermometer at {self._port} does not answer: check its power and its cable."
        )

    def _wire(self) -> SerialTransport:
        if self._transport is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        return self._transport
