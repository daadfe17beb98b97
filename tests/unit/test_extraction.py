from dataclasses import replace

import numpy as np
import pytest

from station.core.anatomy import look_at
from station.core.extraction import Rejection, RejectReason, Site, Surroundings, measure_skin
from station.core.faces import Canthi
from station.core.reference import ReferenceReading, ReferenceState
from station.core.room import Room
from station.core.uncertainty import face_maximum_loss, mm_per_px, size_of_source
from tests.support import EXTRACTION, HEALTHY, ROOM, face, frame

COARSE = face()
# 140 mm over 80 px: 1.75 mm a pixel carries the canthi.
FINE = face(width=80.0)
QUIET = Surroundings(ROOM)


def measure(shot, region=COARSE, *, reference=HEALTHY, surroundings=QUIET, limits=EXTRACTION):
    (result,) = measure_skin(shot, [(region, surroundings)], reference, limits)
    return result


def reason(shot, region=COARSE, **more):
    result = measure(shot, region, **more)
    assert isinstance(result, Rejection)
    return result.reason


def with_part(shot, region, part_c, *, rows, columns=(0.0, 1.0)):
    """Paint a part of the face, in fractions of its box, to a temperature."""
    pixels, box = shot.temperature_c.copy(), region.box
    top, bottom = (round(box.top + f * box.height) for f in rows)
    left, right = (round(box.left + f * box.width) for f in columns)
    pixels[top:bottom, left:right] = part_c
    return replace(shot, temperature_c=pixels)


def test_coarse_pixels_give_the_face_maximum_named_as_such_and_marked_as_a_pre_screen():
    # Apparent 35.0 plus an offset of 0.6, and what such pixels read below the canthus; the hottest
    # of many noisy 2x2 means reads a little high.
    reading = measure(frame(faces=[COARSE], canthus_c=35.0))
    lost_c, lost_u_c = face_maximum_loss(3.5, 2)
    assert reading.site is Site.FACE_MAXIMUM
    assert reading.skin_c == pytest.approx(35.6 + lost_c, abs=0.05)
    assert reading.budget.size_of_source_c == lost_u_c
    assert reading.apparent_c == pytest.approx(35.0, abs=0.05)
    assert reading.mm_per_px == 3.5
    assert reading.is_pre_screen


def test_fine_pixels_give_the_canthus_with_what_the_lens_blurs_added():
    reading = measure(frame(faces=[FINE], canthus_c=35.0), FINE)
    lost_c, lost_u_c = size_of_source(1.75, 2)
    assert reading.site is Site.INNER_CANTHUS
    assert reading.skin_c == pytest.approx(35.6 + lost_c, abs=0.06)
    assert reading.budget.size_of_source_c == lost_u_c


def test_the_smaller_the_pixels_the_less_the_lens_blurs_the_canthus():
    losses = [size_of_source(scale, 3)[0] for scale in (0.5, 0.75, 1.0, 1.25, 1.9, 2.5)]
    assert losses == sorted(losses)
    assert losses[1] < 0.15


def test_the_face_maximum_falls_no_further_below_the_canthus_than_the_forehead_is():
    scales = (2.0, 3.0, 5.0, 10.0, 40.0)
    losses = [face_maximum_loss(scale, 3)[0] for scale in scales]
    assert losses == sorted(losses)
    # Volunteers: the hottest of both canthus circles and five forehead spots of about 10 mm lies
    # 0.59 and 0.64 ± 0.3 °C below the canthus on two cameras (Wang et al. 2023, PhysioNet).
    assert losses[1] == pytest.approx(0.62, abs=0.12)
    assert losses[-1] < 1.1
    assert all(face_maximum_loss(s, 3)[0] < size_of_source(s, 3)[0] for s in scales)


def test_the_point_lies_on_a_canthus():
    row, column = measure(frame(faces=[FINE]), FINE).point
    assert row == pytest.approx(FINE.box.top + 0.42 * FINE.box.height, abs=2)
    relative = (column - FINE.box.left) / FINE.box.width
    assert min(abs(relative - 0.35), abs(relative - 0.65)) < 0.05


