"""How a sweep goes on when a camera or a source does not."""

import pytest

from drivers.errors import DeviceDisconnected, DeviceTimeout
from station.core.linearity import MissedStep, Step
from station.core.swept_source import Obstacle, SweptReading
from station.evaluation import sweep
from station.evaluation.sweep import FrameFeed, Sweep, SweepLimits
from tests.unit.sweep_making import Camera, Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(sweep, "time", clock)
    return clock


class Meter:
    """Shows the source's temperature, or what the test puts in."""

    def __init__(self, source):
        self.source = source
        self.show = lambda count, true_c: SweptReading(true_c, 0.1)
        self.count = 0

    def step(self, frame):
        self.count += 1
        return self.show(self.count, self.source.now_c)


class Source:
    """Is at its target at once."""

    description = "fake"

    def __init__(self):
        self.now_c = 0.0
        self.refuse = {}

    def settle(self, target_c, look):
        self.now_c = target_c
        return self.refuse.get(target_c)

    def read_c(self):
        return self.now_c

    def finish(self):
        return None


class Bench:
    def __init__(self, clock, camera=None):
        self.source = Source()
        self.camera = camera or Camera(clock)
        self.meter = Meter(self.source)
        self.told, self.waits = [], []
        self.feed = FrameFeed(self.camera, self.meter)
        self.sweep = Sweep(
            self.feed,
            self.source,
            SweepLimits(frames=10, patience_s=5.0),
            on_step=self.told.append,
            on_wait=self.waits.append,
        )

    def run(self, *targets):
        return self.sweep.run(targets)


@pytest.fixture
def bench(clock):
    return Bench(clock)


def test_each_target_is_measured_over_so_many_frames_and_told_at_once(bench):
    steps, missed = bench.run(36.0, 37.0)
    assert missed == []
    assert [(s.true_c, s.shown_c, s.frames) for s in steps] == [(36.0, 36.0, 10), (37.0, 37.0, 10)]
    assert bench.told == steps


def test_frames_from_before_the_source_was_steady_are_forgotten(bench):
    bench.meter.show = lambda count, true_c: SweptReading(true_c + (count <= 10), 0.1)
    (step,), _ = bench.run(36.0)
    assert step.shown_c == 36.0


def test_scatter_becomes_the_uncertainty_of_the_step(bench):
    bench.meter.show = lambda count, true_c: SweptReading(true_c + 0.03 * (-1) ** count, 0.1)
    (step,), _ = bench.run(36.0)
    assert step.shown_c == pytest.approx(36.0)
    assert step.noise_u_c == pytest.approx(0.03 * (10 / 9) ** 0.5 / 10**0.5)
    assert step.level_u_c == pytest.approx(0.1)


def test_a_source_that_still_moves_is_not_measured(bench):
    bench.meter.show = lambda count, true_c: SweptReading(true_c + 0.02 * count, 0.1)
    _, (missed,) = bench.run(36.0)
    assert "still changed" in missed.reason


def test_one_bad_frame_starts_the_step_again(bench):
    bad = Obstacle("shutter")
    bench.meter.show = lambda count, true_c: bad if count == 15 else SweptReading(true_c, 0.1)
    (step,), _ = bench.run(36.0)
    assert step.frames == 10
    assert bench.meter.count == 25


def test_a_camera_of_one_picture_a_second_is_slow_but_not_silent(clock):
    bench = Bench(clock, Camera(clock, lambda n: clock.sleep(0.9) or "frame"))
    (step,), _ = bench.run(36.0)
    assert step.frames == 10
    assert clock.now_s > 3 * 5.0


def test_a_camera_that_is_disturbed_again_and_again_is_given_up(bench):
    bad = Obstacle("shutter")
    bench.meter.show = lambda count, true_c: bad if count % 4 == 0 else SweptReading(true_c, 0.1)
    _, (missed,) = bench.run(36.0)
    assert missed.reason == "shutter"


def test_a_lasting_obstacle_is_the_reason_and_the_sweep_goes_on(bench):
    def show(count, true_c):
        return Obstacle("the reference source is lost") if true_c == 36 else SweptReading(true_c, 0)

    bench.meter.show = show
    steps, missed = bench.run(35.0, 36.0, 37.0)
    assert [step.true_c for step in steps] == [35.0, 37.0]
    assert missed == [MissedStep(36.0, "the reference source is lost")]


def test_three_misses_in_a_row_end_the_patience(bench):
    bench.source.refuse = dict.fromkeys((35.0, 36.0, 37.0), "the source has not settled")
    steps, missed = bench.run(34.0, 35.0, 36.0, 37.0, 38.0, 39.0)
    assert len(steps) == 1
    assert [step.target_c for step in missed] == [35.0, 36.0, 37.0, 38.0, 39.0]
    assert {step.reason for step in missed} == {"the source has not settled"}
    assert len(bench.told) == 6


def test_a_warm_up_is_waited_for_however_long_and_told_once(bench, clock):
    def show(count, true_c):
        return Obstacle("warming up", True) if clock.now_s < 1800 else SweptReading(true_c, 0.1)

    bench.meter.show = show
    (step,), missed = bench.run(36.0)
    assert isinstance(step, Step)
    assert missed == []
    assert bench.waits == ["warming up"]


def test_a_camera_whose_plug_was_out_is_opened_again(clock):
    lost = DeviceDisconnected("gone")
    bench = Bench(clock, Camera(clock, lambda n: lost if n == 14 else "frame"))
    (step,), _ = bench.run(36.0)
    assert step.frames == 10
    assert bench.camera.opened == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DeviceDisconnected("no power"), "the camera is lost: no power"),
        (DeviceTimeout("no answer"), "the camera is silent: no answer"),
        (None, "the recording has ended"),
    ],
)
def test_a_camera_that_stays_away_is_the_reason(clock, error, words):
    bench = Bench(clock, Camera(clock, lambda n: "frame" if n < 12 else error))
    _, (missed,) = bench.run(36.0)
    assert missed.reason == words


def test_another_camera_at_the_same_address_is_not_measured(clock):
    lost = DeviceDisconnected("gone")
    camera = Camera(clock, lambda n: lost if n == 12 else "frame", serials=("1", "2"))
    _, (missed,) = Bench(clock, camera).run(36.0)
    assert "another camera answers (Camera 2)" in missed.reason
