"""How a sweep goes on when a camera, a source or a technician does not."""

from types import SimpleNamespace

import pytest

from drivers.api import DeviceInfo, ReferenceSource, SourceState, ThermalCamera
from drivers.errors import DeviceDisconnected, DeviceTimeout
from station.core.errors import KnownError
from station.core.linearity import MissedStep, Step
from station.core.swept_source import Obstacle, SweptReading
from station.evaluation import sweep as sweep_module
from station.evaluation import swept_sources
from station.evaluation.sweep import FrameFeed, Sweep, SweepLimits
from station.evaluation.swept_sources import ManualSource, WiredSource


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Time that passes only when somebody sleeps or a camera delivers."""
    clock = SimpleNamespace(now_s=0.0)

    def sleep(seconds):
        clock.now_s += seconds

    clock.monotonic, clock.sleep = lambda: clock.now_s, sleep
    monkeypatch.setattr(sweep_module, "time", clock)
    monkeypatch.setattr(swept_sources, "time", clock)
    return clock


class Camera(ThermalCamera):
    """Delivers what the script says: a frame, an error, or the end."""

    def __init__(self, clock, script=None, serials=("1",)):
        super().__init__()
        self.clock, self.script, self.serials = clock, script or (lambda n: "frame"), list(serials)
        self.opened = self.count = 0

    def _open(self):
        serial = self.serials[min(self.opened, len(self.serials) - 1)]
        self.opened += 1
        if isinstance(serial, Exception):
            raise serial
        return DeviceInfo("fake", "Camera", serial)

    def _close(self):
        pass

    def _read(self, timeout_s):
        self.clock.sleep(0.1)
        self.count += 1
        item = self.script(self.count)
        if isinstance(item, Exception):
            raise item
        return item


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


class WireSource(ReferenceSource):
    """Takes a set point and is there a second later, unless the test says otherwise."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.set_point_c, self.is_heating, self.since_s = 35.0, False, 0.0
        self.changes = {}
        self.errors = []
        self.serial = "S1"
        self.is_answering = True

    def _open(self):
        if not self.is_answering:
            raise DeviceTimeout("nothing answers")
        return DeviceInfo("fake", "Plate", self.serial)

    def _close(self):
        pass

    def _read(self, timeout_s):
        if self.errors:
            raise self.errors.pop(0)
        is_there = self.clock.now_s - self.since_s >= 1.0
        state = {
            "temperature_c": self.set_point_c if is_there else 30.0,
            "set_point_c": self.set_point_c,
            "is_stable": is_there,
            "is_heating": self.is_heating,
        }
        return SourceState(**{**state, **self.changes})

    def _change_set_point(self, to_c, timeout_s):
        self.set_point_c, self.is_heating, self.since_s = to_c, True, self.clock.now_s

    def _stop_heating(self, timeout_s):
        self.is_heating = False


@pytest.fixture
def wire(clock):
    return WireSource(clock)


def wired(wire, *, confirm=lambda info, change: True):
    return WiredSource(wire, confirm, dwell_s=2.0, patience_s=30.0)


@pytest.fixture
def look(clock):
    return lambda: clock.sleep(0.1)


def test_a_wired_source_is_ready_only_after_a_whole_dwell(wire, clock, look):
    source = wired(wire)
    begun_s = clock.now_s
    assert source.settle(36.0, look) is None
    assert 3.0 <= clock.now_s - begun_s < 4.0
    assert source.read_c() == 36.0


def test_only_the_first_change_is_asked_for_and_everything_is_set_back(wire, look):
    asked = []

    def confirm(info, change):
        asked.append((info.serial_number, change.from_c, change.to_c, change.starts_heating))
        return True

    source = wired(wire, confirm=confirm)
    for target_c in (34.0, 34.25, 34.5):
        assert source.settle(target_c, look) is None
    assert source.finish() is None
    assert asked == [("S1", 35.0, 34.0, True)]
    assert (wire.set_point_c, wire.is_heating, wire.is_open) == (35.0, False, False)


