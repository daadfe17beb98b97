"""What a camera shows of its reference source must move a little, and not creep."""

from dataclasses import replace

import pytest

from station.core.events import DeviceState
from station.core.health import DeviceDoubt, DriftLimits
from station.core.reference import ReferenceReading, ReferenceState
from station.core.source import SourceStanding
from station.runtime.camera_health import CameraHealth
from tests.support import HEALTHY, NOON

LIMITS = DriftLimits(stretch_s=600.0, warn_c=0.25, block_c=1.0)


class Desk:
    def __init__(self):
        self.events, self.seconds = [], 0
        self.health = CameraHealth("camera-1", LIMITS, 10.0, clock=self, events=self)

    def now(self):
        return NOON

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)

    def watch(self, seconds, rate_c_per_s=0.0, *, is_settled=True, seen=HEALTHY):
        """Look once a second at a source whose offset creeps."""
        for _ in range(seconds):
            self.seconds += 1
            moved_c = rate_c_per_s * self.seconds + 0.001 * (self.seconds % 2)
            reading = seen
            if seen is HEALTHY:
                reading = replace(seen, offset_c=0.6 + moved_c, apparent_c=36.4 - moved_c)
            self.health.look(reading, float(self.seconds), is_settled=is_settled)
        return [(event.state, event.doubt) for event in self.events]


def test_a_quiet_camera_says_nothing():
    assert Desk().watch(1200) == []


def test_a_camera_that_warms_up_may_creep():
    assert Desk().watch(1200, 0.002, is_settled=False) == []


def test_a_source_that_the_camera_does_not_see_well_tells_nothing_of_the_camera():
    lost = ReferenceReading(ReferenceState.UNSTABLE, HEALTHY.box, 30.0)
    assert Desk().watch(1200, seen=lost) == []


@pytest.mark.parametrize("jump_c", [0.8, -0.8])
def test_a_jump_that_blocks_nobody_is_told_at_once_and_makes_readings_less_certain(jump_c):
    desk = Desk()
    desk.watch(120)
    assert desk.health.moved_c == 0.0
    moved = replace(HEALTHY, offset_c=0.6 + jump_c)
    assert desk.watch(1, seen=moved) == [(DeviceState.DOUBTFUL, DeviceDoubt.DRIFTING)]
    assert not desk.health.is_source_doubtful
    assert desk.health.moved_c == pytest.approx(jump_c, abs=0.01)
    limited = SourceStanding(None, None, moved_c=desk.health.moved_c).limit(moved)
    assert limited.state is ReferenceState.HEALTHY
    # A rectangle of ±0.8 °C has a standard uncertainty of 0.46 °C.
    assert limited.u_c == pytest.approx(0.486, abs=0.01)


def test_a_doubt_is_told_again_while_it_lasts_and_ended_once():
    desk = Desk()
    told = desk.watch(720, 0.0006)
    assert set(told) == {(DeviceState.DOUBTFUL, DeviceDoubt.DRIFTING)}
    # Noticed within ten minutes; told again every half minute.
    assert 3 <= len(told) <= 12
    assert "camera-1" in desk.events[0].text and "10 minutes" in desk.events[0].text
    desk.health.forget()
    assert desk.watch(120)[len(told) :] == [(DeviceState.READY, None)]


@pytest.mark.parametrize("forgets", [True, False])
def test_what_was_before_a_loss_of_the_camera_does_not_count(forgets):
    desk = Desk()
    still = replace(HEALTHY, apparent_c=36.4)
    for i in range(100):
        desk.health.look(still, 0.1 * i, is_settled=True)
    if forgets:
        desk.health.forget()
    desk.health.look(still, 12.0, is_settled=True)
    assert desk.health.is_stuck is not forgets
