from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
import pytest

from station.core.extraction import Rejection, RejectReason, Site
from station.core.frames import FrameStatus, ThermalFrame
from station.core.lane_events import LaneState
from station.core.reunion import Verdict
from station.core.screening import Outcome
from station.core.uncertainty import face_maximum_loss, mm_per_px
from station.core.visits import Visit
from station.estimation.model_file import shipped_model
from tests.passerby import FACE, Passerby
from tests.support import FRAME, LIMITS, NOON, POLICY, FixedLocator, face, frame, lane

# The reference is trusted from the fifth frame on; five valid frames make an answer.
TRUSTED, ANSWERED = 5, 12


def test_a_cool_traveller_is_below():
    who = Passerby().stay(20, canthus_c=34.5).leave()
    assert who.outcome is Outcome.BELOW
    assert who.flags == []


def test_a_hot_traveller_is_flagged_once_and_at_once():
    who = Passerby().stay(25, canthus_c=36.5).leave()
    assert len(who.flags) == 1
    assert who.flags[0].passage.last_sequence <= ANSWERED
    assert who.outcome is Outcome.ABOVE
    assert who.ended[0].was_flagged
    assert who.ended[0].passage.passage_id == who.flags[0].passage.passage_id


def test_an_answer_is_taken_back_when_later_looks_at_the_face_are_doubtful():
    who = Passerby().stay(20, canthus_c=34.5)
    assert who.last.faces[0].screening.outcome is Outcome.BELOW
    who.stay(6, canthus_c=30.0).stay(2, canthus_c=34.5)
    who.leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.ended[0].passage.screening.reasons[0] is RejectReason.COLD_ARRIVAL


def test_canthus_readings_displace_those_of_the_face_maximum():
    # The answer is one site's median, never that of both.
    who = Passerby().stay(12, canthus_c=35.2)
    assert who.last.faces[0].screening.measurement.site is Site.FACE_MAXIMUM
    visit = Visit(UUID(int=1), LIMITS.visit, NOON, 0)
    coarse, fine = (
        replace(who.last.faces[0].result, skin_c=skin_c, site=site)
        for skin_c, site in ((35.9, Site.FACE_MAXIMUM), (35.0, Site.INNER_CANTHUS))
    )
    for result in (*[coarse] * 6, *[fine] * 4):
        visit.take(result, POLICY)
    assert visit.screening.measurement.site is Site.FACE_MAXIMUM
    visit.take(fine, POLICY)
    visit.take(coarse, POLICY)
    assert visit.screening.measurement.site is Site.INNER_CANTHUS
    assert visit.screening.measurement.skin_c == 35.0


def test_a_flag_stays_whatever_is_measured_later():
    who = Passerby().stay(15, canthus_c=36.5).stay(15, canthus_c=34.5).leave()
    assert who.outcome is Outcome.ABOVE


def test_a_reading_inside_the_guard_band_is_to_be_repeated():
    # 35.5 apparent plus 0.6 is 36.1, a little below the threshold of 36.2; coarse pixels read low.
    lost_c, _ = face_maximum_loss(mm_per_px(FACE), 3)
    who = Passerby().stay(20, canthus_c=35.48 - lost_c).leave()
    assert who.outcome is Outcome.REPEAT
    assert who.ended[0].point is not None


def test_the_answer_comes_only_after_enough_valid_frames():
    who = Passerby()
    answers = []
    for _ in range(12):
        who.stay(1)
        observation = who.last.faces[0]
        answers.append(observation.screening is not None)
    # Frames 0-3 have no reference; 4-8 are the five valid ones.
    assert answers == [False] * 8 + [True] * 4


def test_somebody_seen_too_shortly_is_not_measured():
    who = Passerby().stay(7).leave()
    assert who.outcome is Outcome.NOT_MEASURED


def test_without_a_reference_nobody_is_measured_and_the_reason_is_named():
    who = Passerby().stay(20, disc_c=None, canthus_c=36.5).leave(disc_c=None)
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.reasons == (RejectReason.NO_REFERENCE,)
    assert who.flags == []


