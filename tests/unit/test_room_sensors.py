"""A room sensor's word counts as long as it is believed; then the room is assumed again."""

import pytest

from drivers.api import DeviceInfo, RoomSample, RoomSensor
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed
from station.core.events import DeviceChanged, DeviceState, RoomChanged, RoomSource
from station.core.health import DeviceDoubt
from station.core.room import Room
from station.runtime.devices import DeviceKeeper
from station.runtime.room import RoomKeeper
from station.runtime.room_sensors import RoomSensorReader
from tests.support import NOON, ROOM
from tests.unit.test_room import set_room


class Sensor(RoomSensor):
    """Says what the test wants; an exception is raised."""

    def __init__(self):
        super().__init__()
        self.says = (21.5, 45.0)

    def _open(self):
        if isinstance(self.says, OpenFailed):
            raise self.says
        return DeviceInfo("fake", "fake", "1")

    def _close(self):
        pass

    def _read(self, timeout_s):
        if isinstance(self.says, Exception):
            raise self.says
        return RoomSample(*self.says, NOON)


class Hall:
    """A station's room, its lanes and its clock; a second sensor may be outdoors."""

    def __init__(self):
        self.passed_s, self.rooms, self.events = 0.0, [], []
        self.keeper = RoomKeeper(
            ROOM, measured_u_c=0.5, apply=self.rooms.append, clock=self, events=self
        )
        self.keeper.start()
        self.sensor = Sensor()
        self.reader = self.hang("air-1", "indoor", self.sensor)

    def hang(self, name, role, sensor):
        devices = DeviceKeeper(name, lambda: sensor, clock=self, events=self, wait=self.wait)
        return RoomSensorReader(
            name,
            role,
            devices,
            self.keeper,
            u_c=0.3,
            poll_s=5.0,
            silence_s=60.0,
            stuck_s=600.0,
            clock=self,
            wait=self.wait,
        )

    def now(self):
        return NOON

    def monotonic_s(self):
        return self.passed_s

    def emit(self, event):
        self.events.append(event)

    def wait(self, seconds):
        self.passed_s += seconds
        return False

    def run(self, steps=1):
        for _ in range(steps):
            self.reader.step()

    def told(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def source(self):
        return self.told(RoomChanged)[-1].source

    @property
    def device(self):
        return self.told(DeviceChanged)[-1]


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("CRITICAL")


def test_a_sensor_s_room_reaches_the_lanes_with_its_own_uncertainty_and_its_name():
    hall = Hall()
    hall.run()
    assert hall.rooms == [Room(21.5, 0.3, 45.0)]
    told = hall.told(RoomChanged)[-1]
    assert (told.source, told.sensor) == (RoomSource.MEASURED, "air-1")
    assert hall.device.state is DeviceState.READY


def test_noise_below_a_tenth_of_a_degree_is_no_news():
    hall = Hall()
    for ambient_c in (21.51, 21.52, 21.49, 21.53):
        hall.sensor.says = (ambient_c, 45.0)
        hall.run()
    assert len(hall.told(RoomChanged)) == 2


def test_a_silent_sensor_gives_the_room_back_after_a_minute_and_not_at_once():
    hall = Hall()
    hall.run()
    hall.sensor.says = DeviceTimeout("no answer")
    hall.run(8)
    assert hall.source is RoomSource.MEASURED
    hall.run(8)
    assert hall.source is RoomSource.ASSUMED
    assert hall.rooms[-1] == ROOM
    assert hall.device.state is DeviceState.LOST


def test_a_sensor_that_is_unplugged_gives_the_room_back_and_takes_it_again():
    hall = Hall()
    hall.run()
    hall.sensor.says = DeviceDisconnected("gone")
    hall.run()
    hall.sensor.says = OpenFailed("gone")
    hall.run(40)
    assert hall.source is RoomSource.ASSUMED
    hall.sensor.says = (22.5, 40.0)
    hall.run()
    assert hall.rooms[-1].ambient_c == 22.5
    assert hall.device.state is DeviceState.READY


@pytest.mark.parametrize("says", [(85.0, 45.0), (21.5, 140.0), (float("nan"), None)])
def test_an_implausible_sensor_gives_the_room_back_at_once_and_is_named(says):
    hall = Hall()
    hall.run()
    hall.sensor.says = says
    hall.run()
    assert hall.source is RoomSource.ASSUMED
    assert (hall.device.state, hall.device.doubt) == (DeviceState.DOUBTFUL, DeviceDoubt.IMPLAUSIBLE)
    assert "air-1" in hall.device.text
    hall.sensor.says = (21.5, 45.0)
    hall.run()
    assert (hall.source, hall.device.state) == (RoomSource.MEASURED, DeviceState.READY)


def test_a_stuck_sensor_gives_the_room_back_until_it_moves():
    hall = Hall()
    hall.run(140)
    assert hall.source is RoomSource.ASSUMED
    assert hall.device.doubt is DeviceDoubt.STUCK
    hall.sensor.says = (21.6, 45.0)
    hall.run()
    assert hall.source is RoomSource.MEASURED


def test_an_outdoor_sensor_sets_the_outdoor_temperature_alone():
    hall = Hall()
    outdoor = Sensor()
    outdoor.says = (-12.0, 80.0)
    reader = hall.hang("air-2", "outdoor", outdoor)
    reader.step()
    assert hall.rooms[-1] == Room(ROOM.ambient_c, ROOM.ambient_u_c, None, -12.0)
    assert hall.source is RoomSource.ASSUMED
    hall.run()
    assert hall.rooms[-1] == Room(21.5, 0.3, 45.0, -12.0)
    outdoor.says = (99.0, None)
    reader.step()
    assert hall.rooms[-1] == Room(21.5, 0.3, 45.0, None)


def test_the_latest_word_counts_be_it_a_person_s_or_a_sensor_s():
    hall = Hall()
    outdoor = Sensor()
    outdoor.says = (-12.0, None)
    hall.hang("air-2", "outdoor", outdoor).step()
    hall.keeper.set(set_room(23.5, 40.0, None))
    assert hall.rooms[-1] == Room(23.5, 0.5, 40.0, -12.0)
    hall.run()
    assert hall.rooms[-1] == Room(21.5, 0.3, 45.0, -12.0)


def test_a_lost_sensor_takes_no_person_s_word_back():
    hall = Hall()
    hall.run()
    hall.sensor.says = DeviceTimeout("no answer")
    hall.keeper.set(set_room(23.5, 40.0, None))
    hall.run(20)
    assert (hall.source, hall.rooms[-1].ambient_c) == (RoomSource.MEASURED, 23.5)


def test_a_sensor_that_comes_back_with_the_same_value_is_not_called_stuck():
    hall = Hall()
    hall.run(60)
    hall.sensor.says = DeviceTimeout("no answer")
    hall.run(80)
    hall.sensor.says = (21.5, 45.0)
    hall.run(5)
    assert (hall.source, hall.device.state) == (RoomSource.MEASURED, DeviceState.READY)
