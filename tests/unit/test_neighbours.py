from dataclasses import replace

import pytest

from station.core.extraction import Rejection, RejectReason, Site
from station.core.neighbours import own_readings, stray_readings
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


@pytest.mark.parametrize("point", [(66.0, 60.0), (50.0, 47.0), (50.0, 73.0)])
def test_a_warmest_spot_on_a_faces_rim_in_company_may_be_a_head_that_was_not_found(reading, point):
    rim = replace(reading, point=point)
    in_company = [face(60, 60), face(75, 130)]
    assert stray_readings([rim, FAR], in_company) == [True, False]
    assert stray_readings([rim, FAR], [face(60, 60), face(60, 170)]) == [False, False]
    assert stray_readings([rim], in_company[:1]) == [False]


def test_a_warmest_spot_of_eyes_or_forehead_counts_in_company(reading):
    inner = replace(reading, point=(50.0, 66.0))
    assert stray_readings([inner, FAR], [face(60, 60), face(75, 130)]) == [False, False]


def test_canthi_are_never_astray(reading):
    canthi = replace(reading, site=Site.INNER_CANTHUS, point=(66.0, 60.0))
    assert stray_readings([canthi, FAR], [face(60, 60), face(75, 130)]) == [False, False]
