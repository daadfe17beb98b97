"""The twin's people scatter as the volunteers of the study did, neither more nor less."""

import numpy as np
import pytest

from simulators.twin.clips import afebrile_core_c, person

# What the study saw beside the people: its thermometer, its camera, its source's set point (°C).
THERMOMETER_C, CAMERA_C, SET_POINT_C = 0.14, 0.12, 0.15
PEOPLE = 6000


@pytest.fixture(scope="module")
def volunteers():
    """Mouths and canthi, °C, as the study would have written them down of simulated people."""
    rng = np.random.default_rng(1)
    people = [person(rng, "V", 0.0, afebrile_core_c(rng)) for _ in range(PEOPLE)]
    mouth_c = np.array([who.core_c for who in people]) + rng.normal(0, THERMOMETER_C, PEOPLE)
    seen_c = rng.normal(0, CAMERA_C, PEOPLE) + rng.normal(0, SET_POINT_C, PEOPLE)
    canthus_c = np.array([who.canthus_c for who in people]) + seen_c
    healthy = mouth_c < 37.5
    return mouth_c[healthy], canthus_c[healthy]


def test_mouths_scatter_as_in_the_study(volunteers):
    mouth_c, _ = volunteers
    assert mouth_c.mean() == pytest.approx(36.90, abs=0.03)
    assert mouth_c.std() == pytest.approx(0.27, abs=0.02)


def test_canthi_scatter_between_the_two_cameras_of_the_study(volunteers):
    _, canthus_c = volunteers
    assert 0.383 <= canthus_c.std() <= 0.428


def test_canthi_lie_as_far_below_mouths_as_in_the_study(volunteers):
    mouth_c, canthus_c = volunteers
    assert 1.25 <= (mouth_c - canthus_c).mean() <= 1.34
    assert 0.343 <= (mouth_c - canthus_c).std() <= 0.376


def test_canthi_follow_mouths_as_in_the_study(volunteers):
    slope = np.polyfit(*volunteers, 1)[0]
    assert 0.65 <= slope <= 0.80
