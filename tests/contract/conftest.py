"""One bench a live driver: the device under test and the simulator that it talks to."""

import threading
import time

import pytest

from drivers.registry import DeviceKind, create
from simulators.clock import SceneClock
from simulators.devices.fefd_gun import FefdGunDevice
from simulators.devices.fluke418x_source import Fluke418xDevice
from simulators.devices.hikvision_camera import HikvisionCameraDevice
from simulators.dialects.fluke418x import Fluke418xDialect
from simulators.faults import CAMERA_FAULTS, GUN_FAULTS, SOURCE_FAULTS, Fault, Faults
from simulators.scene import Scene, demo_travellers
from simulators.serve import CameraServer, GunServer, SourceServer

SHAPE = (72, 96)
PASSWORD = "right"


class Bench:
    """Switches for the faults of the simulator."""

    faults: Faults

    def turn_on(self, fault):
        self.faults.set(Fault(fault), is_on=True)

    def turn_off(self, fault):
        self.faults.set(Fault(fault), is_on=False)


class CameraBench(Bench):
    """A Hikvision camera over HTTP."""

    kind, name = DeviceKind.CAMERA, "hikvision-isapi"
    # A camera is asked and must answer; a thermometer may be silent for ever.
    is_silence_a_fault = True
    has_password = True

    def __init__(self, folder):
        self.faults = Faults(CAMERA_FAULTS)
        scene = Scene(shape=SHAPE, travellers=demo_travellers(1, 2, 0, 1.0))
        self._clock = SceneClock()
        self._camera = HikvisionCameraDevice(scene, self._clock, self.faults)
        self._port = 0
        self.plug_in()

    def plug_in(self):
        self.server = CameraServer(
            self._camera, self.faults, user="admin", password=PASSWORD, port=self._port
        )
        self._port = self.server.port

    def unplug(self):
        self.server.close()

    close = unplug

    def device(self, password=PASSWORD):
        return create(
            self.kind,
            self.name,
            url=f"http://127.0.0.1:{self._port}",
            user="admin",
            password=password,
            camera_id="under-test",
            max_rate_hz=1000,
        )

    def provoke(self):
        self._clock.step(0.1)

    def check(self, frame):
        assert frame.shape == SHAPE
        assert frame.camera_id == "under-test"
        assert frame.captured_at.tzinfo is not None


class GunBench(Bench):
    """An FE FD forehead gun on a pseudo-terminal."""

    kind, name = DeviceKind.THERMOMETER, "fefd"
    is_silence_a_fault = False
    has_password = False

    def __init__(self, folder):
        self.faults = Faults(GUN_FAULTS)
        self._link = folder / "gun"
        self._value_c = 36.0
        self.plug_in()

    def plug_in(self):
        gun = FefdGunDevice(self.faults, error_c=0.0)
        self.server = GunServer(gun, self.faults, self._link)

    def unplug(self):
        self.server.close()

    close = unplug

    def device(self):
        return create(self.kind, self.name, port=str(self._link), device_id="under-test")

    def provoke(self):
        # Another value each time: the same one again within a second is one reading.
        self._value_c = round(self._value_c + 0.1, 1)
        self.server.pull_trigger(self._value_c)

    def check(self, sample):
        assert sample.temperature_c == self._value_c
        assert sample.taken_at.tzinfo is not None


class SourceBench(Bench):
    """A Fluke 4180 behind a serial server."""

    kind, name = DeviceKind.REFERENCE, "fluke418x"
    is_silence_a_fault = True
    has_password = False

    def __init__(self, folder):
        self.faults = Faults(SOURCE_FAULTS)
        self.clock = SceneClock(0.0)
        self.source = Fluke418xDevice(self.clock, self.faults)
        self._port = 0
        self.plug_in()

    def plug_in(self):
        dialect = Fluke418xDialect(self.source, self.faults)
        self.server = SourceServer(dialect, self.faults, self._port)
        self._port = self.server.port

    def unplug(self):
        self.server.close()

    close = unplug

    def device(self):
        return create(
            self.kind, self.name, port=f"socket://127.0.0.1:{self._port}", device_id="under-test"
        )

    def provoke(self):
        self.clock.step(1.0)

    def check(self, state):
        assert abs(state.temperature_c - self.source.surface_c()) < 0.15
        assert state.set_point_c == self.source.set_point_c
        assert state.is_heating is self.source.is_heating
        assert not state.fault


BENCHES = (CameraBench, GunBench, SourceBench)


@pytest.fixture
def benches():
    return BENCHES


@pytest.fixture(params=BENCHES, ids=lambda bench: bench.name)
def bench(request, tmp_path):
    bench = request.param(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def camera(tmp_path):
    bench = CameraBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def gun(tmp_path):
    bench = GunBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def source(tmp_path):
    bench = SourceBench(tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def within():
    """Call until it gives something true, at most two seconds."""

    def within(probe):
        ends_s = time.monotonic() + 2
        while time.monotonic() < ends_s:
            if found := probe():
                return found
            time.sleep(0.01)
        raise AssertionError("it did not happen within two seconds")

    return within


@pytest.fixture(autouse=True)
def no_thread_is_left_behind():
    before = set(threading.enumerate())
    yield
    ends_s = time.monotonic() + 2
    while set(threading.enumerate()) - before and time.monotonic() < ends_s:
        time.sleep(0.01)
    assert not set(threading.enumerate()) - before
