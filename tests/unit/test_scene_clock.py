from datetime import UTC, datetime, timedelta

import pytest

from simulators import clock as clock_module
from simulators.clock import SceneClock
from simulators.faults import CATALOGUE, LINE_FAULTS, Fault, Faults

START = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def real(monkeypatch):
    """Real seconds since the start, moved by the test; the wall clock keeps step."""

    class Real:
        now_s = 0.0

    class Wall(datetime):
        @classmethod
        def now(cls, tz=None):
            return START + timedelta(seconds=Real.now_s)

    monkeypatch.setattr(clock_module, "datetime", Wall)
    return Real


@pytest.fixture
def clock(real):
    return SceneClock(2.0, real_s=lambda: real.now_s)


def test_scene_time_runs_at_its_speed(clock, real):
    real.now_s = 3.0
    assert clock.now_s() == 6.0


def test_a_pause_stands_still_and_a_step_jumps(clock, real):
    real.now_s = 1.0
    clock.set_speed(0.0)
    real.now_s = 9.0
    assert clock.now_s() == 2.0
    clock.step(5.0)
    assert clock.now_s() == 7.0


def test_a_wall_time_before_a_change_of_speed_finds_its_scene_time(clock, real):
    real.now_s = 4.0
    clock.set_speed(10.0)
    real.now_s = 6.0
    clock.step(100.0)
    assert [clock.at_s(START + timedelta(seconds=s)) for s in (1.0, 4.0, 5.0, 6.0)] == [
        2.0,
        8.0,
        18.0,
        128.0,
    ]


def test_a_device_refuses_a_fault_that_it_cannot_have():
    faults = Faults(LINE_FAULTS)
    with pytest.raises(ValueError, match="knows no fault 'busy'"):
        faults.set(Fault.BUSY, is_on=True)


def test_the_catalogue_names_each_row_by_known_faults():
    assert len(CATALOGUE) == 17
    assert all(row for row in CATALOGUE.values())
