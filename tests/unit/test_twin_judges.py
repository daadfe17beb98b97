"""The judges of the twin, on runs made by hand: each error must show in its figure."""

import numpy as np
import pytest

from station.core.extraction import Rejection, RejectReason
from station.core.faces import Box
from station.core.reference import ReferenceReading, ReferenceState
from station.core.screening import not_measured
from station.evaluation.twin_cold import ColdJudge
from station.evaluation.twin_runs import person_at
from station.evaluation.twin_screening import ScreeningJudge
from station.evaluation.twin_temperature import PatchJudge, SkinJudge
from station.evaluation.twin_tracking import TrackingJudge
from station.evaluation.twin_validity import ReasonJudge, SourceJudge
from tests.twin_runs import (
    CROWD,
    HEALTHY,
    LEFT,
    RIGHT,
    answer,
    ended,
    moment,
    observed,
    reading,
    run,
    screened,
    skin_run,
    true,
)


def row(judge, key):
    return next(r for r in judge.rows() if r.key == key)


def two_people(numbers_at, readings_at=lambda t: (LEFT, RIGHT)):
    """Two people who stand still; `numbers_at` says which numbers they have in each frame."""
    moments = []
    for i in range(20):
        people = true("a", LEFT), true("b", RIGHT)
        faces = [
            observed(box, number, reading(place, 35.5))
            for box, number, place in zip((LEFT, RIGHT), numbers_at(i), readings_at(i), strict=True)
        ]
        moments.append(moment(i / 9, people, faces))
    return run(moments)


def test_identities_that_never_change_are_kept():
    judge = TrackingJudge(2, 0.97)
    judge.take(two_people(lambda i: (1, 2)))
    assert row(judge, "crossing_2_kept").value == 1.0
    assert row(judge, "crossing_2_kept").is_met
    assert row(judge, "crossing_2_wrong_readings").is_met


@pytest.mark.parametrize(
    ("numbers_at", "kept"),
    [
        (lambda i: (1, 2) if i < 10 else (2, 1), 0.0),
        (lambda i: (1, 2 if i < 10 else 3), 0.5),
        (lambda i: (1, None), 0.5),
    ],
    ids=["swapped", "new number", "never counted"],
)
def test_identities_that_change_are_not_kept(numbers_at, kept):
    judge = TrackingJudge(2, 0.97)
    judge.take(two_people(numbers_at))
    assert row(judge, "crossing_2_kept").value == kept
    assert row(judge, "crossing_2_kept").is_met is False


def test_a_reading_on_the_neighbour_is_a_wrong_reading():
    judge = TrackingJudge(2, 0.97)
    judge.take(two_people(lambda i: (1, 2), lambda i: (RIGHT if i == 5 else LEFT, RIGHT)))
    assert row(judge, "crossing_2_wrong_readings").value == 1
    assert row(judge, "crossing_2_wrong_readings").is_met is False


def test_readings_after_a_swap_are_wrong_readings():
    judge = TrackingJudge(2, 0.97)
    judge.take(two_people(lambda i: (1, 2) if i < 10 else (2, 1)))
    assert row(judge, "crossing_2_wrong_readings").value == 20


def test_the_nearest_person_at_a_pixel_is_the_one_seen_there():
    near, far = true("near", Box(0, 0, 100, 80)), true("far", Box(10, 10, 60, 50))
    assert person_at((30, 30), (near, far)).name == "near"
    assert person_at((300, 300), (near, far)) is None


def test_canthus_bias_counts_fine_readings_only():
    judge = SkinJudge()
    for error_c, mm_per_px in ((0.1, 0.8), (0.1, 0.9), (-3.0, 1.5)):
        judge.take(skin_run(error_c, mm_per_px))
    assert row(judge, "canthus_bias_c").value == pytest.approx(0.1)
    assert row(judge, "canthus_bias_c").is_met


