"""The whole station with a reference source on a wire: what it says decides who is measured."""

import json
from contextlib import closing

import pytest

from station.commands.broker import free_port
from station.core.events import DeviceChanged, DeviceState, SourceChanged
from station.core.health import DeviceDoubt
from station.core.lane_events import LaneState, LaneUpdate
from station.core.reference import ReferenceState
from tests.one_lane import write_site
from tests.support import Control
from tests.system.whole_station import connect, read_until

pytestmark = pytest.mark.system

HUB = """\
seed = 7
speed = 60
[people]
count = 6
[[devices]]
name = "camera"
model = "hikvision-isapi"
[devices.options]
password = "pw"
[[devices]]
name = "source"
model = "fluke418x"
"""
PANEL = {"do": "tell", "device": "source", "command": "panel", "set_point_c": 37.0}
MEASURING = (LaneState.READY, LaneState.TRACKING, LaneState.MEASURED)
SOURCE = """\
[[sources]]
device_id = "source-1"
driver = "fluke418x"
[sources.options]
port = "{source}"
"""


@pytest.fixture
def hub(start, tmp_path):
    (tmp_path / "hub.toml").write_text(HUB)
    return json.loads(
        start("simulators", "hub", tmp_path / "hub.toml", "--folder", tmp_path).stdout.readline()
    )


@pytest.fixture
def kiosk(start, hub, tmp_path):
    devices = hub["devices"]
    source = SOURCE.format(source=devices["source"]["port"])
    site = write_site(tmp_path, devices, free_port(), more=source)
    start("station", "run", "--config", site)
    with closing(connect(tmp_path)) as client:
        yield client


def test_nobody_is_measured_until_the_source_heats_and_has_settled_and_after_it_is_gone(hub, kiosk):
    def is_lane(*states):
        return lambda event: isinstance(event, LaneUpdate) and event.state in states

    told = read_until(kiosk, lambda event: isinstance(event, SourceChanged))
    assert told.doubt is DeviceDoubt.SWITCHED_OFF
    # The camera sees the disc of the scene well; the source beside it is cold.
    lane = read_until(kiosk, is_lane(LaneState.NO_REFERENCE))
    assert lane.reference in {ReferenceState.LOST, ReferenceState.SEARCHING}
    with closing(Control(hub["control"])) as control:
        assert "error" not in control.do(**PANEL)
        # At sixty times the speed it needs ten seconds for 15 °C and for a minute of steadiness.
        read_until(kiosk, is_lane(*MEASURING))
        control.do(do="fault", device="source", fault="disconnect", on=True)
        lost = read_until(kiosk, lambda event: isinstance(event, DeviceChanged))
        assert (lost.device_id, lost.state) == ("source-1", DeviceState.LOST)
        gone = read_until(kiosk, is_lane(LaneState.NO_REFERENCE))
        assert gone.reference is ReferenceState.LOST
