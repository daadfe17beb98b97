"""Pointing at the reference source: its place, size and reading out of one picture."""

import numpy as np
import pytest

from simulators.scene import demo_travellers
from simulators.twin.scene import Scene
from station.core.pointing import (
    PointedDisc,
    ReferencePlaces,
    is_found_again,
    point_at,
    proposed,
)
from tests.support import DISC, SHAPE, face, picture

WHOLE = ReferencePlaces(((0.0, 0.0, 1.0, 1.0),), (0.02, 0.06))
AT = (DISC[0] / SHAPE[0], DISC[1] / SHAPE[1])


@pytest.mark.parametrize("missed", [(0.0, 0.0), (0.04, -0.03), (-0.05, 0.03)])
def test_a_touch_near_the_disc_finds_its_middle_its_size_and_its_reading(missed):
    disc = point_at(picture(), (AT[0] + missed[0], AT[1] + missed[1]))
    middle_px = disc.center[0] * SHAPE[0], disc.center[1] * SHAPE[1]
    assert middle_px == pytest.approx((DISC[0] + 0.5, DISC[1] + 0.5), abs=0.6)
    assert disc.radius_fraction * max(SHAPE) == pytest.approx(5.5, abs=0.8)
    assert disc.apparent_c == pytest.approx(36.4, abs=0.05)


@pytest.mark.parametrize("shape", [(120, 160), (288, 384), (480, 640)])
def test_the_disc_of_a_simulated_checkpoint_is_found_at_every_resolution(shape):
    scene = Scene(shape=shape, travellers=demo_travellers(1, 2, 0, 4.0), seed=3)
    seen, truth = scene.render(1.0), scene.reference
    pointed = point_at(seen, (0.2, 0.87))
    places = proposed({"1": pointed}, 2.5, ["1"], WHOLE)
    assert is_found_again(seen, pointed, places, set_point_c=37.0, band_c=10.0)
    low, high = places.radius_fraction
    assert low < pointed.radius_fraction < high
    assert pointed.center == pytest.approx(truth.center, abs=0.01)
    assert pointed.radius_fraction == pytest.approx(truth.radius, rel=0.25)


@pytest.mark.parametrize("drawing", [{"disc_c": None}, {"disc_c": None, "faces": (face(30, 140),)}])
def test_where_no_disc_is_nothing_is_proposed(drawing):
    assert point_at(picture(**drawing), AT) is None


def test_pixels_without_a_value_are_no_disc_and_hide_none():
    seen = picture()
    seen[:, :100] = np.nan
    assert point_at(seen, AT) is not None
    assert point_at(seen, (0.5, 0.2)) is None
    assert point_at(np.full(SHAPE, np.nan, np.float32), AT) is None


def test_a_disc_far_from_the_set_point_is_shown_but_the_station_would_not_take_it():
    seen = picture(disc_c=45.0)
    disc = point_at(seen, AT)
    assert disc.apparent_c == pytest.approx(45.0, abs=0.05)
    places = proposed({"1": disc}, 2.5, ["1"], WHOLE)
    assert not is_found_again(seen, disc, places, set_point_c=37.0, band_c=5.0)
    assert is_found_again(seen, disc, places, set_point_c=45.0, band_c=5.0)


def test_a_region_reaches_as_far_as_wanted_and_stays_in_the_picture():
    disc = PointedDisc((0.1, 0.9), 0.03, (0.04, 0.03), 36.9)
    assert disc.region(2.0) == (0.02, 0.84, 0.18, 0.96)
    assert disc.region(4.0) == (0.0, 0.78, 0.26, 1.0)
    assert disc.radii == (0.0225, 0.0405)


def test_lanes_that_were_not_pointed_at_keep_what_is_in_use():
    disc = PointedDisc((0.1, 0.9), 0.03, (0.04, 0.03), 36.9)
    other = PointedDisc((0.2, 0.2), 0.05, (0.06, 0.05), 36.9)
    in_use = ReferencePlaces(((0.0, 0.7, 0.5, 1.0),), (0.02, 0.06))
    both = proposed({"1": disc, "2": other}, 2.0, ["1", "2"], in_use)
    assert both.regions == (disc.region(2.0), other.region(2.0))
    assert both.radius_fraction == (0.0225, 0.0675)
    one = proposed({"1": disc}, 2.0, ["1", "2"], in_use)
    assert one.regions == (disc.region(2.0), *in_use.regions)
    assert one.radius_fraction == (0.02, 0.06)
