"""The camera inside the simulators: its shutter, and what its sensor repeats."""

import numpy as np
import pytest

from simulators.clock import SceneClock
from simulators.devices.thermal_camera import Shutter, ShutterPlan, ThermalCameraDevice
from simulators.faults import Fault, Faults


class Wall:
    """A wall whose temperature is the time, so that every picture differs."""

    def render(self, t_s, *, is_source_covered=False):
        return np.full((4, 5), 20 + t_s / 100, dtype=np.float32)


@pytest.fixture
def clock():
    return SceneClock(0.0)


@pytest.fixture
def faults():
    return Faults()


def camera(clock, faults, **plan):
    return ThermalCameraDevice(Wall(), clock, faults, rate_hz=10, shutter=ShutterPlan(**plan))


def states(device, clock, seconds):
    found = []
    for _ in range(round(seconds * 10)):
        clock.step(0.1001)
        found.append(device.picture())
    return found


def test_the_same_picture_is_given_until_the_sensor_renews_it(clock, faults):
    device = camera(clock, faults)
    first = device.picture()
    clock.step(0.05)
    assert device.picture() is first
    clock.step(0.06)
    assert device.picture().number == 1


def test_the_shutter_is_announced_stands_and_leaves_a_step(clock, faults):
    device = camera(clock, faults, every_s=20.0, announced_s=2.0, closed_s=1.0, step_c=0.5)
    pictures = states(device, clock, 25.0)
    assert [p.shutter for p in pictures[::10]] == [
        *[Shutter.NEVER] * 17,
        *[Shutter.IMMINENT] * 2,
        Shutter.CLOSED,
        *[Shutter.DONE] * 5,
    ]
    closed = [p.temperature_c for p in pictures if p.shutter is Shutter.CLOSED]
    assert all(np.array_equal(closed[0], other) for other in closed)
    before, after = pictures[185], pictures[205]
    assert after.temperature_c[0, 0] - before.temperature_c[0, 0] == pytest.approx(0.52, abs=0.01)
    assert after.corrected_s == pytest.approx(20.0, abs=0.01)


def test_a_correction_on_request_runs_at_once(clock, faults):
    device = camera(clock, faults, closed_s=1.0)
    device.correct()
    clock.step(0.2)
    assert device.picture().shutter is Shutter.CLOSED
    clock.step(1.0)
    assert device.picture().shutter is Shutter.DONE


def test_drift_grows_with_time_and_ends_with_the_fault(clock, faults):
    device = camera(clock, faults)
    faults.set(Fault.DRIFT, is_on=True)
    device.picture()
    clock.step(600.0)
    assert device.picture().temperature_c[0, 0] == pytest.approx(20 + 6 + 0.3, abs=0.01)
    faults.set(Fault.DRIFT, is_on=False)
    clock.step(1.0)
    assert device.picture().temperature_c[0, 0] == pytest.approx(20 + 6.01, abs=0.01)


def test_a_frozen_camera_repeats_one_picture(clock, faults):
    device = camera(clock, faults)
    first = device.picture()
    faults.set(Fault.FROZEN_FRAME, is_on=True)
    clock.step(5.0)
    second = device.picture()
    assert second.number == first.number
    np.testing.assert_array_equal(first.temperature_c, second.temperature_c)
