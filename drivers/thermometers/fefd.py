"""The "FE FD" forehead gun on a serial port (RS-232, 9600 8N1)."""

import time
from datetime import UTC, datetime

from drivers.api import Capability, DeviceInfo, HandheldThermometer, ThermometerSample
from drivers.errors import DeviceDisconnected, ProtocolError
from drivers.thermometers.fefd_codec import CONNECT, FefdParser, FefdReading, foreign_device
from drivers.transport.serial_port import SerialTransport

_BAUD = 9600
_CONNECT_TRIES = 3
_CONNECT_WAIT_S = 0.5
_CHUNK = 256
# The gun may send the same reading twice; nobody measures twice within a second.
_DUPLICATE_S = 1.0
# A plug being pushed in makes a few stray bytes; more than these while opening is another device.
_STRAY_BYTES = 8


class FefdThermometer(HandheldThermometer):
    """Delivers a reading for every pull of the trigger.

    Args:
        port: serial device or URL.
        device_id: the device's name in the settings.
    """

    def __init__(self, *, port: str, device_id: str = "handheld") -> None:
        super().__init__()
        self._port = port
        self._device_id = device_id
        self._transport: SerialTransport | None = None
        self._parser = FefdParser()
        self._pending: list[FefdReading | ProtocolError] = []
        self._last: tuple[float, FefdReading] | None = None

    @property
    def is_heard(self) -> bool:
        """Whether a whole frame has come, be it only its acknowledge of being connected."""
        return self._parser.frame_count > 0

    def _open(self) -> DeviceInfo:
        self._transport = SerialTransport(self._port, _BAUD)
        self._parser, self._pending, self._last = FefdParser(), [], None
        for _ in range(_CONNECT_TRIES):
            self._transport.write(CONNECT)
            self._listen(self._transport, time.monotonic() + _CONNECT_WAIT_S)
            if self._parser.frame_count:
                break
        # No acknowledge is no fault: the gun sleeps until somebody pulls the trigger.
        if not self._parser.frame_count and len(self._parser.foreign) > _STRAY_BYTES:
            raise foreign_device(self._parser.foreign)
        return DeviceInfo(
            "fefd", "FE FD forehead gun", self._port, frozenset({Capability.SURFACE_MODE})
        )

    def _listen(self, transport: SerialTransport, until_s: float) -> None:
        """Take in what comes until a first frame or a monotonic time.

        Raises:
            ProtocolError: if it is the speech of another device.
        """
        while not self._parser.frame_count and (left_s := until_s - time.monotonic()) > 0:
            for item in self._parser.feed(transport.read(_CHUNK, left_s)):
                if isinstance(item, ProtocolError):
                    raise item
                self._pending.append(item)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _read(self, timeout_s: float) -> ThermometerSample | None:
        if self._transport is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        deadline_s = time.monotonic() + timeout_s
        while True:
            while self._pending:
                item = self._pending.pop(0)
                if isinstance(item, ProtocolError):
                    raise item
                sample = self._sample(item)
                if sample is not None:
                    return sample
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                return None
            self._pending += self._parser.feed(self._transport.read(_CHUNK, left_s))

    def _sample(self, reading: FefdReading) -> ThermometerSample | None:
        now_s = time.monotonic()
        last, self._last = self._last, (now_s, reading)
        if last is not None and last[1] == reading and now_s - last[0] < _DUPLICATE_S:
            return None
        return ThermometerSample(
            reading.temperature_c, reading.mode, datetime.now(UTC), reading.is_plausible
        )
