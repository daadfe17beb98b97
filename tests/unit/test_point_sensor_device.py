"""What the simulated point sensor sees."""

import pytest

from simulators.clock import SceneClock
from simulators.devices.point_sensor import PointSensorDevice
from simulators.faults import Fault, Faults


@pytest.fixture
def clock():
    return SceneClock(0.0)


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def sensor(clock, faults):
    return PointSensorDevice(clock, faults, room_c=22.0, noise_c=0.0, hold_s=3.0)


def present(sensor, clock, body_c=37.0):
    surface_c = sensor.present(body_c)
    clock.step(0.4)
    for _ in range(4):
        assert sensor.measure()[0] == 22.0
    return surface_c


def test_nobody_is_the_room_and_the_sensor_is_a_little_warmer(sensor):
    assert sensor.measure() == (22.0, 22.8)


def test_a_forehead_is_seen_after_the_room_and_rises_within_300_ms(sensor, clock):
    surface_c = present(sensor, clock)
    assert surface_c == 34.5
    sensor.measure()
    clock.step(0.3)
    # 95 % of the step of 12.5 °C.
    assert sensor.measure()[0] == pytest.approx(22 + 0.95 * 12.5, abs=0.05)
    clock.step(1.0)
    assert sensor.measure()[0] == pytest.approx(34.5, abs=0.01)


def test_the_next_one_comes_only_after_the_room_was_seen(sensor, clock):
    present(sensor, clock)
    clock.step(1.0)
    sensor.present(39.0)
    clock.step(100.0)
    assert [sensor.measure()[0] for _ in range(4)] == [22.0] * 4


def test_whoever_was_measured_goes_away(sensor, clock):
    present(sensor, clock)
    sensor.measure()
    clock.step(3.1)
    assert sensor.measure()[0] == 22.0


def test_a_warmed_sensor_reads_low_and_cools(sensor, clock, faults):
    faults.set(Fault.WARMED, is_on=True)
    object_c, own_c = sensor.measure()
    assert (object_c, own_c) == (pytest.approx(21.2), pytest.approx(26.8))
    clock.step(120.0)
    assert sensor.measure()[1] == pytest.approx(22.8 + 4 * 0.368, abs=0.01)


def test_a_stuck_sensor_repeats_itself_to_the_last_bit(clock, faults):
    sensor = PointSensorDevice(clock, faults)
    assert sensor.measure() != sensor.measure()
    faults.set(Fault.STUCK, is_on=True)
    assert sensor.measure() == sensor.measure()


def test_a_restart_forgets_the_volatile_emissivity(sensor):
    sensor.emissivity = 0.98
    sensor.restart()
    assert (sensor.emissivity, sensor.starts) == (0.95, 2)