@pytest.mark.parametrize(("outside", "is_met"), [(5, True), (20, False), (0, False)])
def test_coverage_must_be_neither_too_small_nor_too_large(outside, is_met):
    judge = SkinJudge()
    for i in range(100):
        judge.take(skin_run(0.5 if i < outside else 0.1))
    assert row(judge, "coverage").value == pytest.approx(1 - outside / 100)
    assert row(judge, "coverage").is_met is is_met


def test_a_plate_that_reads_off_misses_the_bar():
    judge = PatchJudge(1.0)
    judge.take(run([moment(0.0, [], [], middle_c=36.0)], patch_c=36.0))
    assert row(judge, "patch_p95_c").is_met
    judge.take(run([moment(0.0, [], [], middle_c=36.5)] * 3, patch_c=36.0))
    assert row(judge, "patch_p95_c").is_met is False


@pytest.mark.parametrize(("blocked_at", "is_met"), [(6.0, True), (8.0, False), (99.0, False)])
def test_a_reference_fault_must_block_within_two_seconds(blocked_at, is_met):
    lost = ReferenceReading(ReferenceState.LOST)
    moments = [
        moment(t / 9, [], [], reference=lost if t / 9 >= blocked_at else HEALTHY)
        for t in range(100)
    ]
    judge = SourceJudge()
    judge.take(run(moments, fault="covered", from_s=5.0))
    assert row(judge, "source_covered").is_met is is_met


def reason_run(result, screening, end):
    people = [true("a", LEFT)]
    moments = [moment(t / 9, people, [observed(LEFT, 1, result, screening)]) for t in range(9)]
    return run(moments, [ended(1, end)], reason="glasses", name="glasses", from_s=0.0)


def test_a_named_reason_passes_and_an_unnamed_one_does_not():
    no_answer = not_measured((RejectReason.GLASSES,), None)
    judge = ReasonJudge()
    judge.take(reason_run(Rejection(RejectReason.GLASSES), None, no_answer))
    assert row(judge, "reason_glasses").value == 1
    assert row(judge, "invalid_ended_below").is_met
    judge = ReasonJudge()
    other = not_measured((RejectReason.TOO_FAR,), None)
    judge.take(reason_run(Rejection(RejectReason.TOO_FAR), None, other))
    assert row(judge, "reason_glasses").is_met is False


def test_an_invalid_traveller_who_ends_below_misses_the_bar():
    judge = ReasonJudge()
    judge.take(reason_run(reading(LEFT, 35.0), answer(35.0), answer(35.0)))
    assert row(judge, "invalid_ended_below").value == 1
    assert row(judge, "invalid_ended_below").is_met is False


def test_sensitivity_is_taken_at_the_lowest_threshold_that_is_specific_enough():
    judge = ScreeningJudge(36.2, CROWD)
    for i in range(400):
        judge.take(screened(36.8, 36.4 if i < 2 else 35.5))
    for i in range(20):
        judge.take(screened(38.5, 37.2 if i < 19 else 35.0))
    assert judge.at(36.2) == (0.95, 0.995)
    assert row(judge, "sensitivity").value == 0.95
    assert row(judge, "sensitivity").is_met
    judge.take(screened(38.5, 35.0))
    judge.take(screened(38.5, 35.0))
    assert row(judge, "sensitivity").value == pytest.approx(19 / 22)
    assert row(judge, "sensitivity").is_met is False


def at_a_checkpoint(reference_error_c, *canthi_c, earlier=150, core_c=36.8):
    """People of one checkpoint whose source is off by so much, after so many healthy ones."""
    healthy = np.random.default_rng(2).normal(35.5, 0.35, earlier)
    moments, ends = [], []
    for number, canthus_c in enumerate(canthi_c, 1):
        who = true(str(number), LEFT, canthus_c=canthus_c, core_c=core_c)
        said = answer(canthus_c + reference_error_c)
        faces = [observed(LEFT, number, reading(LEFT, canthus_c + reference_error_c), said)]
        moments.append(moment(float(number), [who], faces))
        ends.append(ended(number, said))
    return run(moments, ends, earlier_canthus_c=list(healthy))


