"""What only video cameras can do wrong: shutters, lost telemetry, heat, and their scene's time."""

import numpy as np
import pytest

from drivers.errors import DeviceError, DeviceTimeout
from station.core.frames import FrameStatus


@pytest.fixture
def lepton(bench_of):
    return bench_of("LeptonBench")


@pytest.fixture
def p2pro(bench_of):
    return bench_of("P2ProBench")


def frames_over(bench, device, seconds, step_s):
    """Every frame of a stretch of scene time, with the scene time at which it was asked for."""
    found = []
    for _ in range(round(seconds / step_s)):
        bench.clock.step(step_s)
        try:
            found.append((bench.clock.now_s(), device.read(0.1)))
        except DeviceTimeout:
            # A payload that repeats the one before.
            continue
    return found


def statuses(found):
    """Each run of one status, once."""
    told = [frame.status.value for _, frame in found]
    return [status for n, status in enumerate(told) if n == 0 or told[n - 1] != status]


def test_a_lepton_announces_its_shutter_and_tells_its_age_afterwards(lepton):
    with lepton.device() as device:
        lepton.turn_on("shutter")
        found = frames_over(lepton, device, 10.0, 0.2)
    assert statuses(found) == ["live", "shutter", "live"]
    closed = [at_s for at_s, frame in found if frame.status is FrameStatus.SHUTTER]
    # Announced two seconds before it closes for 0.9 s, every 8 s.
    assert min(closed) == pytest.approx(5.1, abs=0.25)
    assert max(closed) == pytest.approx(8.0, abs=0.25)
    last_s, last = found[-1]
    assert last.shutter_age_s == pytest.approx(last_s - 8.0, abs=0.15)
    # People walk, the wall behind them stays.
    step_c = np.median(last.temperature_c - found[0][1].temperature_c)
    assert step_c == pytest.approx(0.3, abs=0.1)


@pytest.mark.parametrize("has_telemetry", [True, False])
def test_a_shutter_that_the_host_asks_for_is_told(lepton, has_telemetry):
    lepton.unplug()
    lepton.simulator = {"has_telemetry": has_telemetry}
    lepton.plug_in()
    with lepton.device() as device:
        before = frames_over(lepton, device, 1.0, 0.12)
        lepton.do("correct")
        found = frames_over(lepton, device, 2.0, 0.12)
    assert statuses(before) == ["live"]
    assert statuses(found)[-2:] == ["shutter", "live"]
    assert found[-1][1].shutter_age_s < 1.2


def test_a_p2pro_that_freezes_has_its_shutter_closed(p2pro):
    with p2pro.device() as device:
        p2pro.turn_on("shutter")
        p2pro.clock.step(7.0)
        found = frames_over(p2pro, device, 2.0, 0.05)
    assert statuses(found) == ["live", "shutter", "live"]
    closed = [at_s for at_s, frame in found if frame.status is FrameStatus.SHUTTER]
    assert max(closed) - min(closed) == pytest.approx(0.65, abs=0.11)


@pytest.mark.parametrize("has_telemetry", [True, False])
def test_counts_are_marked_with_telemetry_and_without(lepton, has_telemetry):
    lepton.unplug()
    lepton.simulator = {"has_telemetry": has_telemetry}
    lepton.plug_in()
    with lepton.device() as device:
        lepton.turn_on("not_radiometric")
        lepton.provoke()
        frame = device.read(2.0)
    assert frame.status is FrameStatus.NOT_RADIOMETRIC
    assert 7000 < np.median(frame.temperature_c) < 9000


def test_tenths_of_a_kelvin_are_read_as_such(lepton):
    lepton.unplug()
    lepton.simulator, lepton.rounding_c = {"is_fine": False}, 0.051
    lepton.plug_in()
    with lepton.device() as device:
        lepton.provoke()
        frame = device.read(2.0)
    assert frame.status is FrameStatus.LIVE
    lepton.check(frame)


def test_a_lepton_that_is_too_hot_says_so_and_is_read_again_when_it_has_cooled(lepton):
    with lepton.device() as device:
        lepton.turn_on("overheated")
        lepton.provoke()
        with pytest.raises(DeviceError, match="shade it"):
            device.read(1.0)
        lepton.turn_off("overheated")
        lepton.provoke()
        assert device.read(1.0).status is FrameStatus.LIVE


def test_a_frozen_lepton_is_stale_and_its_frames_are_numbered_by_the_camera(lepton):
    with lepton.device() as device:
        first = [frame for _, frame in frames_over(lepton, device, 1.0, 0.12)]
        lepton.turn_on("frozen_frame")
        frozen = frames_over(lepton, device, 1.0, 0.12)
    assert [frame.sequence for frame in first] == list(range(len(first)))
    assert statuses(frozen) == ["stale"]


def test_a_p2pro_drifts_while_it_warms_up(p2pro):
    p2pro.unplug()
    p2pro.simulator = {"warm_up_c": 1.5}
    p2pro.plug_in()
    with p2pro.device() as device:
        p2pro.provoke()
        cold = device.read(2.0)
        # Ten minutes, which are four shutter corrections: an even number leaves no step behind.
        p2pro.clock.step(600.0)
        warm = device.read(2.0)
    assert np.median(cold.temperature_c) - np.median(warm.temperature_c) == pytest.approx(
        1.5 * 0.95, abs=0.15
    )