def test_without_a_yes_nothing_is_changed(wire, look):
    source = wired(wire, confirm=lambda info, change: False)
    with pytest.raises(KnownError, match="not confirmed, and nothing was changed"):
        source.settle(36.0, look)
    assert source.finish() is None
    assert (wire.set_point_c, wire.is_heating) == (35.0, False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_stable": False}, "not settled within 30 s"),
        ({"temperature_c": 36.2}, "not settled within 30 s"),
        ({"set_point_c": 98.6}, "changed at its panel to 98.60 °C"),
        ({"fault": "its cut-out has tripped"}, "the source complains: its cut-out has tripped"),
    ],
)
def test_a_wired_source_that_does_not_get_there_says_why(wire, look, changes, words):
    source = wired(wire)
    wire.changes = changes
    assert words in source.settle(36.0, look)


def test_a_plug_that_was_out_for_a_moment_is_forgiven(wire, look):
    source = wired(wire)
    source.settle(36.0, look)
    wire.errors = [DeviceDisconnected("gone")]
    assert source.read_c() == 36.0


def test_another_source_in_its_place_is_refused(wire, look):
    source = wired(wire)
    source.settle(36.0, look)
    wire.errors, wire.serial = [DeviceDisconnected("gone")], "S2"
    with pytest.raises(DeviceDisconnected, match="Another source answers"):
        source.read_c()


def test_a_source_that_cannot_be_set_back_must_be_switched_off_by_hand(wire, look):
    source = wired(wire)
    source.settle(36.0, look)
    wire.close()
    wire.is_answering = False
    assert "switch it off by hand" in source.finish()


def test_the_output_goes_off_even_if_the_set_point_does_not_go_back(wire, look):
    source = wired(wire)
    source.settle(36.0, look)
    wire.errors = [DeviceTimeout("no answer")]
    assert "switch it off by hand" in source.finish()
    assert not wire.is_heating


def test_a_source_that_is_lost_in_the_sweep_is_the_reason(wire, clock):
    source = wired(wire)
    camera = Camera(clock)
    meter = SimpleNamespace(step=lambda frame: SweptReading(36.0, 0.1))
    sweep = Sweep(
        FrameFeed(camera, meter),
        source,
        SweepLimits(10, 5.0),
        on_step=lambda step: setattr(wire, "is_answering", False) or wire.close(),
        on_wait=pytest.fail,
    )
    steps, missed = sweep.run((36.0, 36.25))
    assert len(steps) == 1
    assert missed == [MissedStep(36.25, "the source is lost: nothing answers")]


def answering(*answers):
    questions, left = [], list(answers)

    def ask(question):
        questions.append(question)
        return left.pop(0) if left else None

    return ManualSource(ask), questions


@pytest.mark.parametrize(
    ("answer", "temperature_c"), [("\n", 36.25), ("36.3\n", 36.3), ("36,18\n", 36.18)]
)
def test_a_technician_presses_enter_or_types_what_the_source_shows(answer, temperature_c):
    source, questions = answering(answer)
    assert source.settle(36.25, None) is None
    assert source.read_c() == temperature_c
    assert "Set the source to 36.25 °C" in questions[0]


def test_slips_of_the_finger_are_asked_again():
    source, questions = answering("warm\n", "nan\n", "63.2\n", "36.2\n")
    assert source.settle(36.25, None) is None
    assert source.read_c() == 36.2
    assert len(questions) == 4


def test_a_step_can_be_left_out_and_the_end_of_the_input_ends_the_questions():
    source, questions = answering("S\n")
    assert source.settle(36.0, None) == "the technician left it out"
    assert source.settle(36.25, None) == "nobody said that the source is set"
    assert source.settle(36.5, None) == "nobody said that the source is set"
    assert len(questions) == 2


def test_a_source_that_nobody_has_set_has_no_temperature():
    with pytest.raises(ValueError, match="settle"):
        answering()[0].read_c()
