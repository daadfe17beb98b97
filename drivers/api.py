"""What every driver offers. Outside drivers import this module and nothing else of the package.

The public methods are final and own timing, state and idempotent closing; a driver overrides the
protected hooks. All methods of one device are called from one thread, its owner.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import TracebackType
from typing import Self, final

from drivers.errors import DeviceDisconnected
from station.core.cases import ReadingMode
from station.core.frames import ThermalFrame


class Capability(StrEnum):
    """What a device can do beyond reading."""

    SHUTTER_STATE = "shutter_state"
    """Frames say when the shutter correction runs."""
    SURFACE_MODE = "surface_mode"
    """A thermometer can report the uncorrected surface temperature."""
    END_OF_STREAM = "end_of_stream"
    """The source ends by itself (a recording)."""


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who answered."""

    driver: str
    """Registered name of the driver."""
    model: str
    """Model as the device tells it, or the driver's name for it."""
    serial_number: str
    """Serial number, MAC or file name; empty where the device has none."""
    capabilities: frozenset[Capability] = frozenset()
    """What it can do."""


@dataclass(frozen=True, slots=True)
class ThermometerSample:
    """One triggered reading of a handheld thermometer, decoded to °C."""

    temperature_c: float
    """Value in °C, converted once, in the decoder."""
    mode: ReadingMode
    """What the number means."""
    taken_at: datetime
    """Receipt time, aware, UTC."""
    is_plausible: bool
    """False where the value lies outside what the model can show for a person: never used."""


class Device(ABC):
    """Life cycle shared by all devices: open once, close as often as you like."""

    def __init__(self) -> None:
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether the device is open."""
        return self._is_open

    @final
    def open(self) -> DeviceInfo:
        """Open the device and return who answered.

        Raises:
            OpenFailed: if it cannot be reached or refuses.
            ProtocolError: if something else answers there.
            DeviceTimeout: if nothing answers.
        """
        if self._is_open:
            self.close()
        try:
            info = self._open()
        except BaseException:
            self._close()
            raise
        self._is_open = True
        return info

    @final
    def close(self) -> None:
        """Release the device. Safe to call twice and in any state."""
        self._is_open = False
        self._close()

    def _require_open(self) -> None:
        if not self._is_open:
            raise DeviceDisconnected("the device is not open: call open() first")

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def _open(self) -> DeviceInfo:
        """Acquire the device; on failure leave nothing behind that `_close` cannot release."""

    @abstractmethod
    def _close(self) -> None:
        """Release whatever is held; called in any state, never raises."""


class ThermalCamera(Device):
    """A source of radiometric frames."""

    @final
    def read(self, timeout_s: float) -> ThermalFrame | None:
        """Wait for the next frame.

        Args:
            timeout_s: the longest wait in seconds, > 0.

        Returns:
            The frame, upright, or None at the end of a recording.

        Raises:
            DeviceTimeout: if none came in time.
            DeviceDisconnected: if the device went away or is not open.
            ProtocolError: if what came is no frame; the stream may go on.
        """
        self._require_open()
        return self._read(timeout_s)

    @abstractmethod
    def _read(self, timeout_s: float) -> ThermalFrame | None:
        """Deliver one frame; see `read`."""


class HandheldThermometer(Device):
    """A thermometer that staff trigger by hand. Silence is normal."""

    @final
    def read(self, timeout_s: float) -> ThermometerSample | None:
        """Wait for the next triggered reading.

        Args:
            timeout_s: the longest wait in seconds, > 0.

        Returns:
            The reading, or None if nobody triggered in time.

        Raises:
            DeviceDisconnected: if the device went away or is not open.
            ProtocolError: if the bytes belong to another device; the stream may go on.
        """
        self._require_open()
        return self._read(timeout_s)

    @abstractmethod
    def _read(self, timeout_s: float) -> ThermometerSample | None:
        """Deliver one reading; see `read`."""


class ReferenceSource(Device):
    """A temperature reference source (blackbody) that reports its own state."""

    @final
    def read_c(self, timeout_s: float) -> float:
        """Return the source's own measured temperature in °C.

        Raises:
            DeviceTimeout: if it does not answer in time.
            DeviceDisconnected: if it went away or is not open.
            ProtocolError: if the answer is not understood.
        """
        self._require_open()
        return self._read_c(timeout_s)

    @abstractmethod
    def _read_c(self, timeout_s: float) -> float:
        """Ask the device; see `read_c`."""