def test_the_uncertainty_is_the_root_sum_of_its_budget():
    reading = measure(frame(faces=[COARSE]))
    budget = reading.budget
    assert budget.reference_c == HEALTHY.u_c
    assert budget.site_c == EXTRACTION.site_u_c
    parts = (
        budget.reference_c,
        budget.noise_c,
        budget.size_of_source_c,
        budget.site_c,
        budget.ambient_c,
    )
    assert reading.u_c == pytest.approx(sum(part**2 for part in parts) ** 0.5)


def test_a_room_that_nobody_measures_widens_the_uncertainty():
    grey = replace(EXTRACTION, skin_emissivity=0.98)
    known, unknown = (
        measure(frame(faces=[COARSE]), surroundings=Surroundings(Room(22.0, u_c)), limits=grey)
        for u_c in (0.5, 5.0)
    )
    assert unknown.u_c > known.u_c


def test_skin_that_mirrors_a_cool_room_is_warmer_than_it_looks():
    black = measure(frame(faces=[COARSE]))
    grey = measure(frame(faces=[COARSE]), limits=replace(EXTRACTION, skin_emissivity=0.98))
    # Planck, 8-14 um: skin of 36 °C that mirrors 2 % of 22 °C looks 0.26 °C cooler.
    assert grey.skin_c - black.skin_c == pytest.approx(0.26, abs=0.02)


@pytest.mark.parametrize("fever_c", [0.0, 1.0, 2.0, 3.0, 4.0])
def test_a_warmer_face_reads_warmer_by_just_as_much(fever_c):
    cool, warm = (measure(frame(faces=[FINE], canthus_c=c), FINE) for c in (34.0, 34.0 + fever_c))
    assert warm.skin_c - cool.skin_c == pytest.approx(fever_c, rel=0.02, abs=0.01)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (ReferenceState.SEARCHING, RejectReason.NO_REFERENCE),
        (ReferenceState.LOST, RejectReason.NO_REFERENCE),
        (ReferenceState.MOVED, RejectReason.REFERENCE_MOVED),
        (ReferenceState.UNSTABLE, RejectReason.REFERENCE_UNSTABLE),
        (ReferenceState.OUT_OF_BAND, RejectReason.REFERENCE_OUT_OF_BAND),
    ],
)
def test_without_a_healthy_reference_there_is_no_answer(state, expected):
    assert reason(frame(faces=[COARSE]), reference=ReferenceReading(state)) is expected


def test_a_small_face_is_too_far():
    small = face(width=19.0)
    assert reason(frame(faces=[small]), small) is RejectReason.TOO_FAR


def test_a_turned_face_is_not_measured():
    turned = replace(COARSE, frontality=0.49)
    assert reason(frame(faces=[turned]), turned) is RejectReason.TURNED_AWAY


def test_an_eye_under_hair_is_named_although_the_face_passes_for_a_turned_one():
    seen = replace(COARSE, frontality=0.2)
    hair = with_part(frame(faces=[COARSE]), COARSE, 30.0, rows=(0.15, 0.52), columns=(0.1, 0.45))
    assert reason(hair, seen) is RejectReason.COVERED_EYES
    assert reason(hair) is RejectReason.COVERED_EYES


@pytest.mark.parametrize("rows", [(0.15, 1.0), (0.55, 1.0)], ids=["eye and cheek", "cheek alone"])
def test_a_head_whose_farther_side_is_cold_is_turned_away(rows):
    seen = replace(COARSE, frontality=0.2)
    far_side = with_part(frame(faces=[COARSE]), COARSE, 30.0, rows=rows, columns=(0.0, 0.4))
    assert reason(far_side, seen) is RejectReason.TURNED_AWAY


@pytest.mark.parametrize("center", [(60, 10), (60, 155), (5, 60)])
def test_a_face_cut_through_the_eyes_is_not_measured(center):
    cut = face(*center)
    assert reason(frame(faces=[cut], disc_c=None), cut) is RejectReason.AT_EDGE


def test_a_face_with_another_one_over_its_eyes_is_not_measured():
    crowded = Surroundings(ROOM, is_crowded=True)
    shot = frame(faces=[COARSE])
    assert reason(shot, surroundings=crowded) is RejectReason.FACES_TOO_NEAR


