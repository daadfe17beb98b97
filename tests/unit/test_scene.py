"""The twin's scene: its truth is where its pictures say, and nothing in it is left to chance."""

from dataclasses import replace

import numpy as np
import pytest

from simulators.scene import LoopedScene, ReferenceSource, Scene, Traveller, demo_travellers
from simulators.twin.optics import Optics, Room
from simulators.twin.people import Waypoint
from simulators.twin.radiance import radiance_of, slope_at, to_apparent
from simulators.twin.sensor import Sensor, Shutter
from simulators.twin.source import SourceEvent, SourceFault

PERFECT = Sensor(netd_c=0.0, offset_c=0.0, drift_c_per_h=0.0, lag_s=0.0)
SHARP = Optics(point_spread_px=0.35, halo_share=0.0)
LARGE = (480, 640)
STANDS = (Waypoint(0, 0, 1.5), Waypoint(60, 0, 1.5))


def scene_with(*travellers, **settings):
    return Scene(travellers=travellers, **({"sensor": PERFECT} | settings))


def near_s(traveller):
    """A moment at which the traveller stands about 1.8 m away."""
    return traveller.enters_at_s + 3.2 / traveller.speed_m_s


def seen_c(surface_c, emissivity, distance_m):
    """What a camera without error reads of a surface."""
    room = Room()
    share = room.transmittance(distance_m)
    mirrored, air = radiance_of(room.mirrored_c), radiance_of(room.air_c)
    leaves = emissivity * radiance_of(surface_c) + (1 - emissivity) * mirrored
    seen = share * leaves + (1 - share) * air
    return float(to_apparent(np.array([[seen]], dtype=np.float32))[0, 0])


def peak(picture, point):
    row, column = (round(x) for x in point)
    return picture[row - 2 : row + 3, column - 2 : column + 3].max()


@pytest.mark.parametrize("name", ["A", "B", "C", "D", "E", "F"])
@pytest.mark.parametrize("core_c", [36.4, 39.1])
def test_the_hotter_canthus_shows_its_true_temperature_through_air_and_emissivity(name, core_c):
    who = Traveller(name=name, core_c=core_c, enters_at_s=0.0, path=STANDS)
    scene = scene_with(who, shape=LARGE, optics=SHARP)
    truth = scene.truth(1.0)[0]
    picture = scene.render(1.0)
    wanted_c = seen_c(truth.canthus_c, 0.98, truth.distance_m)
    peaks = [peak(picture, p) for p in (truth.canthi.image_left, truth.canthi.image_right)]
    assert truth.canthus_c == pytest.approx(core_c - 1.25)
    # 0.77 mm a pixel and a blur of a third of a pixel cost a core of 5 mm less than 0.1 °C.
    assert max(peaks) == pytest.approx(wanted_c, abs=0.1)
    assert min(peaks) > wanted_c - 1.2


def test_nothing_on_a_face_is_warmer_than_its_hotter_canthus():
    for name in "ABCDEFGH":
        who = Traveller(name=name, core_c=37.0, enters_at_s=0.0, path=STANDS)
        scene = scene_with(who, shape=LARGE, optics=SHARP)
        truth = scene.truth(1.0)[0]
        picture = scene.render(1.0)
        face = picture[truth.box.slices(picture.shape)]
        row, column = np.unravel_index(int(face.argmax()), face.shape)
        hottest = row + round(truth.box.top), column + round(truth.box.left)
        points = (truth.canthi.image_left, truth.canthi.image_right)
        assert min(np.hypot(*np.subtract(hottest, p)) for p in points) < 4


@pytest.mark.parametrize("yaw_deg", [-36.0, 0.0, 30.0])
def test_canthi_turn_with_the_head(yaw_deg):
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, path=STANDS, yaw_deg=yaw_deg)
    scene = scene_with(who, shape=LARGE, optics=SHARP)
    truth = scene.truth(1.0)[0]
    picture = scene.render(1.0)
    peaks = [peak(picture, p) for p in (truth.canthi.image_left, truth.canthi.image_right)]
    assert max(peaks) == pytest.approx(seen_c(truth.canthus_c, 0.98, truth.distance_m), abs=0.35)
    middle = (truth.canthi.image_left[1] + truth.canthi.image_right[1]) / 2 + 0.5
    shift_mm = (middle - truth.box.center[1]) * 150 / truth.box.width
    assert shift_mm == pytest.approx(80 * np.sin(np.radians(truth.yaw_deg)), abs=3)


