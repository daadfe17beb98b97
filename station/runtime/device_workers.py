"""The threads of a station's devices, and of the lanes that screen what its cameras bring."""

import logging
from collections.abc import Callable
from typing import TypeVar, cast
from uuid import UUID, uuid4

from config.device_settings import (
    CameraSettings,
    RoomSensorSettings,
    SourceSettings,
    ThermometerSettings,
)
from config.settings import Settings
from drivers.api import Device, HandheldThermometer, ReferenceSource, RoomSensor, ThermalCamera
from drivers.registry import DeviceKind, create
from station.core.cases import BodyReading
from station.core.face_picture import FacePicture
from station.core.frames import ThermalFrame
from station.core.lane_steps import EndedPassage, Flag
from station.core.ports import Clock, EventSink
from station.core.source import SILENT
from station.core.trends import CameraTrendMeter
from station.core.watch import LaneWatch
from station.runtime.camera_health import CameraHealth
from station.runtime.devices import CameraReader, DeviceKeeper, HandheldReader
from station.runtime.driver_options import driver_options
from station.runtime.lanes import (
    build_crowd,
    build_drift,
    build_lane,
    build_locator,
    build_room,
    build_source,
)
from station.runtime.queues import LatestQueue
from station.runtime.room import RoomKeeper
from station.runtime.room_sensors import RoomSensorReader
from station.runtime.screening import LaneScreener, PictureSink
from station.runtime.sources import SourceReader
from station.runtime.worker import Worker

logger = logging.getLogger(__name__)

_Device = TypeVar("_Device", bound=Device)

# Screening takes most of the processor: cameras are read and the kiosk answers before it.
_EXTRACT_NICENESS = 5


class DeviceWorkers:
    """One thread a device and one a lane, as the settings say; whoever has them starts them.

    Args:
        settings: everything about the station.
        screeners: is filled with the lanes' screeners, by the names of their cameras.
        room: takes what sensors of the air measure.
        pictures: takes the lanes' pictures.
        on_face: takes small pictures of travellers.
        put: takes what the ledger must keep.
        clock: the machine's clocks.
        events: who listens.
        wait: waits so many seconds, and says whether the station stops.
        on_crash: is told in one sentence that a thread has crashed.
    """

    def __init__(
        self,
        settings: Settings,
        screeners: dict[str, LaneScreener],
        *,
        room: RoomKeeper,
        pictures: PictureSink,
        on_face: Callable[[UUID, FacePicture], None],
        put: Callable[[Flag | EndedPassage | BodyReading], None],
        clock: Clock,
        events: EventSink,
        wait: Callable[[float], bool],
        on_crash: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._screeners = screeners
        self._room = room
        self._pictures = pictures
        self._on_face = on_face
        self._put = put
        self._clock = clock
        self._events = events
        self._wait = wait
        self._on_crash = on_crash
        cameras = [self._camera_workers(camera) for camera in settings.cameras]
        self.vital = [worker for pair in cameras for worker in pair]
        """Without these nobody is screened."""
        self.in_stopping_order = [
            *(reader for reader, _ in cameras),
            *(self._handheld_worker(device) for device in settings.thermometers),
            *(self._source_worker(source) for source in settings.sources),
            *(self._room_worker(sensor) for sensor in settings.room_sensors),
            *(lane for _, lane in cameras),
        ]
        """All of them: what brings before what takes."""

    def _camera_workers(self, camera: CameraSettings) -> tuple[Worker, Worker]:
        frames: LatestQueue[ThermalFrame] = LatestQueue()

        def make() -> ThermalCamera:
            options = dict(
                driver_options(camera.options),
                camera_id=camera.camera_id,
                orientation=camera.orientation,
            )
            return cast(ThermalCamera, create(DeviceKind.CAMERA, camera.driver, **options))

        reader = CameraReader(self._device_keeper(camera.camera_id, make), frames)
        locator = build_locator(self._settings.locator)
        logger.info("lane %s: faces by sha256 %s", camera.lane, locator.sha256)
        lane = LaneScreener(
            camera.lane,
            build_lane(self._settings, camera, locator, uuid4),
            LaneWatch(build_crowd(self._settings.crowd)),
            frames,
            room=build_room(self._settings.room),
            health=CameraHealth(
                camera.camera_id,
                build_drift(self._settings.health),
                self._settings.health.camera_stuck_s,
                clock=self._clock,
                events=self._events,
            ),
            trend=CameraTrendMeter(camera.camera_id, camera.lane),
            clock=self._clock,
            events=self._events,
            pictures=self._pictures,
            on_flag=self._put,
            on_end=self._put,
            on_face=self._on_face,
        )
        self._screeners[camera.camera_id] = lane
        return (
            self._worker(f"camera-{camera.camera_id}", reader.step, reader.stop),
            self._worker(f"extract-{camera.lane}", lane.step, lane.stop, _EXTRACT_NICENESS),
        )

    def _handheld_worker(self, device: ThermometerSettings) -> Worker:
        def make() -> HandheldThermometer:
            options = dict(driver_options(device.options), device_id=device.device_id)
            made = create(DeviceKind.THERMOMETER, device.driver, **options)
            return cast(HandheldThermometer, made)

        keeper = self._device_keeper(device.device_id, make)
        reader = HandheldReader(device.device_id, keeper, self._put, uuid4)
        return self._worker(f"handheld-{device.device_id}", reader.step, reader.stop)

    def _source_worker(self, source: SourceSettings) -> Worker:
        def make() -> ReferenceSource:
            options = dict(driver_options(source.options), device_id=source.device_id)
            return cast(ReferenceSource, create(DeviceKind.REFERENCE, source.driver, **options))

        names = source.cameras or tuple(self._screeners)
        lanes = [self._screeners[name] for name in names]
        for lane in lanes:
            # Nobody is measured by a source that has not said yet how it is.
            lane.set_source(SILENT)
        reader = SourceReader(
            source.device_id,
            self._device_keeper(source.device_id, make),
            build_source(self._settings, source),
            [lane.set_source for lane in lanes],
            poll_s=source.poll_s,
            silence_s=source.silence_s,
            stuck_s=self._settings.health.source_stuck_s,
            clock=self._clock,
            events=self._events,
            wait=self._wait,
        )
        return self._worker(f"source-{source.device_id}", reader.step, reader.stop)

    def _room_worker(self, sensor: RoomSensorSettings) -> Worker:
        def make() -> RoomSensor:
            options = dict(driver_options(sensor.options), device_id=sensor.device_id)
            return cast(RoomSensor, create(DeviceKind.ROOM, sensor.driver, **options))

        reader = RoomSensorReader(
            sensor.device_id,
            sensor.role,
            self._device_keeper(sensor.device_id, make),
            self._room,
            u_c=sensor.u_c,
            poll_s=sensor.poll_s,
            silence_s=sensor.silence_s,
            stuck_s=self._settings.health.room_stuck_s,
            clock=self._clock,
            wait=self._wait,
        )
        return self._worker(f"room-{sensor.device_id}", reader.step, reader.stop)

    def _device_keeper(self, device_id: str, make: Callable[[], _Device]) -> DeviceKeeper[_Device]:
        return DeviceKeeper(
            device_id, make, clock=self._clock, events=self._events, wait=self._wait
        )

    def _worker(
        self, name: str, step: Callable[[], None], on_stop: Callable[[], None], niceness: int = 0
    ) -> Worker:
        return Worker(name, step, on_crash=self._on_crash, on_stop=on_stop, niceness=niceness)
