"""When the link tells the CDC how the station is."""

import pytest

from station.core.status import LaneStatus, StationStatus
from station.reporting.messages.status import StationState
from station.reporting.mqtt import Down, Ready
from tests.unit.link_making import World

BLOCKED = StationStatus((LaneStatus("1", False, "no_reference"),))
WELL = StationStatus((LaneStatus("1", True, ""),))


@pytest.fixture
def world():
    return World()


def test_the_status_is_told_at_connect_with_its_will_and_at_every_change(world):
    world.link.set_status(BLOCKED)
    world.run()
    assert world.sink.wills == [(StationState.LOST, BLOCKED)]
    assert world.sink.told == []
    world.run(Ready(None))
    assert world.sink.told == [(None, BLOCKED)]
    world.run(after_s=600)
    assert len(world.sink.told) == 1, "no heartbeat"
    world.link.set_status(WELL)
    world.run()
    assert world.sink.told[1:] == [(None, WELL)]


def test_a_status_that_flutters_is_told_a_moment_later_as_it_is_then(world):
    world.connect()
    for _ in range(20):
        world.link.set_status(BLOCKED)
        world.run()
        world.link.set_status(WELL)
        world.run(after_s=0.1)
    assert len(world.sink.told) == 1
    world.run(after_s=5)
    assert [status for _, status in world.sink.told[1:]] == [WELL]


def test_a_new_connection_is_told_the_status_again(world):
    world.link.set_status(WELL)
    world.connect()
    world.run(Down("lost", False))
    world.run(after_s=60)
    world.run(Ready(None))
    assert world.sink.told == [(None, WELL)] * 2


def test_a_station_that_leaves_says_so(world):
    world.link.set_status(WELL)
    world.connect()
    world.link.close()
    assert world.sink.told[-1] == (StationState.OFFLINE, WELL)
    assert world.sink.disconnects == 1