@pytest.mark.parametrize(
    ("region", "most_mm"),
    [(COARSE, EXTRACTION.max_blur_mm), (FINE, EXTRACTION.max_canthus_blur_mm)],
)
def test_a_face_that_moves_too_fast_for_its_site_is_blurred(region, most_mm):
    slow, fast = (Surroundings(ROOM, blur_mm=most_mm + more) for more in (-0.1, 0.1))
    shot = frame(faces=[region])
    assert reason(shot, region, surroundings=fast) is RejectReason.BLURRED
    assert not isinstance(measure(shot, region, surroundings=slow), Rejection)


def test_what_a_moving_face_smears_over_the_canthus_is_added_whatever_its_temperature():
    still, moving = QUIET, Surroundings(ROOM, blur_mm=2.0)
    for canthus_c in (34.0, 38.0):
        shot = frame(faces=[FINE], canthus_c=canthus_c)
        added = [measure(shot, FINE, surroundings=s).skin_c for s in (still, moving)]
        assert added[1] - added[0] == pytest.approx(0.1, abs=0.03)


def test_a_core_smeared_by_an_exponential_loses_what_is_added():
    """A core of 6.5 mm on pixels of 0.93 mm, 3x3 of them averaged."""
    step_mm = 0.1
    place = np.arange(-15, 15, step_mm)
    core = np.exp2(-((np.abs(place) / 3.25) ** 3))
    blur_mm = 0.93 * np.hypot(0.8, 3 / np.sqrt(12))
    lens = np.exp(-(place**2) / (2 * blur_mm**2))
    losses = []
    for smear_mm in (0.001, 2.0):
        memory = np.exp(-np.arange(0, 10, step_mm) / smear_mm)
        seen = np.convolve(np.convolve(core, lens / lens.sum(), "same"), memory / memory.sum())
        losses.append(1 - seen.max())
    # Across the way nothing is smeared; the core's contrast is 1.1 °C.
    added_c = 1.1 * (losses[1] - losses[0])
    modelled_c = size_of_source(0.93, 3, 2.0)[0] - size_of_source(0.93, 3)[0]
    assert modelled_c == pytest.approx(added_c, abs=0.03)


def test_a_canthus_that_a_turned_head_carries_from_its_place_is_read_all_the_same():
    row, column = FINE.box.top + 0.42 * FINE.box.height, FINE.box.center[1]
    left, right = (column + (side - 0.12) * FINE.box.width for side in (-0.13, 0.13))
    canthi = Canthi((row, left), (row, right))
    shot = frame(faces=[FINE], canthus_c=36.0)
    there = measure(shot, FINE)
    beside = measure(shot, replace(FINE, canthi=canthi))
    assert (beside.skin_c, beside.point) == (there.skin_c, there.point)


def test_the_spread_of_coarse_faces_grows_with_what_their_pixels_blur():
    spreads = [face_maximum_loss(scale, 2)[1] for scale in (2.0, 3.0, 4.0, 7.0)]
    assert spreads == sorted(spreads)
    # Volunteers: ±0.3 °C between people (Wang et al. 2023, PhysioNet).
    assert spreads[-1] == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("region", [COARSE, FINE])
def test_glasses_are_told_by_eyes_and_canthi_colder_than_the_face(region):
    shot = with_part(frame(faces=[region]), region, 29.0, rows=(0.33, 0.52))
    assert reason(shot, region) is RejectReason.GLASSES


def test_lenses_over_the_eyeballs_alone_are_glasses_too():
    shot = frame(faces=[FINE])
    for columns in ((0.05, 0.32), (0.68, 0.95)):
        shot = with_part(shot, FINE, 29.0, rows=(0.33, 0.52), columns=columns)
    assert reason(shot, FINE) is RejectReason.GLASSES


def test_something_over_both_canthi_covers_the_eyes():
    shot = with_part(frame(faces=[FINE]), FINE, 33.2, rows=(0.36, 0.5), columns=(0.25, 0.75))
    assert reason(shot, FINE) is RejectReason.COVERED_EYES


def test_canthi_that_disagree_are_not_trusted():
    shot = with_part(frame(faces=[FINE]), FINE, 33.5, rows=(0.36, 0.5), columns=(0.55, 0.78))
    assert reason(shot, FINE) is RejectReason.COVERED_EYES


