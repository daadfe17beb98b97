from itertools import count
from uuid import UUID

import pytest

from drivers.api import DeviceInfo, HandheldThermometer, ThermalCamera, ThermometerSample
from drivers.errors import DeviceDisconnected, DeviceTimeout, OpenFailed, ProtocolError
from station.core.cases import ReadingMode
from station.core.errors import KnownError
from station.core.events import DeviceState
from station.runtime.devices import CameraReader, DeviceKeeper, HandheldReader
from station.runtime.queues import LatestQueue
from tests.support import NOON, frame


class Scripted:
    """A device that does what the script says: an exception is raised, a value returned."""

    def __init__(self, *script, opens=()):
        super().__init__()
        self.script, self.opens, self.closed = list(script), list(opens), 0

    def _open(self):
        if self.opens and (problem := self.opens.pop(0)):
            raise problem
        return DeviceInfo("scripted", "model", "1")

    def _close(self):
        self.closed += 1

    def _read(self, timeout_s):
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


class Camera(Scripted, ThermalCamera):
    pass


class Gun(Scripted, HandheldThermometer):
    pass


class ListeningGun(Gun):
    is_heard = False


class Owner:
    """Gives a keeper its clock, its ears and its patience."""

    def __init__(self, device):
        self.events, self.waits = [], []
        self.keeper = DeviceKeeper(
            "device-1", lambda: device, clock=self, events=self, wait=self.wait
        )

    def now(self):
        return NOON

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)

    def wait(self, seconds):
        self.waits.append(seconds)
        return False

    @property
    def states(self):
        return [event.state for event in self.events]


def read_camera(*script, opens=(), steps=None):
    device = Camera(*script, opens=opens)
    owner, frames = Owner(device), LatestQueue(100)
    reader = CameraReader(owner.keeper, frames)
    for _ in range(steps or len(script)):
        reader.step()
    return owner, frames, device


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("CRITICAL")


def test_a_working_camera_is_told_ready_once():
    owner, frames, _ = read_camera(frame(0), frame(1))
    assert owner.states == [DeviceState.READY]
    assert [frames.get(0).sequence, frames.get(0).sequence] == [0, 1]


def test_a_camera_that_cannot_be_opened_is_tried_again_ever_more_slowly():
    refused = [OpenFailed("no route")] * 6
    owner, _, _ = read_camera(opens=refused, steps=6)
    assert owner.states == [DeviceState.LOST]
    assert owner.waits == [0.5, 1.0, 2.0, 2.0, 2.0, 2.0]


def test_another_reason_why_a_device_is_lost_is_told_and_the_same_one_once():
    noise = [ProtocolError("this is no camera", bytes([n])) for n in range(3)]
    owner, _, _ = read_camera(opens=[OpenFailed("no such port"), *noise], steps=4)
    assert [event.text for event in owner.events] == [
        "no such port",
        "this is no camera (received: 00)",
    ]


def test_a_device_whose_secret_is_not_there_waits_for_it_and_is_used_then():
    owner, frames = Owner(None), LatestQueue(100)
    made = [KnownError("The file camera.password cannot be read."), Camera(frame(0))]

    def make():
        one = made.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    keeper = DeviceKeeper("c", make, clock=owner, events=owner, wait=owner.wait)
    reader = CameraReader(keeper, frames)
    reader.step()
    reader.step()
    assert owner.states == [DeviceState.LOST, DeviceState.READY]
    assert "camera.password" in owner.events[0].text


def test_a_lost_camera_is_closed_told_and_opened_again():
    owner, frames, device = read_camera(frame(0), DeviceDisconnected("gone"), frame(1))
    assert owner.states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]
    assert device.closed == 1
    assert len([frames.get(0), frames.get(0)]) == 2


def test_a_device_put_back_is_opened_again_and_still_knows_what_it_has_told():
    made = []

    def make():
        made.append(Camera(frame(0), DeviceDisconnected("gone"), frame(1)))
        return made[-1]

    owner, frames = Owner(None), LatestQueue(100)
    keeper = DeviceKeeper("c", make, clock=owner, events=owner, wait=owner.wait)
    reader = CameraReader(keeper, frames)
    for _ in range(3):
        reader.step()
    assert len(made) == 1
    assert made[0].closed == 1


def test_a_stall_is_told_but_the_connection_kept():
    owner, _, device = read_camera(frame(0), DeviceTimeout("slow"), frame(1))
    assert owner.states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]
    assert device.closed == 0


def test_one_torn_message_is_no_reason_to_alarm_staff():
    owner, _, _ = read_camera(frame(0), ProtocolError("torn"), frame(1))
    assert owner.states == [DeviceState.READY]


def test_a_babbling_device_is_told_and_opened_again():
    owner, _, device = read_camera(frame(0), *[ProtocolError("noise")] * 10)
    assert owner.states == [DeviceState.READY, DeviceState.LOST]
    assert device.closed == 1


def test_the_end_of_a_recording_is_a_lost_camera():
    owner, _, _ = read_camera(frame(0), None)
    assert owner.states == [DeviceState.READY, DeviceState.LOST]


def test_a_thermometer_that_only_speaks_when_triggered_is_not_ready_before_it_was_heard():
    sample = ThermometerSample(38.4, ReadingMode.BODY, NOON, is_plausible=True)
    gun = ListeningGun(None, None, sample, DeviceDisconnected("gone"), None)
    owner = Owner(gun)
    reader = HandheldReader("gun-1", owner.keeper, lambda reading: None, lambda: UUID(int=1))
    for _ in range(5):
        reader.step()
    unheard, ready, lost = DeviceState.UNHEARD, DeviceState.READY, DeviceState.LOST
    assert owner.states == [unheard, ready, lost, unheard]


def test_silence_of_a_thermometer_is_normal_and_readings_are_handed_on():
    sample = ThermometerSample(38.4, ReadingMode.BODY, NOON, is_plausible=True)
    odd = ThermometerSample(12.0, ReadingMode.BODY, NOON, is_plausible=False)
    owner, taken, numbers = Owner(Gun(None, sample, None, odd)), [], count(1)
    reader = HandheldReader("gun-1", owner.keeper, taken.append, lambda: UUID(int=next(numbers)))
    for _ in range(4):
        reader.step()
    assert owner.states == [DeviceState.READY]
    assert [(r.body_c, r.is_plausible, r.device_id) for r in taken] == [
        (38.4, True, "gun-1"),
        (12.0, False, "gun-1"),
    ]
