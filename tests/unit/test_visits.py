from uuid import UUID

import pytest

from station.core.anatomy import FaceTemperatures, Spot
from station.core.extraction import Rejection, RejectReason, Site, SkinReading
from station.core.screening import Outcome
from station.core.uncertainty import Budget
from station.core.visits import Visit, VisitLimits
from tests.support import NOON, POLICY

LIMITS = VisitLimits(min_valid_frames=5, window_frames=9, max_spread_c=0.4)
SPOT = Spot(35.0, (10.0, 10.0))
FACE = FaceTemperatures(SPOT, SPOT, SPOT, SPOT, 34.5, 34.5, 34.0, 34.2)


def reading(skin_c, *, mm_per_px=1.5):
    budget = Budget(0.1, 0.01, 0.0, 0.1, 0.05)
    return SkinReading(
        skin_c, budget, Site.INNER_CANTHUS, SPOT.point, 0, skin_c, mm_per_px, True, FACE
    )


@pytest.fixture
def visit():
    return Visit(UUID(int=1), LIMITS, NOON, 0)


def see(visit, *results, times=1):
    for _ in range(times):
        for result in results:
            visit.take(result, POLICY)


def test_who_walks_away_keeps_the_answer_of_when_they_were_near(visit):
    see(visit, reading(35.6), times=9)
    see(visit, reading(35.1, mm_per_px=3.0), times=9)
    assert visit.screening.measurement.skin_c == 35.6


def test_who_comes_nearer_is_answered_by_the_nearer_readings(visit):
    see(visit, reading(35.1, mm_per_px=3.0), times=9)
    see(visit, reading(35.6), times=9)
    assert visit.screening.measurement.skin_c == 35.6


def test_a_coarser_reading_may_still_raise_the_alarm(visit):
    see(visit, reading(35.6), times=9)
    see(visit, reading(36.5, mm_per_px=3.0), times=9)
    assert visit.screening.outcome is Outcome.ABOVE


def test_readings_that_disagree_later_do_not_undo_a_measurement(visit):
    see(visit, reading(35.6), times=9)
    see(visit, reading(34.0), reading(36.0), times=5)
    assert visit.screening.outcome is Outcome.BELOW
    assert visit.screening.measurement.skin_c == 35.6


def test_readings_that_disagree_from_the_start_are_no_answer(visit):
    see(visit, reading(34.0), reading(36.0), times=5)
    assert visit.answer(POLICY).reasons == (RejectReason.UNSTEADY,)


def test_a_face_that_might_be_somebody_elses_loses_its_answer(visit):
    see(visit, reading(35.6), times=9)
    visit.doubt()
    answer = visit.answer(POLICY)
    assert answer.outcome is Outcome.NOT_MEASURED
    assert answer.reasons == (RejectReason.FACES_TOO_NEAR,)


def test_after_a_doubt_only_new_readings_count(visit):
    see(visit, reading(37.0), times=4)
    visit.doubt()
    see(visit, reading(35.6), times=5)
    assert visit.screening.outcome is Outcome.BELOW


def test_a_doubt_takes_no_flag_back(visit):
    see(visit, reading(37.0), times=9)
    visit.is_flagged = True
    visit.doubt()
    assert visit.screening.outcome is Outcome.ABOVE


def test_glasses_in_every_second_frame_are_glasses(visit):
    see(visit, reading(35.6), Rejection(RejectReason.GLASSES), times=12)
    assert visit.answer(POLICY).reasons == (RejectReason.GLASSES,)


def test_who_proves_to_be_the_same_takes_up_the_answer_of_before(visit):
    see(visit, reading(35.6), times=9)
    visit.doubt()
    see(visit, Rejection(RejectReason.TURNED_AWAY), times=3)
    assert visit.screening is None
    visit.trust()
    assert visit.answer(POLICY).outcome is Outcome.BELOW


def test_who_gets_a_number_in_doubt_answers_by_what_was_seen_since(visit):
    see(visit, reading(37.0), times=4)
    visit.doubt()
    see(visit, reading(35.6), times=3)
    visit.begin()
    visit.trust()
    see(visit, reading(35.6), times=2)
    assert visit.screening.measurement.frame_count == 5
    assert visit.screening.outcome is Outcome.BELOW


def test_readings_in_doubt_count_with_those_before_once_it_is_over(visit):
    see(visit, reading(35.6), times=3)
    visit.doubt(is_mixed=False)
    see(visit, reading(35.6), times=3)
    visit.trust()
    see(visit, reading(35.6))
    assert visit.screening.measurement.frame_count == 7


def test_an_alarm_in_doubt_is_an_alarm_when_it_is_over(visit):
    see(visit, reading(35.6), times=9)
    visit.doubt(is_mixed=False)
    see(visit, reading(37.0), times=5)
    visit.trust()
    assert visit.screening.outcome is Outcome.ABOVE


def test_a_face_that_was_never_clearly_turned_to_the_camera_is_turned_if_it_often_seems_so(visit):
    see(visit, reading(35.6), times=9)
    see(visit, Rejection(RejectReason.TURNED_AWAY), times=6)
    assert visit.answer(POLICY).reasons == (RejectReason.TURNED_AWAY,)


def test_who_turns_away_after_facing_the_camera_keeps_the_answer(visit):
    visit.clear_frames = 3
    see(visit, reading(35.6), times=9)
    see(visit, Rejection(RejectReason.TURNED_AWAY), times=9)
    assert visit.answer(POLICY).outcome is Outcome.BELOW


def test_who_turns_to_the_camera_is_answered_by_the_frames_since(visit):
    see(visit, Rejection(RejectReason.TURNED_AWAY), times=9)
    visit.clear_frames = 5
    see(visit, reading(35.6), times=5)
    assert visit.answer(POLICY).outcome is Outcome.BELOW


def test_a_new_number_waits_two_frames_at_most_while_somebody_is_too_near(visit):
    near = Rejection(RejectReason.FACES_TOO_NEAR)
    assert [visit.hides_number(near) for _ in range(3)] == [True, True, False]


def test_a_number_that_was_shown_is_not_hidden_because_somebody_comes_near(visit):
    visit.is_shown = True
    assert not visit.hides_number(Rejection(RejectReason.FACES_TOO_NEAR))


def test_a_frame_that_is_passed_over_takes_no_answer_back_but_is_a_reason_without_one(visit):
    nothing = visit.pass_over(RejectReason.FACES_TOO_NEAR)
    assert nothing == Rejection(RejectReason.FACES_TOO_NEAR)
    assert visit.answer(POLICY).reasons == (RejectReason.FACES_TOO_NEAR,)
    see(visit, reading(35.6), times=5)
    for _ in range(9):
        visit.pass_over(RejectReason.FACES_TOO_NEAR)
    assert visit.answer(POLICY).measurement.skin_c == 35.6
