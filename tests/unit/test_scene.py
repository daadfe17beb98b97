import numpy as np
import pytest

from simulators.scene import ReferenceSource, Scene, Traveller, demo_travellers

OFFSET_C = 0.6


def scene_with(*travellers, **settings):
    settings = {"netd_c": 0.0, "drift_c_per_h": 0.0, "camera_offset_c": OFFSET_C} | settings
    return Scene(travellers=travellers, **settings)


def near_s(traveller):
    """A moment at which the traveller stands about 1.8 m away."""
    return traveller.enters_at_s + 3.2 / traveller.speed_m_s


def hottest_3x3(picture, point):
    row, column = (round(x) for x in point)
    patch = picture[row - 2 : row + 3, column - 2 : column + 3]
    return max(patch[r : r + 3, c : c + 3].mean() for r in range(3) for c in range(3))


@pytest.mark.parametrize("name", ["A", "B", "C", "D", "E", "F"])
@pytest.mark.parametrize("core_c", [36.4, 39.1])
def test_canthus_pixels_show_the_true_skin_temperature(name, core_c):
    who = Traveller(name=name, core_c=core_c, enters_at_s=0.0)
    scene = scene_with(who)
    truth = scene.truth(near_s(who))[0]
    picture = scene.render(near_s(who)) - OFFSET_C
    assert truth.canthus_c == pytest.approx(core_c - 1.25)
    for point in (truth.canthi.image_left, truth.canthi.image_right):
        # Nearest pixel after the camera's blur; a face of 97 px shows 1.5 mm a pixel.
        assert picture[round(point[0]), round(point[1])] == pytest.approx(truth.canthus_c, abs=0.1)
        assert hottest_3x3(picture, point) == pytest.approx(truth.canthus_c, abs=0.15)


def test_nothing_on_a_face_is_warmer_than_its_canthi():
    for name in "ABCDEFGH":
        who = Traveller(name=name, core_c=37.0, enters_at_s=0.0)
        scene = scene_with(who)
        truth = scene.truth(near_s(who))[0]
        picture = scene.render(near_s(who)) - OFFSET_C
        face = picture[truth.box.slices(picture.shape)]
        assert face.max() <= truth.canthus_c + 0.02


def test_glasses_cover_both_canthi():
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, glasses=True)
    scene = scene_with(who)
    truth = scene.truth(near_s(who))[0]
    picture = scene.render(near_s(who)) - OFFSET_C
    for point in (truth.canthi.image_left, truth.canthi.image_right):
        assert picture[round(point[0]), round(point[1])] < 31.0


@pytest.mark.parametrize("how", ["turned_away", "from_behind"])
def test_a_turned_face_has_no_canthi_and_does_not_face_the_camera(how):
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, **{how: True})
    truth = scene_with(who).truth(near_s(who))[0]
    assert truth.canthi is None
    assert not truth.facing


def test_same_seed_gives_the_same_pictures_and_another_seed_does_not():
    people = demo_travellers(3, 4, 2, 4.0)
    first, again, other = (Scene(travellers=people, seed=s) for s in (5, 5, 6))
    later = again.render(9.0)
    assert np.array_equal(first.render(2.0), again.render(2.0))
    assert np.array_equal(first.render(9.0), later)
    assert not np.array_equal(first.render(2.0), other.render(2.0))
    assert people == demo_travellers(3, 4, 2, 4.0)


def test_reference_disc_reads_its_set_point_plus_the_cameras_offset():
    source = ReferenceSource(set_point_c=36.0)
    picture = scene_with(reference=source).render(0.0)
    row, column = round(0.18 * 288), round(0.90 * 384)
    disc = picture[row - 5 : row + 6, column - 5 : column + 6]
    assert disc.shape == (11, 11)
    assert np.allclose(disc, 36.0 + OFFSET_C, atol=0.01)


def test_covered_or_absent_source_is_not_in_the_picture():
    row, column = round(0.18 * 288), round(0.90 * 384)
    covered = scene_with().render(0.0, is_source_covered=True)
    absent = scene_with(reference=ReferenceSource(present=False)).render(0.0)
    assert covered[row, column] < 27.0
    assert absent[row, column] < 27.0


def test_drift_and_noise_are_as_asked():
    still = scene_with(drift_c_per_h=1.5)
    assert np.allclose(still.render(3600.0) - still.render(0.0), 1.5, atol=1e-3)
    noisy = scene_with(netd_c=0.05)
    difference = noisy.render(1.0) - noisy.render(2.0)
    assert difference.std() == pytest.approx(0.05 * np.sqrt(2), rel=0.03)


def test_people_walk_from_far_to_near_and_leave():
    who = Traveller(name="A", core_c=36.6, enters_at_s=2.0)
    scene = scene_with(who)
    far, near = scene.truth(2.0)[0], scene.truth(5.6)[0]
    assert scene.truth(1.9) == ()
    assert 30 < far.box.width < 40
    assert 90 < near.box.width < 115
    assert far.distance_m > near.distance_m
    assert scene.truth(12.0) == ()


def test_nearest_person_hides_who_is_behind_and_comes_first():
    front = Traveller(name="front", core_c=39.0, enters_at_s=0.0)
    behind = Traveller(name="behind", core_c=36.0, enters_at_s=1.5)
    scene = scene_with(behind, front)
    first, second = scene.truth(3.0)
    assert (first.name, second.name) == ("front", "behind")
    picture = scene.render(3.0) - OFFSET_C
    assert hottest_3x3(picture, first.canthi.image_left) == pytest.approx(37.75, abs=0.4)


def test_demo_gives_a_fever_to_every_nth_person_only():
    people = demo_travellers(7, 12, 4, 5.0)
    assert [who.core_c > 38.0 for who in people] == [i % 4 == 3 for i in range(12)]
    assert len({who.name for who in people}) == 12


@pytest.mark.parametrize("shape", [(24, 32), (120, 160), (768, 1024)])
def test_any_shape_can_be_rendered(shape):
    who = Traveller(name="A", core_c=36.6, enters_at_s=0.0)
    picture = scene_with(who, shape=shape).render(1.0)
    assert picture.shape == shape
    assert picture.dtype == np.float32
