"""What every driver offers. Outside drivers import this module and nothing else of the package.

The public methods are final and own timing, state and idempotent closing; a driver overrides the
protected hooks. All methods of one device are called from one thread, its owner.
"""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self, final

from drivers.errors import DeviceDisconnected
from station.core.cases import ReadingMode, TrustClass
from station.core.closing import Closable
from station.core.frames import ThermalFrame


class Capability(StrEnum):
    """What a device can do beyond reading."""

    SHUTTER_STATE = "shutter_state"
    """Frames say when the shutter correction runs."""
    SURFACE_MODE = "surface_mode"
    """A thermometer can report the uncorrected surface temperature."""
    END_OF_STREAM = "end_of_stream"
    """The source ends by itself (a recording)."""
    SET_POINT = "set_point"
    """A reference source's set point can be changed over its wire."""
    OWN_TEMPERATURE = "own_temperature"
    """A reference source measures its own temperature; others repeat what they are set to."""
    FINE_TEMPERATURE = "fine_temperature"
    """It tells it so finely that noise moves every reading: one that stands still is stuck."""


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
    trust: TrustClass = TrustClass.FOREHEAD
    """How far it may decide a second check: by the model, or by the site that it tells."""


@dataclass(frozen=True, slots=True)
class RoomSample:
    """What a room sensor measures now."""

    ambient_c: float
    """Air temperature, °C."""
    humidity_pct: float | None
    """Relative humidity, %; None where the sensor has none."""
    taken_at: datetime
    """Receipt time, aware, UTC."""


class Device(Closable):
    """Life cycle shared by all devices: open once, close as often as you like."""

    def __init__(self) -> None:
        self._is_open = False
        self._info: DeviceInfo | None = None

    @property
    def info(self) -> DeviceInfo:
        """Who answered when it was opened last.

        Raises:
            DeviceDisconnected: if it never was.
        """
        if self._info is None:
            raise DeviceDisconnected("the device was never open: call open() first")
        return self._info

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
        self._is_open, self._info = True, info
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

    @abstractmethod
    def _open(self) -> DeviceInfo:
        """Acquire the device; on failure leave nothing behind that `_close` cannot release."""

    @abstractmethod
    def _close(self) -> None:
        """Release whatever is held; called in any state, never raises."""


class ThermalCamera(Device):
    """A source of radiometric frames."""

    @property
    def sensor_c(self) -> float | None:
        """Temperature of the sensor itself with the last frame, °C; None where it is not told.

        It climbs while the camera warms up, and stands when it is warm.
        """
        return None

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
    """A thermometer that staff trigger by hand, or hold a forehead to.

    Silence is normal, but for one that streams or is polled: it says whether it is there.
    """

    TRUST: ClassVar[TrustClass | None] = TrustClass.FOREHEAD
    """How far the model's readings may decide; None where each sample, or a setting, tells it."""

    @property
    def is_heard(self) -> bool:
        """Whether it has said what only its model says since it was opened.

        One that answers when it is opened has; one that speaks only when triggered may be another.
        """
        return True

    @final
    def read(self, timeout_s: float) -> ThermometerSample | None:
        """Wait for the next triggered reading.

        Args:
            timeout_s: the longest wait in seconds, > 0.

        Returns:
            The reading, or None if nobody triggered in time.

        Raises:
            DeviceTimeout: if it should speak without a trigger and does not.
            DeviceDisconnected: if the device went away or is not open.
            ProtocolError: if the bytes belong to another device; the stream may go on.
        """
        self._require_open()
        return self._read(timeout_s)

    @abstractmethod
    def _read(self, timeout_s: float) -> ThermometerSample | None:
        """Deliver one reading; see `read`."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a reference source says of itself."""

    temperature_c: float
    """The temperature of its surface as it measures it, °C."""
    set_point_c: float
    """What it is set to, °C."""
    is_stable: bool
    """Whether it counts itself as settled at its set point."""
    is_heating: bool
    """Whether its output is on."""
    fault: str = ""
    """What it complains of and what to do, in one sentence; empty when all is well."""


@dataclass(frozen=True, slots=True)
class SetPointChange:
    """A change of a source's set point that somebody must confirm first."""

    from_c: float
    """The set point now, °C."""
    to_c: float
    """The set point afterwards, °C."""
    starts_heating: bool
    """Whether the output is off now and would be switched on: the surface gets hot."""


Confirm = Callable[[SetPointChange], bool]
"""Asks whoever is responsible for the source; True only if they agree."""


class ReferenceSource(Device):
    """A temperature reference source (blackbody) that reports its own state.

    Opening and reading change nothing on it. Its surface may burn: a set point changes only when
    somebody has confirmed that very change.
    """

    SETTABLE_C: tuple[float, float] = (20.0, 50.0)
    """Lowest and highest set point taken, °C (chosen: no wider than screening needs)."""

    @property
    def emissivity(self) -> float | None:
        """The emissivity that its temperature is told for; None if it does not tell."""
        return None

    @final
    def read(self, timeout_s: float) -> SourceState:
        """Return what the source says of itself now.

        Raises:
            DeviceTimeout: if it does not answer in time.
            DeviceDisconnected: if it went away or is not open.
            ProtocolError: if the answer is not understood.
        """
        self._require_open()
        return self._read(timeout_s)

    @final
    def change_set_point(self, to_c: float, confirm: Confirm, timeout_s: float) -> bool:
        """Change the set point and switch the output on, if the change is confirmed.

        Args:
            to_c: the new set point, °C, within `SETTABLE_C`.
            confirm: is asked once, with the change; there is no default.
            timeout_s: the longest wait for the source, seconds.

        Returns:
            Whether it was confirmed and the source took it.

        Raises:
            ValueError: if the set point lies outside `SETTABLE_C`.
            DeviceTimeout, DeviceDisconnected, ProtocolError: as `read`.
        """
        self._require_open()
        low_c, high_c = self.SETTABLE_C
        if not low_c <= to_c <= high_c:
            raise ValueError(f"a set point must lie within {low_c:g} to {high_c:g} °C: {to_c:g}")
        state = self._read(timeout_s)
        if not confirm(SetPointChange(state.set_point_c, to_c, not state.is_heating)):
            return False
        self._change_set_point(to_c, timeout_s)
        return True

    @final
    def stop_heating(self, timeout_s: float) -> None:
        """Switch the output off; needs no confirmation, for it only makes things safer.

        Raises:
            DeviceTimeout, DeviceDisconnected, ProtocolError: as `read`.
        """
        self._require_open()
        self._stop_heating(timeout_s)

    @abstractmethod
    def _read(self, timeout_s: float) -> SourceState:
        """Ask the device; see `read`."""

    @abstractmethod
    def _change_set_point(self, to_c: float, timeout_s: float) -> None:
        """Set it, switch the output on, and make sure that the device took both."""

    @abstractmethod
    def _stop_heating(self, timeout_s: float) -> None:
        """Switch the output off."""


class RoomSensor(Device):
    """A sensor of the air at the checkpoint, or outdoors."""

    @final
    def read(self, timeout_s: float) -> RoomSample:
        """Return what it measures now.

        Raises:
            DeviceTimeout: if it does not answer in time.
            DeviceDisconnected: if it went away or is not open.
            ProtocolError: if the answer is not understood, or no air can be so.
        """
        self._require_open()
        return self._read(timeout_s)

    @abstractmethod
    def _read(self, timeout_s: float) -> RoomSample:
        """Ask the device; see `read`."""
