from uuid import UUID

import pytest

from station.core.commands import SetRoom
from station.core.errors import KnownError
from station.core.events import RoomChanged, RoomSource
from station.core.room import Room, rest_time_s
from station.runtime.room import RoomKeeper
from tests.support import NOON, ROOM


class Desk:
    def __init__(self):
        self.rooms, self.events = [], []
        self.keeper = RoomKeeper(
            ROOM, measured_u_c=0.5, apply=self.rooms.append, clock=self, events=self
        )

    def now(self):
        return NOON

    def monotonic_s(self):
        return 0.0

    def emit(self, event):
        self.events.append(event)


def set_room(ambient_c=23.5, humidity_pct=40.0, outdoor_c=-5.0):
    return SetRoom(UUID(int=1), ambient_c, humidity_pct, outdoor_c)


def test_until_somebody_measures_the_room_is_told_as_assumed():
    desk = Desk()
    desk.keeper.start()
    assert desk.events == [RoomChanged(NOON, ROOM, RoomSource.ASSUMED)]
    assert desk.rooms == []


def test_a_measured_room_reaches_lanes_and_kiosks_with_its_smaller_uncertainty():
    desk = Desk()
    desk.keeper.set(set_room())
    measured = Room(23.5, 0.5, 40.0, -5.0)
    assert desk.rooms == [measured]
    assert desk.events == [RoomChanged(NOON, measured, RoomSource.MEASURED, UUID(int=1))]


def test_what_was_not_measured_is_not_known():
    desk = Desk()
    desk.keeper.set(set_room(humidity_pct=None, outdoor_c=None))
    assert (desk.rooms[0].humidity_pct, desk.rooms[0].outdoor_c) == (None, None)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((235.0, 40.0, -5.0), ["temperature must be -10 to 50 °C, not 235"]),
        ((23.5, 140.0, -90.0), ["humidity must be 0 to 100 %", "outdoor temperature must be -60"]),
        ((float("nan"), 40.0, 1.0), ["not nan"]),
    ],
)
def test_values_that_no_room_has_are_refused_and_nothing_changes(values, named):
    desk = Desk()
    with pytest.raises(KnownError) as refused:
        desk.keeper.set(set_room(*values))
    assert all(text in str(refused.value) for text in named)
    assert "\n" not in str(refused.value)
    assert desk.rooms == desk.events == []


@pytest.mark.parametrize(
    ("outdoor_c", "minutes"),
    [(20, 3), (0.1, 3), (0, 5), (-9.9, 5), (-10, 7), (-19.9, 7), (-20, 10), (-40, 10), (None, 5)],
)
def test_the_colder_it_is_outside_the_longer_is_the_rest(outdoor_c, minutes):
    assert rest_time_s(outdoor_c) == 60 * minutes
