"""Where people walk: through an area, up to its edge, or nowhere because they only stay."""

from station.core.faces import Box
from tests.ui.making import face, update
from ui.walkways import Walkways

AREA = (0.5, 0.4, 0.9, 0.6)


def ways(*columns, traveller=1, row=200.0, walkways=None):
    """Return the ways after a face of 30 pixels was seen with its left side in these columns."""
    walkways = walkways or Walkways()
    for left in columns:
        box = Box(row, left, row + 40, left + 30)
        walkways.take(update(faces=(face(traveller, box, None),)))
    return walkways


def test_who_walks_through_an_area_is_told_of_all_who_walked():
    walkways = ways(20.0, 100.0, 170.0, 300.0)
    ways(20.0, 100.0, 170.0, 300.0, traveller=2, row=10.0, walkways=walkways)
    assert walkways.through("1", (AREA,)) == (1, 2)
    assert walkways.through("1", ((0.9, 0.0, 1.0, 0.1), AREA)) == (1, 2)
    assert walkways.through("2", (AREA,)) == (0, 0)


def test_what_stays_where_it_is_may_be_a_lamp_and_is_nobody_who_walks():
    assert ways(170.0, 174.0, 168.0, 172.0).through("1", (AREA,)) == (0, 0)


def test_who_is_lost_at_the_edge_of_an_area_in_use_walked_into_it():
    # Left of the area's edge at 153.6 by less than a quarter of a face.
    assert ways(20.0, 60.0, 100.0, 133.0).through("1", (AREA,)) == (1, 1)
    assert ways(20.0, 60.0, 100.0).through("1", (AREA,)) == (0, 1)


def test_numbers_begin_anew_with_the_station_and_old_ways_are_forgotten_in_time():
    walkways = ways(20.0, 170.0)
    walkways.renew()
    ways(20.0, 100.0, walkways=walkways)
    assert walkways.through("1", (AREA,)) == (1, 2)
    for traveller in range(2, 101):
        ways(20.0, 100.0, traveller=traveller, walkways=walkways)
    assert walkways.through("1", (AREA,)) == (0, 100)
