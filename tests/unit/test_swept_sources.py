"""How a source reaches its targets, on a wire or set by hand."""

from types import SimpleNamespace

import pytest

from drivers.api import DeviceInfo, ReferenceSource, SourceState
from drivers.errors import DeviceDisconnected, DeviceTimeout
from station.core.errors import KnownError
from station.core.linearity import MissedStep
from station.core.swept_source import SweptReading
from station.evaluation import sweep, swept_sources
from station.evaluation.sweep import FrameFeed, Sweep, SweepLimits
from station.evaluation.swept_sources import ManualSource, WiredSource
from tests.unit.sweep_making import Camera, Clock


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(sweep, "time", clock)
    monkeypatch.setattr(swept_sources, "time", clock)
    return clock


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
    swept = Sweep(
        FrameFeed(camera, meter),
        source,
        SweepLimits(10, 5.0),
        on_step=lambda step: setattr(wire, "is_answering", False) or wire.close(),
        on_wait=pytest.fail,
    )
    steps, missed = swept.run((36.0, 36.25))
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
