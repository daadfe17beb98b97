"""Omega OS530E, OS533E and OS534E handheld infrared thermometers on RS-232, 9600 8N1."""

import time
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

from drivers.api import Capability, DeviceInfo
from drivers.errors import (
    DeviceDisconnected,
    DeviceError,
    DeviceTimeout,
    ProtocolError,
)
from drivers.thermometers import omega_os530e_codec as codec
from drivers.thermometers.point import PointThermometer
from drivers.thermometers.presentation import PointReading, PresentationRules
from drivers.transport.serial_port import SerialTransport

_BAUD = 9600
_CHUNK = 512
# So long nothing comes when it has stopped or has said all; a byte takes a millisecond.
_QUIET_S = 0.1
_STOPS_S = 1.0
# The interval is not known before the first record; the manual's example has 5 s.
_FIRST_RECORD_S = 12.0
# A record may come so much later than its interval, in intervals and seconds.
_LATE, _LATE_S = 2, 1.0
_MOST_INTERVAL_S = 60


class OmegaOs530e(PointThermometer):
    """Listens to the stream of records: whole degrees of a surface, for an engineering check only.

    Opening sets the unit to °F for one record and then to °C, to see that CF follows: else nobody
    could tell in which unit a record is. The unit stays °C afterwards.

    Args:
        port: serial device or URL.
        idle_c: what it sees when nobody is there, °C; its records tell nothing of the room.
        interval_s: seconds from one record to the next, 1 to 60, is set and stays set; None leaves
            what is set on the device. A reading takes three records.
        device_id: the device's name in the settings.

    Raises:
        ValueError: if an option is out of its range.
    """

    # It tells whole degrees, where one more or less is no movement, and not often.
    RULES: ClassVar[PresentationRules] = PresentationRules(stable_c=1.0, stable_readings=3)

    def __init__(
        self,
        *,
        port: str,
        idle_c: float,
        interval_s: int | None = None,
        device_id: str = "handheld",
    ) -> None:
        super().__init__(idle_c=idle_c)
        if interval_s is not None and interval_s not in range(1, _MOST_INTERVAL_S + 1):
            raise ValueError(f"interval_s must be a whole number of 1 to 60: {interval_s:g}")
        self._port = port
        self._sets_interval_s = interval_s
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._parser = codec.OmegaParser()
        self._celsius_flag = 0
        self._silent_after_s = 0.0
        self._heard_s = 0.0

    def _open(self) -> DeviceInfo:
        self._begin()
        self._transport = transport = SerialTransport(self._port, _BAUD)
        self._stop(transport)
        if self._sets_interval_s is not None:
            self._set_interval(transport, self._sets_interval_s)
        fahrenheit = self._first_record(transport, codec.FAHRENHEIT)
        self._stop(transport)
        celsius = self._first_record(transport, codec.CELSIUS)
        if celsius.unit_flag == fahrenheit.unit_flag:
            raise DeviceError(
                "The thermometer does not tell which unit it is set to, so that its numbers cannot "
                "be used: use another thermometer."
            )
        self._celsius_flag = celsius.unit_flag
        self._silent_after_s = _LATE * celsius.interval_s + _LATE_S
        return DeviceInfo(
            "omega-os530e",
            f"Omega {celsius.model}",
            "",
            frozenset({Capability.SURFACE_MODE}),
        )

    def _stop(self, transport: SerialTransport) -> None:
        """Stop the stream: settings are taken only then, and no record of another unit is left."""
        transport.write(codec.STOP)
        until_s = time.monotonic() + _STOPS_S
        while transport.read(_CHUNK, _QUIET_S):
            if time.monotonic() >= until_s:
                raise codec.refusal(transport.discard())
        self._parser = codec.OmegaParser()

    def _set_interval(self, transport: SerialTransport, interval_s: int) -> None:
        transport.write(codec.encode_interval(interval_s))
        answer = transport.read(_CHUNK, _STOPS_S)
        while len(answer) < _CHUNK and (piece := transport.read(_CHUNK, _QUIET_S)):
            answer += piece
        if not answer:
            raise self._silence()
        if not codec.is_interval_confirmed(answer, interval_s):
            raise ProtocolError(
                "the thermometer does not confirm its interval: choose another port or driver, or "
                "leave interval_s out",
                answer,
            )

    def _first_record(self, transport: SerialTransport, unit: bytes) -> codec.OmegaRecord:
        """Set the unit and return the first record in it."""
        transport.write(unit)
        transport.write(codec.START)
        until_s = time.monotonic() + _FIRST_RECORD_S
        while (left_s := until_s - time.monotonic()) > 0:
            for item in self._parser.feed(transport.read(_CHUNK, left_s)):
                if isinstance(item, ProtocolError):
                    raise item
                self._heard_s = time.monotonic()
                return item
        raise self._silence()

    def _close(self) -> None:
        if self._transport is not None:
            with suppress(DeviceError):
                self._transport.write(codec.STOP)
            self._transport.close()
            self._transport = None

    def _measure(self, until_s: float) -> Sequence[PointReading]:
        if self._transport is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        data = self._transport.read(_CHUNK, max(0.0, until_s - time.monotonic()))
        now_s = time.monotonic()
        readings = []
        for item in self._parser.feed(data):
            if isinstance(item, ProtocolError):
                raise item
            self._heard_s = now_s
            if item.unit_flag != self._celsius_flag:
                raise DeviceError(
                    "Somebody has switched the thermometer to Fahrenheit: switch it back to °C at "
                    "its keys."
                )
            readings.append(PointReading(float(item.shown), None, now_s))
        if not readings and now_s - self._heard_s > self._silent_after_s:
            raise self._silence()
        return readings

    def _silence(self) -> DeviceError:
        """Say what is wrong when no record came; what has been told is not told again."""
        self._heard_s = time.monotonic()
        # Behind a record's end its line end is left.
        torn, self._parser = self._parser.foreign.strip(), codec.OmegaParser()
        if torn:
            return codec.refusal(torn)
        return DeviceTimeout(
            f"The thermometer at {self._port} sends no records: switch it on, check its cable, and "
            "that its data transmission (PRN) is on and its interval short."
        )
