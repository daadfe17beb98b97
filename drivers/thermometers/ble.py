"""What every Bluetooth thermometer does: wait until it wakes, connect, listen, let it sleep."""

import time
from abc import abstractmethod
from collections import deque
from datetime import UTC, datetime
from typing import ClassVar

from drivers.api import Capability, DeviceInfo, HandheldThermometer, ThermometerSample
from drivers.errors import DeviceDisconnected, ProtocolError
from drivers.thermometers.ble_reading import BleReading, Conversation, Write
from drivers.transport.ble import open_ble
from drivers.transport.ble_events import Awake, BleTransport, Connected, Gone, Notified

# Telling takes no longer than that; a device that says nothing is let go.
_TELLS_WITHIN_S = 3.0
# Stored records come in one burst at the connection.
_QUIET_S = 0.4
_REPEATED_S = 1.0
_REMEMBERED = 64


class BleThermometer(HandheldThermometer):
    """A Bluetooth thermometer; subclasses say which.

    Args:
        address: Bluetooth address, or `tcp://host:port`.
        device_id: the device's name in the settings.
        rest_s: so long it is left alone after it has told everything, s.
    """

    DRIVER: ClassVar[str]
    """Registered name."""
    MODEL: ClassVar[str]
    """What to call it until it tells its name."""
    CHARACTERISTICS: ClassVar[tuple[str, ...]]
    """What to subscribe to."""
    CAPABILITIES: ClassVar[frozenset[Capability]] = frozenset()
    """What it can do."""
    KNOWN_FOR_S: ClassVar[float] = float("inf")
    """So long a record is the same one if nothing tells it from one before, s."""

    def __init__(self, *, address: str, device_id: str = "handheld", rest_s: float = 0.0) -> None:
        super().__init__()
        self._rest_s = rest_s
        self._address = address
        self._device_id = device_id
        self._radio: BleTransport | None = None
        self._conversation: Conversation | None = None
        self._heard_s = 0.0
        self._is_heard = False
        self._left_alone_until_s = 0.0
        self._burst: list[BleReading] = []
        self._last: tuple[float, BleReading] | None = None
        self._ready: deque[BleReading] = deque()
        # Each stored record, and when it was told.
        self._seen: deque[tuple[BleReading, float]] = deque(maxlen=_REMEMBERED)

    @abstractmethod
    def _new_conversation(self) -> Conversation:
        """Return what is said in one connection."""

    @abstractmethod
    def _is_model(self, name: str) -> bool:
        """Whether a device of that name is one of these; names may be missing."""

    @property
    def is_heard(self) -> bool:
        """Whether it has woken once and said what its model says."""
        return self._is_heard

    def _open(self) -> DeviceInfo:
        self._is_heard = False
        # Nothing is asked of the device: it sleeps until somebody measures.
        self._radio = open_ble(self._address, self.CHARACTERISTICS)
        self._forget()
        return DeviceInfo(self.DRIVER, self.MODEL, self._address, self.CAPABILITIES)

    def _close(self) -> None:
        if self._radio is not None:
            self._radio.close()
            self._radio = None
        self._forget()

    def _forget(self) -> None:
        self._conversation, self._burst = None, []
        self._ready.clear()

    def _read(self, timeout_s: float) -> ThermometerSample | None:
        radio = self._radio
        if radio is None:
            raise DeviceDisconnected("the thermometer is not open: call open() first")
        until_s = time.monotonic() + timeout_s
        while not self._ready:
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return None
            self._step(radio, min(left_s, _QUIET_S))
        return self._sample(self._ready.popleft())

    def _step(self, radio: BleTransport, timeout_s: float) -> None:
        """Take one event, or notice that none came."""
        match radio.next_event(timeout_s):
            case Awake(name):
                self._on_awake(radio, name)
            case Connected():
                self._conversation = self._new_conversation()
                self._heard_s = time.monotonic()
                self._carry_out(radio, self._conversation.begin())
            case Notified() as told if self._conversation is not None:
                self._on_told(radio, self._conversation, told)
            case Gone():
                self._end_burst()
                self._conversation = None
            case _:
                self._on_silence(radio)

    def _on_awake(self, radio: BleTransport, name: str) -> None:
        if name and not self._is_model(name):
            raise ProtocolError(
                f"the device at {self._address} calls itself {name!r}, no {self.MODEL}: choose "
                "another address or driver",
                name.encode(),
            )
        if self._conversation is None and time.monotonic() >= self._left_alone_until_s:
            radio.connect()

    def _on_told(self, radio: BleTransport, conversation: Conversation, told: Notified) -> None:
        self._heard_s = time.monotonic()
        try:
            wishes = conversation.take(told.characteristic, told.data)
        except ProtocolError:
            # Whatever else is on its way is no better; a device in order tells it again.
            self._conversation, self._burst = None, []
            radio.disconnect()
            raise
        self._is_heard = True
        self._carry_out(radio, wishes)

    def _on_silence(self, radio: BleTransport) -> None:
        self._end_burst()
        conversation = self._conversation
        if conversation is None or conversation.may_be_silent:
            return
        silent_s = time.monotonic() - self._heard_s
        if silent_s > _TELLS_WITHIN_S:
            radio.disconnect()
        elif silent_s >= _QUIET_S:
            self._carry_out(radio, conversation.go_on())

    def _carry_out(self, radio: BleTransport, wishes: list[Write | BleReading | None]) -> None:
        """Send what is to be written, keep what was read; None means that all was told."""
        for wish in wishes:
            match wish:
                case Write(characteristic, data):
                    radio.write(characteristic, data)
                case BleReading():
                    self._burst.append(wish)
                case None:
                    self._end_burst()
                    self._left_alone_until_s = time.monotonic() + self._rest_s
                    radio.disconnect()

    def _end_burst(self) -> None:
        """Keep what was just measured: each reading without a time, and the last of the others.

        Devices send their stored records again at each connection, the newest last.
        """
        burst, self._burst = self._burst, []
        for reading in burst:
            if not reading.device_time and not self._is_repeated(reading):
                self._ready.append(reading)
        stored = [reading for reading in burst if reading.device_time]
        if stored and not self._is_known(stored[-1]):
            self._ready.append(stored[-1])
        now_s = time.monotonic()
        self._seen += [(one, now_s) for one in stored]

    def _is_repeated(self, reading: BleReading) -> bool:
        """Whether the same reading came within a second: nobody measures so fast."""
        now_s = time.monotonic()
        last, self._last = self._last, (now_s, reading)
        return last is not None and last[1] == reading and now_s - last[0] < _REPEATED_S

    def _is_known(self, reading: BleReading) -> bool:
        since_s = time.monotonic() - self.KNOWN_FOR_S
        return any(at_s >= since_s and reading.may_be(seen) for seen, at_s in self._seen)

    def _sample(self, reading: BleReading) -> ThermometerSample:
        return ThermometerSample(
            reading.temperature_c,
            reading.mode,
            datetime.now(UTC),
            reading.is_plausible,
            reading.trust,
        )