@pytest.mark.parametrize("region", [FINE, COARSE])
def test_hair_over_one_eye_covers_it_and_is_no_pair_of_glasses(region):
    shot = with_part(frame(faces=[region]), region, 29.0, rows=(0.3, 0.6), columns=(0.05, 0.5))
    assert reason(shot, region) is RejectReason.COVERED_EYES
    both = with_part(frame(faces=[region]), region, 29.0, rows=(0.3, 0.6), columns=(0.05, 0.95))
    assert reason(both, region) is RejectReason.GLASSES


def test_a_sunlit_forehead_is_named():
    shot = with_part(frame(faces=[COARSE]), COARSE, 38.0, rows=(0.06, 0.16), columns=(0.6, 0.85))
    assert reason(shot) is RejectReason.SUN_OR_REFLECTION


def test_skin_that_is_too_cold_is_a_cold_arrival_and_no_pass():
    assert reason(frame(faces=[COARSE], canthus_c=30.0)) is RejectReason.COLD_ARRIVAL


def test_cold_cheeks_on_a_cold_day_are_a_cold_arrival():
    shot = with_part(frame(faces=[COARSE]), COARSE, 30.5, rows=(0.55, 0.8))
    cold_day = Surroundings(ROOM, is_cold_outside=True)
    assert reason(shot, surroundings=cold_day) is RejectReason.COLD_ARRIVAL
    assert not isinstance(measure(shot), Rejection)


@pytest.mark.parametrize("region", [COARSE, FINE], ids=["coarse", "fine"])
def test_what_pixels_blur_of_the_canthi_counts_when_cheeks_are_compared_with_them(region):
    # Chilled by as much as two thirds of what is lost: without the loss nothing would be noticed.
    lost_c, _ = (face_maximum_loss if region is COARSE else size_of_source)(mm_per_px(region), 2)
    cold_day = Surroundings(ROOM, is_cold_outside=True)
    for missing_c, expected in ((0.6 * lost_c, RejectReason.COLD_ARRIVAL), (1.6 * lost_c, None)):
        cheeks_c = 35.0 - EXTRACTION.chilled_cheeks_c + missing_c
        shot = with_part(frame(faces=[region]), region, cheeks_c, rows=(0.55, 0.8))
        result = measure(shot, region, surroundings=cold_day)
        assert (result.reason if isinstance(result, Rejection) else None) is expected


def test_what_is_hotter_than_living_skin_is_implausible():
    assert reason(frame(faces=[COARSE], canthus_c=43.0)) is RejectReason.IMPLAUSIBLE


def test_a_pixel_of_a_wider_face_covers_less():
    assert mm_per_px(FINE) == pytest.approx(1.75)


@pytest.mark.parametrize("column", [20.5, 139.5])
def test_an_eye_outside_the_picture_is_seen_at_its_edge_and_not_on_the_other_side(column):
    """The face is whole, but its canthi are placed so far out that an eye is not."""
    region = replace(face(60, column, 40), canthi=None)
    outward = -1 if column < 80 else 1
    at = column + outward * 18
    canthi = Canthi((55.0, min(at, column)), (55.0, max(at, column)))
    shot = frame(faces=[region])
    pixels = shot.temperature_c.copy()
    other_side = slice(150, 160) if outward < 0 else slice(0, 10)
    pixels[:, other_side] = 90.0
    (seen,) = look_at(pixels, [replace(region, canthi=canthi)], [2])
    assert seen is not None
    assert seen.eyes_c < 40.0


def test_of_several_faces_each_keeps_its_own_reading_or_reason_in_their_order():
    far, turned = face(100, 30, 8), replace(face(60, 120, 40), frontality=0.1)
    near = face(60, 40, 40)
    faces = [(region, QUIET) for region in (far, near, turned)]
    first, second, third = measure_skin(frame(faces=[near]), faces, HEALTHY, EXTRACTION)
    assert first == Rejection(RejectReason.TOO_FAR)
    assert second == measure(frame(faces=[near]), near)
    assert third == Rejection(RejectReason.TURNED_AWAY)