def test_glasses_cover_both_canthi():
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, glasses=True)
    scene = scene_with(who)
    truth = scene.truth(near_s(who))[0]
    picture = scene.render(near_s(who))
    for point in (truth.canthi.image_left, truth.canthi.image_right):
        assert picture[round(point[0]), round(point[1])] < 31.0


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"mask": True}, 0.78),
        ({"sun_c": 6.0}, 0.58),
        ({"covered_eye": True}, 0.40),
        ({"face_chill_c": 3.0}, 0.20),
        ({"glasses": True}, 0.42),
    ],
)
def test_what_a_person_wears_or_suffers_shows_on_the_face(change, part):
    plain = Traveller(name="A", core_c=37.0, enters_at_s=0.0, path=STANDS, yaw_deg=0.0)
    scenes = [scene_with(who, shape=LARGE) for who in (plain, replace(plain, **change))]
    box = scenes[0].truth(1.0)[0].box
    row = round(box.top + part * box.height)
    first, second = (scene.render(1.0)[row, round(box.left) : round(box.right)] for scene in scenes)
    assert np.abs(first - second).max() > 1.0


def test_a_mask_warms_and_cools_with_the_breath():
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, path=STANDS, yaw_deg=0.0, mask=True)
    scene = scene_with(who, shape=LARGE)
    values = []
    for t_s in np.arange(0.0, 4.0, 0.25):
        box = scene.truth(t_s)[0].box
        row, column = box.top + 0.8 * box.height, box.center[1]
        values.append(scene.render(t_s)[round(row), round(column)])
    assert 1.0 < max(values) - min(values) < 4.0


@pytest.mark.parametrize("how", ["turned_away", "from_behind"])
def test_a_turned_face_has_no_canthi_and_does_not_face_the_camera(how):
    who = Traveller(name="A", core_c=37.0, enters_at_s=0.0, **{how: True})
    truth = scene_with(who).truth(near_s(who))[0]
    assert truth.canthi is None
    assert not truth.facing


def test_same_seed_gives_the_same_pictures_and_another_seed_does_not():
    people = demo_travellers(3, 4, 2, 4.0)
    sensor = Sensor(flicker_c=0.05, fixed_pattern_c=0.03)
    first, again, other = (Scene(travellers=people, seed=s, sensor=sensor) for s in (5, 5, 6))
    later = again.render(9.0)
    assert np.array_equal(first.render(2.0), again.render(2.0))
    assert np.array_equal(first.render(9.0), later)
    assert not np.array_equal(first.render(2.0), other.render(2.0))
    assert people == demo_travellers(3, 4, 2, 4.0)


def disc(picture, center, half=5):
    row, column = (round(x) for x in center)
    return picture[row - half : row + half + 1, column - half : column + half + 1]


def test_reference_disc_reads_its_true_temperature_through_the_air():
    source = ReferenceSource(set_point_c=36.0, error_c=0.2, stability_c=0.0, emissivity=0.97)
    picture = scene_with(reference=source, optics=SHARP).render(0.0)
    center = source.center_px(picture.shape, 0.0)
    wanted_c = seen_c(36.2, 0.97, source.distance_m)
    assert np.allclose(disc(picture, center), wanted_c, atol=0.01)