def test_the_most_frequent_reason_comes_first():
    who = Passerby().stay(6, disc_c=None)
    who.locator.faces = (replace(FACE, frontality=0.1),)
    who.stay(20).leave()
    assert who.reasons[0] is RejectReason.TURNED_AWAY
    assert RejectReason.NO_REFERENCE in who.reasons


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (replace(FACE, frontality=0.2), RejectReason.TURNED_AWAY),
        (face(width=15), RejectReason.TOO_FAR),
    ],
)
def test_a_face_that_cannot_be_measured_is_never_below(seen, reason):
    who = Passerby()
    who.locator.faces = (seen,)
    who.stay(20).leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.reasons[0] is reason


@pytest.mark.parametrize("status", [FrameStatus.SHUTTER, FrameStatus.STALE])
def test_distrusted_frames_never_give_an_answer(status):
    who = Passerby()
    for i in range(20):
        who.lane.step(frame(i, faces=[FACE], canthus_c=34.5, status=status))
    (ended,) = who.lane.end()
    assert ended.passage.screening.outcome is Outcome.NOT_MEASURED


def test_readings_that_disagree_are_no_answer():
    who = Passerby().stay(TRUSTED)
    for canthus_c in (33.6, 34.8) * 8:
        who.stay(1, canthus_c=canthus_c)
    who.leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.reasons == (RejectReason.UNSTEADY,)


def test_while_warming_up_nothing_is_measured():
    who = Passerby(limits=replace(LIMITS, frame=replace(FRAME, warm_up_s=60.0))).stay(20).leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.reasons == (RejectReason.WARMING_UP,)
    assert set(who.states) == {LaneState.WARMING_UP}


def test_without_a_policy_in_force_nobody_is_below():
    who = Passerby(policies=()).stay(20, canthus_c=34.5).leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert who.reasons == (RejectReason.NO_POLICY,)


def test_a_picture_without_temperatures_has_no_travellers():
    who = Passerby()
    for i in range(10):
        step = who.lane.step(frame(i, faces=[FACE], status=FrameStatus.NOT_RADIOMETRIC))
        assert step.faces == ()
        assert step.state is LaneState.FAULT


def test_the_source_itself_is_never_a_traveller():
    who = Passerby()
    who.locator.faces = (face(30, 140, 14),)
    who.stay(TRUSTED)
    for _ in range(10):
        who.stay(1)
        assert who.last.faces == ()


def test_a_face_beside_the_source_is_a_traveller():
    who = Passerby()
    beside = face(50, 118, 40)
    who.locator.faces = (beside,)
    assert who.stay(6).last.faces[0].face.box == beside.box


def test_the_lane_says_what_it_can_do():
    who = Passerby()
    who.locator.faces = ()
    who.stay(8)
    who.locator.faces = (FACE,)
    who.stay(12)
    seen = list(dict.fromkeys(who.states))
    assert seen == [
        LaneState.NO_REFERENCE,
        LaneState.READY,
        LaneState.TRACKING,
        LaneState.MEASURED,
    ]


def test_a_passage_holds_first_and_last_sight():
    who = Passerby().stay(20).leave()
    passage = who.ended[0].passage
    assert (passage.first_sequence, passage.last_sequence) == (0, 19)


def test_ending_the_stream_ends_every_passage():
    who = Passerby().stay(20, canthus_c=34.5)
    (ended,) = who.lane.end()
    assert ended.passage.screening.outcome is Outcome.BELOW
    assert who.lane.end() == ()


def test_the_same_frames_give_the_same_answers():
    first, second = (Passerby().stay(25, canthus_c=36.5).leave() for _ in range(2))
    assert first.flags == second.flags
    assert first.ended == second.ended


def fine_passage(canthus_c, **options):
    """Somebody so near that the canthi are read."""
    who = Passerby(oral_model=shipped_model(), **options)
    who.locator.faces = (face(60, 60, 90),)
    return who.stay(20, canthus_c=canthus_c).leave().ended[0].passage


def test_an_estimate_of_the_mouth_stands_beside_the_skin_and_changes_no_answer():
    plain = Passerby()
    plain.locator.faces = (face(60, 60, 90),)
    without = plain.stay(20, canthus_c=34.9).leave().ended[0].passage.screening
    screening = fine_passage(34.9).screening
    assert screening.outcome is without.outcome
    assert replace(screening.measurement, oral=None) == without.measurement
    oral = screening.measurement.oral
    assert 36.0 < oral.oral_c < 38.5
    assert oral.model == "oral 1"
    assert "distance_m" in oral.inferred


def test_a_warmer_face_is_estimated_warmer():
    cool, warm = (fine_passage(c).screening.measurement.oral for c in (34.5, 35.2))
    assert warm.oral_c > cool.oral_c


