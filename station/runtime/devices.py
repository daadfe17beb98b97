"""The threads that own a device each: open it, read it, and open it again when it was lost."""

import logging
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from drivers.api import Capability, Device, HandheldThermometer, ThermalCamera
from drivers.errors import DeviceDisconnected, DeviceError, DeviceTimeout
from station.core.cases import BodyReading
from station.core.errors import KnownError
from station.core.events import DeviceChanged, DeviceState
from station.core.frames import ThermalFrame
from station.core.health import DeviceDoubt
from station.core.ports import Clock, EventSink
from station.runtime.queues import LatestQueue

logger = logging.getLogger(__name__)

_Device = TypeVar("_Device", bound=Device)
_READ_TIMEOUT_S = 1.0
_REOPEN_FIRST_S = 0.5
# A plug put back is used again within five seconds: this wait, and the time of opening.
_REOPEN_LONGEST_S = 2.0
# This many faults in a row mean that the device is not what it was: open it again.
_FAULTS_TO_REOPEN = 10


class DeviceKeeper(Generic[_Device]):
    """Keeps one device open and tells when it comes and goes."""

    def __init__(
        self,
        device_id: str,
        make: Callable[[], _Device],
        *,
        clock: Clock,
        events: EventSink,
        wait: Callable[[float], bool],
    ) -> None:
        self._device_id = device_id
        self._make = make
        self._clock = clock
        self._events = events
        self._wait = wait
        # Opened again, not made anew: a driver knows what it has told before a loss.
        self._made: _Device | None = None
        self._device: _Device | None = None
        self._reopen_s = _REOPEN_FIRST_S
        self._faults = 0
        self.capabilities: frozenset[Capability] = frozenset()
        """What the device that was opened last can do."""
        self._told: tuple[DeviceState, DeviceDoubt | None, str] | None = None

    def ready(self) -> _Device | None:
        """Return the open device, or None after one failed try and its waiting time."""
        if self._device is not None:
            return self._device
        try:
            device = self._made = self._made or self._make()
            info = device.open()
        except KnownError as error:
            # Also a secret's file that is not there: the other lanes go on without this device.
            self._tell(DeviceState.LOST, str(error))
            self._wait(self._reopen_s)
            self._reopen_s = min(self._reopen_s * 2, _REOPEN_LONGEST_S)
            return None
        logger.info("%s is open: %s %s", self._device_id, info.model, info.serial_number)
        self._device, self._faults = device, 0
        self.capabilities = info.capabilities
        return device

    def worked(self, doubt: DeviceDoubt | None = None, text: str = "") -> None:
        """Note that the device has just delivered or was rightly silent.

        Args:
            doubt: why what it delivered is not believed, if so.
            text: the same in one sentence for staff.
        """
        self._faults = 0
        self._reopen_s = _REOPEN_FIRST_S
        self._tell(DeviceState.READY if doubt is None else DeviceState.DOUBTFUL, text, doubt)

    def unheard(self) -> None:
        """Note that the device is open, and that nothing tells yet that it is the right one."""
        self._faults = 0
        self._reopen_s = _REOPEN_FIRST_S
        self._tell(DeviceState.UNHEARD, "")

    def failed(self, error: DeviceError) -> None:
        """Note a fault: a lost device is closed at once, a babbling one after some faults."""
        self._faults += 1
        is_lost = isinstance(error, DeviceDisconnected)
        if is_lost or self._faults >= _FAULTS_TO_REOPEN:
            self._tell(DeviceState.LOST, str(error))
            self.close()
            self._wait(self._reopen_s)
        elif isinstance(error, DeviceTimeout) or self._faults > 1:
            self._tell(DeviceState.LOST, str(error))
        else:
            logger.warning("%s: %s", self._device_id, error)

    def close(self) -> None:
        """Close the device; safe in any state."""
        if self._device is not None:
            self._device.close()
            self._device = None

    def _tell(self, state: DeviceState, text: str, doubt: DeviceDoubt | None = None) -> None:
        # Another reason is news: first the plug was out, now it is in another device. What stands
        # in brackets, as the bytes that came, differs every time.
        told = state, doubt, text.partition(" (")[0]
        if told == self._told:
            return
        self._told = told
        if text:
            logger.warning("%s: %s", self._device_id, text)
        self._events.emit(DeviceChanged(self._device_id, self._clock.now(), state, text, doubt))


class CameraReader:
    """Reads one camera and hands every frame to its lane's queue."""

    def __init__(
        self, keeper: DeviceKeeper[ThermalCamera], frames: LatestQueue[ThermalFrame]
    ) -> None:
        self._keeper = keeper
        self._frames = frames

    def step(self) -> None:
        """Deliver one frame, or note why there was none."""
        camera = self._keeper.ready()
        if camera is None:
            return
        try:
            frame = camera.read(_READ_TIMEOUT_S)
        except DeviceError as error:
            self._keeper.failed(error)
            return
        if frame is None:
            self._keeper.failed(DeviceDisconnected("the recording has ended"))
            return
        self._keeper.worked()
        self._frames.put(frame)

    def stop(self) -> None:
        """Close the camera."""
        self._keeper.close()


class HandheldReader:
    """Reads one handheld thermometer and hands on every reading, plausible or not."""

    def __init__(
        self,
        device_id: str,
        keeper: DeviceKeeper[HandheldThermometer],
        take: Callable[[BodyReading], None],
        new_id: Callable[[], UUID],
    ) -> None:
        self._device_id = device_id
        self._keeper = keeper
        self._take = take
        self._new_id = new_id

    def step(self) -> None:
        """Deliver one reading; silence is normal."""
        thermometer = self._keeper.ready()
        if thermometer is None:
            return
        try:
            sample = thermometer.read(_READ_TIMEOUT_S)
        except DeviceError as error:
            self._keeper.failed(error)
            return
        if sample is None and not thermometer.is_heard:
            self._keeper.unheard()
        else:
            self._keeper.worked()
        if sample is not None:
            self._take(
                BodyReading(
                    self._new_id(),
                    sample.taken_at,
                    sample.temperature_c,
                    sample.mode,
                    self._device_id,
                    sample.is_plausible,
                    sample.trust,
                )
            )

    def stop(self) -> None:
        """Close the thermometer."""
        self._keeper.close()