def judged_with(*checkpoints):
    judge = ScreeningJudge(36.2, CROWD)
    for i in range(400):
        judge.take(screened(36.8, 36.6 if i < 3 else 35.5))
    for checkpoint in checkpoints:
        judge.take(checkpoint)
    return judge


def test_a_fever_that_a_low_source_hides_is_found_against_the_crowd():
    judge = judged_with(at_a_checkpoint(-0.4, 36.9, core_c=38.5))
    assert row(judge, "sensitivity").value == 0.0
    assert row(judge, "sensitivity_told").value == 1.0
    assert row(judge, "sensitivity_told").is_met


def test_before_fifty_people_nobody_is_found_against_the_crowd():
    judge = judged_with(at_a_checkpoint(-0.4, 36.9, core_c=38.5, earlier=49))
    assert row(judge, "sensitivity_told").value == 0.0
    assert row(judge, "sensitivity_told").is_met is False


def test_warnings_of_healthy_people_cost_specificity():
    warm = at_a_checkpoint(-0.8, *[36.9] * 4)
    judge = judged_with(at_a_checkpoint(-0.4, 36.9, core_c=38.5), warm)
    assert row(judge, "sensitivity").value == 0.0
    assert row(judge, "sensitivity_told").is_met is False


def cold_run(person, visit, skin_c=None):
    screening = (
        not_measured((RejectReason.COLD_ARRIVAL,), None) if skin_c is None else answer(skin_c)
    )
    who = true("a", LEFT, core_c=38.5)
    shown = None if skin_c is None else screening
    faces = [observed(LEFT, 1, Rejection(RejectReason.COLD_ARRIVAL), shown)]
    facts = {"group": "-5 °C", "person": person, "visit": visit}
    return run([moment(0.0, [who], faces)], [ended(1, screening)], **facts)


def test_cold_arrivals_who_rest_and_are_found_later_are_not_missed():
    judge = ColdJudge(36.2)
    for person in range(10):
        judge.take_fixed(cold_run(person, 0, 35.5))
        judge.take(cold_run(person, 0))
        judge.take(cold_run(person, 1, 36.8 if person else 35.9))
    assert row(judge, "cold_cut").value == pytest.approx(0.9)
    assert row(judge, "cold_cut").is_met


def test_a_cold_arrival_who_is_let_go_at_once_is_missed():
    judge = ColdJudge(36.2)
    for person in range(4):
        judge.take_fixed(cold_run(person, 0, 35.5))
        judge.take(cold_run(person, 0, 35.5))
        judge.take(cold_run(person, 1, 36.8))
    assert row(judge, "cold_cut").value == 0.0
    assert row(judge, "cold_cut").is_met is False


def test_a_febrile_person_who_is_asked_again_is_stopped_and_one_without_a_passage_is_not():
    judge = ScreeningJudge(36.2, CROWD)
    for i in range(200):
        judge.take(screened(36.8, 35.5 if i else 36.0))
    judge.take(screened(38.5, 37.2))
    doubt = not_measured((RejectReason.TURNED_AWAY,), None)
    who = true("a", LEFT, core_c=38.5)
    faces = [observed(LEFT, 1, Rejection(RejectReason.TURNED_AWAY))]
    moments = [moment(i / 9, [who], faces) for i in range(9)]
    judge.take(run(moments, [ended(1, doubt)]))
    judge.take(run([moment(i / 9, [who], []) for i in range(9)]))
    judge.take(run([moment(0.0, [who], [])]))
    assert row(judge, "febrile_stopped").value == 0.5
    assert judge.unmeasured == {"turned_away": 1, "never_counted": 1, "hidden": 1}