def test_coarse_pixels_carry_no_estimate():
    who = Passerby(oral_model=shipped_model()).stay(20, canthus_c=34.5).leave()
    assert who.ended[0].passage.screening.measurement.oral is None


def doubted(beside):
    """Somebody with an answer beside whom another face turns up, and who then looks different."""
    who = Passerby().stay(20, canthus_c=34.5)
    assert who.last.faces[0].screening.outcome is Outcome.BELOW
    who.locator.faces = (FACE, beside)
    return who.stay(2, canthus_c=34.5).stay(3, canthus_c=33.6)


def test_whoever_may_have_changed_places_has_no_number_no_reading_and_no_sign():
    who = doubted(face(60, 88))
    assert who.last.faces[0].traveller is None
    assert who.last.faces[0].result == Rejection(RejectReason.FACES_TOO_NEAR)
    assert who.last.faces[0].screening is None


def test_who_leaves_in_doubt_is_not_measured():
    who = doubted(face(60, 88)).leave()
    first = next(e.passage for e in who.ended if e.passage.traveller == 1)
    assert first.screening.outcome is Outcome.NOT_MEASURED
    assert RejectReason.FACES_TOO_NEAR in first.screening.reasons


def test_somebody_at_a_distance_throws_no_doubt():
    who = doubted(face(60, 130, 30))
    assert who.last.faces[0].screening.outcome is Outcome.BELOW


def test_who_was_never_told_apart_is_a_passage_that_was_not_measured(monkeypatch):
    doubt = Verdict(None, 0.0)
    monkeypatch.setattr(
        "station.core.following.verdicts", lambda lost, fresh, shape: [doubt] * len(fresh)
    )
    who = Passerby().stay(8, canthus_c=36.9)
    assert who.last.faces[0].traveller is None
    who.leave().leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert RejectReason.FACES_TOO_NEAR in who.reasons
    assert who.flags == []
    passage = who.ended[0].passage
    assert passage.first_sequence < passage.last_sequence == 7
    assert passage.facing_frames == 8


def test_a_head_half_turned_away_is_not_measured_by_the_frames_in_which_it_seems_to_face():
    who = Passerby()
    who.locator.faces = (replace(FACE, frontality=0.85),)
    who.stay(14, canthus_c=34.5)
    assert who.last.faces[0].screening.outcome is Outcome.BELOW
    who.locator.faces = (replace(FACE, frontality=0.4),)
    who.stay(8, canthus_c=34.5).leave()
    assert who.outcome is Outcome.NOT_MEASURED
    assert RejectReason.TURNED_AWAY in who.reasons


class Asked(FixedLocator):
    def __init__(self, *faces):
        super().__init__(*faces)
        self.everywhere = []

    def locate(self, temperature_c, rows=None):
        self.everywhere.append(rows is None)
        return super().locate(temperature_c, rows)


@pytest.mark.parametrize(("rate_hz", "least", "most"), [(9, 10, 10), (30, 3, 4)])
def test_large_pictures_are_looked_at_everywhere_every_third_time_and_thrice_a_second(
    rate_hz, least, most
):
    locator = Asked(face(240, 320, 60))
    screened = lane(locator)
    picture = np.full((480, 640), 22, np.float32)
    for number in range(60):
        elapsed_s = number / rate_hz
        at = NOON + timedelta(seconds=elapsed_s)
        screened.step(ThermalFrame(picture, number, at, elapsed_s, "camera-1"))
    assert least <= sum(locator.everywhere[30:]) <= most


def test_a_camera_that_changes_its_picture_s_size_ends_who_was_measured_and_begins_anew():
    locator = FixedLocator(FACE)
    screened = lane(locator)
    for i in range(20):
        step = screened.step(frame(i, faces=[FACE], canthus_c=34.5))
    assert step.faces[0].screening.outcome is Outcome.BELOW
    for size in (slice(None, None, 2), slice(None)):
        for i in range(20, 30):
            drawn = frame(i, faces=[FACE], canthus_c=36.9)
            small = drawn.temperature_c[size, size].copy()
            step = screened.step(replace(drawn, temperature_c=small))
            if i == 20:
                (ended,) = step.ended
                assert ended.passage.last_sequence < 30
            assert all(isinstance(one.result, Rejection) for one in step.faces)
