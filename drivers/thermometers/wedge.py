"""Thermometers that type their reading like a keyboard, whatever window is in front."""

import time
from collections import deque
from datetime import UTC, datetime
from typing import ClassVar

from drivers.api import DeviceInfo, HandheldThermometer, ThermometerSample
from drivers.errors import DeviceDisconnected, ProtocolError
from drivers.thermometers.wedge_codec import TypedReading, WedgeParser
from drivers.transport.event_device import EventDevice
from station.core.cases import ReadingMode, TrustClass

# A wedge's keys follow each other within milliseconds; the rest of a torn line never comes.
_LINE_S = 0.15
_DUPLICATE_S = 1.0


class WedgeThermometer(HandheldThermometer):
    """Delivers what the device types; its keys reach no window.

    Args:
        port: the input device, such as `/dev/input/by-id/usb-...-event-kbd`.
        device_id: the device's name in the settings.
        trust: what kind of thermometer it is: contact, tympanic or forehead.
    """

    TRUST: ClassVar[TrustClass | None] = None

    def __init__(
        self,
        *,
        port: str,
        device_id: str = "handheld",
        trust: TrustClass | str = TrustClass.FOREHEAD,
    ) -> None:
        super().__init__()
        self._port = port
        self._device_id = device_id
        self._trust = TrustClass(trust)
        self._keys: EventDevice | None = None
        self._parser = WedgeParser()
        self._pending: deque[TypedReading | ProtocolError] = deque()
        self._last: tuple[float, TypedReading] | None = None
        self._heard_s = 0.0

    @property
    def is_heard(self) -> bool:
        """Whether it has typed a reading."""
        return self._last is not None

    def _open(self) -> DeviceInfo:
        self._keys = EventDevice(self._port)
        self._parser, self._last = WedgeParser(), None
        self._pending.clear()
        return DeviceInfo("keyboard-wedge", self._keys.name or "keyboard wedge", self._port)

    def _close(self) -> None:
        if self._keys is not None:
            self._keys.close()
            self._keys = None

    def _read(self, timeout_s: float) -> ThermometerSample | None:
        if self._keys is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        until_s = time.monotonic() + timeout_s
        while True:
            while self._pending:
                item = self._pending.popleft()
                if isinstance(item, ProtocolError):
                    raise item
                if not self._is_repeated(item):
                    return self._sample(item)
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._listen(self._keys, left_s)

    def _listen(self, keys: EventDevice, timeout_s: float) -> None:
        data = keys.read(timeout_s)
        now_s = time.monotonic()
        if now_s - self._heard_s > _LINE_S:
            self._parser.forget()
        if data:
            self._heard_s = now_s
            self._pending += self._parser.feed(data)

    def _is_repeated(self, reading: TypedReading) -> bool:
        now_s = time.monotonic()
        last, self._last = self._last, (now_s, reading)
        return last is not None and last[1] == reading and now_s - last[0] < _DUPLICATE_S

    def _sample(self, reading: TypedReading) -> ThermometerSample:
        mode = ReadingMode.SURFACE if self._trust is TrustClass.SURFACE else ReadingMode.BODY
        return ThermometerSample(
            reading.temperature_c, mode, datetime.now(UTC), reading.is_plausible, self._trust
        )
