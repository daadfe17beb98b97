"""A device that was unplugged is used again within five seconds of being put back."""

import threading
import time

import pytest

from drivers.errors import DeviceError
from drivers.registry import DeviceKind
from station.core.events import DeviceState
from station.runtime.clock import SystemClock
from station.runtime.devices import CameraReader, DeviceKeeper, HandheldReader
from station.runtime.queues import LatestQueue
from station.runtime.worker import Worker
from tests.contract.finding import BENCHES

HEALS_S = 5.0
# Long enough for the wait between two tries to have grown to its longest.
AWAY_S = 2.5
# One that speaks only when triggered is open before it is heard.
OPEN, LOST = (DeviceState.READY, DeviceState.UNHEARD), (DeviceState.LOST,)


class Told:
    """Keeps what a keeper tells, with its time."""

    def __init__(self):
        self.states = []

    def emit(self, event):
        self.states.append((event.state, time.monotonic()))

    def when(self, states, since_s):
        return next((at_s for told, at_s in self.states if told in states and at_s > since_s), None)


class AnyReader:
    """What the threads of cameras and thermometers do, for the kinds without a queue."""

    def __init__(self, keeper):
        self.keeper = keeper

    def step(self):
        device = self.keeper.ready()
        if device is None:
            return
        try:
            device.read(1.0)
        except DeviceError as error:
            self.keeper.failed(error)
        else:
            self.keeper.worked()


def reader_of(bench, keeper):
    if bench.kind is DeviceKind.CAMERA:
        return CameraReader(keeper, LatestQueue())
    if bench.kind is DeviceKind.THERMOMETER:
        return HandheldReader("under-test", keeper, lambda reading: None, lambda: None)
    return AnyReader(keeper)


@pytest.fixture
def running(bench):
    told, stop = Told(), threading.Event()
    keeper = DeviceKeeper(
        "under-test", bench.device, clock=SystemClock(), events=told, wait=stop.wait
    )
    worker = Worker(
        "device", reader_of(bench, keeper).step, on_crash=pytest.fail, on_stop=keeper.close
    )
    worker.start()
    yield told
    stop.set()
    assert worker.stop(60.0)


def wait_until(bench, probe, seconds):
    ends_s = time.monotonic() + seconds
    while not (found := probe()):
        assert time.monotonic() < ends_s, "it did not happen in time"
        bench.provoke()
        time.sleep(0.05)
    return found


def test_a_device_put_back_is_used_again_within_five_seconds(bench, running, caplog):
    if not bench.hears_unplugging:
        pytest.skip("a datagram's receiver never hears that its sender is gone")
    caplog.set_level("CRITICAL")
    wait_until(bench, lambda: running.when(OPEN, 0.0), 60.0)
    bench.unplug()
    wait_until(bench, lambda: running.when(LOST, 0.0), 60.0)
    time.sleep(AWAY_S)
    bench.plug_in()
    back_s = time.monotonic()
    ready_s = wait_until(bench, lambda: running.when(OPEN, back_s), 60.0)
    assert ready_s - back_s < HEALS_S


def test_every_kind_of_device_is_tried():
    assert {bench.kind for bench in BENCHES} >= {
        DeviceKind.CAMERA,
        DeviceKind.THERMOMETER,
        DeviceKind.REFERENCE,
    }
