from dataclasses import replace

import pytest

from station.core.extraction import Rejection, RejectReason, Site
from station.core.neighbours import own_readings
from tests.passerby import Passerby
from tests.support import face

FAR = Rejection(RejectReason.TOO_FAR)


@pytest.fixture(scope="module")
def reading():
    """One of somebody so far away that the warmest spot of the face is read."""
    who = Passerby().stay(12, canthus_c=34.5)
    return replace(who.last.faces[0].result, site=Site.FACE_MAXIMUM, point=(60.0, 76.0))


def test_the_warmest_spot_where_a_neighbours_head_may_be_is_not_the_faces(reading):
    kept = own_readings([reading, FAR], [face(60, 60), face(70, 100)])
    assert kept == [Rejection(RejectReason.FACES_TOO_NEAR, (60.0, 76.0)), FAR]


def test_the_warmest_spot_away_from_every_neighbour_counts(reading):
    for others in ([], [face(60, 130)], [face(10, 100, 20)]):
        faces = [face(60, 60), *others]
        assert own_readings([reading, *[FAR] * len(others)], faces)[0] == reading


def test_canthi_are_the_faces_whoever_is_near(reading):
    canthi = replace(reading, site=Site.INNER_CANTHUS)
    assert own_readings([canthi, FAR], [face(60, 60), face(70, 100)])[0] == canthi
