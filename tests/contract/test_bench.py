"""The bench for certifying: addresses, commands and what it refuses."""

from contextlib import closing

import pytest

from simulators.bench import Bench
from simulators.serve import PortInUse
from tests.support import Control

OPTIONS = {
    "seed": 7,
    "speed": 0.0,
    "camera_port": 0,
    "source_port": 0,
    "control_port": 0,
    "password": "pw",
}


@pytest.fixture
def bench():
    bench = Bench(**OPTIONS)
    yield bench
    bench.close()
    bench.close()


@pytest.fixture
def control(bench):
    with closing(Control(bench.addresses["control"])) as control:
        yield control


def test_the_panel_sets_and_heats_the_source_and_time_brings_it_there(control):
    assert control.do(do="truth")["surface_c"] == 22.0
    assert control.do(do="panel", set_point_c=39.5) == {"set_point_c": 39.5}
    control.do(do="speed", factor=1000)
    truth = control.do(do="truth")
    while not truth["is_stable"]:
        truth = control.do(do="truth")
    assert truth["is_heating"]
    assert truth["surface_c"] == pytest.approx(39.5, abs=0.11)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"do": "dance"}, "unknown command"),
        ({"do": "panel", "set_point_c": 500}, "-15 to 120"),
        ({"do": "panel"}, "missing"),
        ({"do": "fault", "device": "source", "fault": "normalise", "on": True}, "no fault"),
        ({"do": "fault", "device": "gun", "fault": "silent", "on": True}, "missing or unknown"),
        ({"do": "fault", "device": "camera", "fault": "normalise", "on": 1}, "true or false"),
        ({"do": "speed", "factor": 5000}, "0 to 1000"),
    ],
)
def test_commands_that_do_not_fit_are_refused(control, message, words):
    assert words in control.do(**message)["error"]


def test_a_port_that_is_taken_is_refused_and_nothing_is_left_behind(bench):
    with pytest.raises(PortInUse, match="choose another"):
        Bench(**{**OPTIONS, "source_port": bench.source.port})