@pytest.mark.parametrize(
    ("fault", "amount"),
    [
        (SourceFault.COVERED, 0.0),
        (SourceFault.MOVED, 0.1),
        (SourceFault.UNSTABLE, 0.5),
        (SourceFault.OFF_SET_POINT, 0.2),
    ],
)
def test_every_fault_of_the_source_changes_its_place_from_its_time_on(fault, amount):
    event = SourceEvent(fault, 5.0, 8.0, amount)
    source = ReferenceSource(stability_c=0.0, events=(event,))
    scene = scene_with(reference=source)
    center = source.center_px((288, 384), 0.0)
    before, during, after = (disc(scene.render(t), center, 2).mean() for t in (4.9, 5.5, 8.1))
    assert before == pytest.approx(after, abs=1e-4)
    assert abs(during - before) > 0.15


def test_covered_or_absent_source_is_not_in_the_picture():
    row, column = round(0.18 * 288), round(0.90 * 384)
    covered = scene_with().render(0.0, is_source_covered=True)
    absent = scene_with(reference=ReferenceSource(present=False)).render(0.0)
    assert covered[row, column] < 27.0
    assert absent[row, column] < 27.0


def test_offset_drift_and_noise_are_as_asked():
    plain = scene_with().render(0.0)
    off = scene_with(sensor=replace(PERFECT, offset_c=0.6)).render(0.0)
    # The error is the same in radiance: a degree at 30 °C is less than a degree where it is hotter.
    share = slope_at(30) / slope_at(22.5)
    assert np.median(off - plain) == pytest.approx(0.6 * share, rel=0.02)
    still = scene_with(sensor=replace(PERFECT, drift_c_per_h=1.5))
    drift = still.render(3600.0) - still.render(0.0)
    assert np.median(drift) == pytest.approx(1.5 * share, rel=0.02)
    noisy = scene_with(sensor=replace(PERFECT, netd_c=0.05))
    difference = noisy.render(1.0) - noisy.render(2.0)
    assert difference.std() == pytest.approx(0.05 * share * np.sqrt(2), rel=0.05)


def test_a_shutter_correction_holds_the_picture_still_and_then_steps_it():
    who = Traveller("A", 37.0, 0.0)
    shutter = Shutter(2.0, step_c=0.5, lasts_s=0.9)
    sensor = Sensor(drift_c_per_h=0.0, fixed_pattern_c=0.05, shutters=(shutter,))
    scene = scene_with(who, sensor=sensor)
    assert np.array_equal(scene.render(2.1), scene.render(2.8))
    assert scene.truth(2.1) == scene.truth(2.8)
    step = np.median(scene.render(2.95) - scene.render(1.95))
    assert step == pytest.approx(0.5 * slope_at(30) / slope_at(22.5), abs=0.05)
    assert sensor.told_shutter(1.9) == (False, None)
    assert sensor.told_shutter(2.5) == (True, 0.0)
    assert sensor.told_shutter(3.4) == (False, pytest.approx(0.5))
    untold = replace(sensor, shutters=(replace(shutter, is_told=False),))
    assert untold.told_shutter(2.5) == (False, None)


def test_a_pixel_smears_what_moves():
    def width_px(lag_s):
        path = (Waypoint(0, -1.5, 2.0), Waypoint(1.0, 1.5, 2.0))
        who = Traveller("A", 37.0, 0.0, path=path, yaw_deg=0.0)
        scene = scene_with(who, sensor=replace(PERFECT, lag_s=lag_s), shape=LARGE)
        box = scene.truth(0.5)[0].box
        row = scene.render(0.5)[round(box.center[0])]
        edge = np.abs(np.diff(row[round(box.left) - 40 : round(box.center[1])]))
        return edge.max()

    assert width_px(0.02) < 0.7 * width_px(0.0)


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
    assert first.visible == 1.0
    assert second.visible < 0.5
    alone = scene_with(front).render(3.0)
    face = first.box.grown(0.6).slices(alone.shape)
    assert np.allclose(scene.render(3.0)[face], alone[face], atol=0.05)


def test_a_looped_scene_gives_new_names_each_lap():
    scene = LoopedScene(scene_with(Traveller("A", 37.0, 0.0)), period_s=6.0)
    assert scene.truth(1.0)[0].name == "A-1"
    assert scene.truth(7.0)[0].name == "A-2"
    assert np.array_equal(scene.render(1.0), scene.render(7.0))


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
